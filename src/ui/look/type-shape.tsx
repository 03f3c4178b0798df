import type { MessageType } from '../../design/types.ts';
import { CENTRE_RADIUS, lookParts, MESSAGE_SHAPES, messageLook, SHAPE_PATHS } from './particle-shapes.ts';

/** The particle of a message type, by its place in the design's list. */
export function TypeShape({ type, index }: { type: MessageType; index: number }) {
  const { shape, outlined, lightCentre } = lookParts(messageLook(index, type.role));
  const color = `var(--msg-${shape + 1})`;
  const style = outlined ? { fill: 'none', stroke: color, strokeWidth: 2 } : { fill: color };
  return (
    <svg viewBox="-7 -7 14 14" width="14" height="14" aria-hidden>
      <path d={SHAPE_PATHS[MESSAGE_SHAPES[shape]]} style={style} strokeLinejoin="round" />
      {lightCentre && <circle r={CENTRE_RADIUS} style={{ fill: outlined ? color : 'var(--canvas)' }} />}
    </svg>
  );
}
