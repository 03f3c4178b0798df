import { ViewportPortal } from '@xyflow/react';
import { KINDS, kindDefinition } from '../../kinds/registry.ts';
import { possibleConnections } from '../../kinds/connections.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { KindTile } from '../look/glyph.tsx';
import { cardSize } from '../../kinds/card-size.ts';

const GAP = 80;

/** After the first card, the one that usually follows it: a ghost that a click makes real and connects. */
export function NextGhost() {
  const studio = useStudio();
  const only = useDesign((state) => (state.design.nodes.length === 1 ? state.design.nodes[0] : null));
  const place = useDesign((state) => state.design.layout.nodes.find((one) => one.id === only?.id));
  const from = only && kindDefinition(only.kind);
  if (!only || !from || !place) return null;
  const next = KINDS.find(
    (one) => one.kind !== from.kind && possibleConnections(from.kind, one.kind).length > 0,
  );
  if (!next) return null;
  const at = { x: place.x + cardSize(only).width + GAP, y: place.y };
  const add = () => {
    const id = studio.edit.addNode(next.kind, at);
    studio.edit.connect(only.id, id);
  };
  return (
    <ViewportPortal>
      <button
        type="button"
        className="ghost next-ghost nopan"
        style={{ translate: `${at.x}px ${at.y}px`, width: next.card.width }}
        onClick={add}
      >
        <KindTile family={next.family} glyph={next.glyph} outlined />
        Add a {next.name.toLowerCase()}
      </button>
    </ViewportPortal>
  );
}
