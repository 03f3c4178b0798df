import type { Family, KindDefinition } from '../../kinds/kind.ts';
import { TILE_SHAPES } from './tile-shapes.ts';

interface TileProps {
  family: Family;
  glyph: KindDefinition['glyph'];
  size?: number;
  /** Outline instead of a filled shape, for a node that is down. */
  outlined?: boolean;
}

/** The tile of a kind: its family's silhouette in the family colour with the kind's glyph on it. */
export function KindTile({ family, glyph, size = 28, outlined = false }: TileProps) {
  const shape = TILE_SHAPES[family];
  return (
    <svg
      className={outlined ? 'tile outlined' : 'tile'}
      viewBox="0 0 28 28"
      width={size}
      height={size}
      overflow="visible"
      style={{ color: `var(--fam-${family})` }}
      aria-hidden
    >
      <path
        className="tile-shape"
        d={shape.path}
        fill="currentColor"
        stroke={shape.stroke ? 'currentColor' : 'none'}
        strokeWidth={shape.stroke}
        strokeLinejoin="round"
      />
      <Strokes glyph={glyph} place="translate(5.5 5.5) scale(0.7083)" width={2.1} color="var(--on)" />
    </svg>
  );
}

interface StrokesProps {
  glyph: KindDefinition['glyph'];
  place?: string;
  width: number;
  color: string;
}

function Strokes({ glyph, place, width, color }: StrokesProps) {
  return (
    <g
      className="tile-glyph"
      transform={place}
      fill="none"
      style={{ stroke: color }}
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={glyph.strokes.join('')} />
      {glyph.dots.map((dot) => (
        <circle key={`${dot.cx} ${dot.cy}`} {...dot} style={{ fill: color, stroke: 'none' }} />
      ))}
    </g>
  );
}
