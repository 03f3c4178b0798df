import { useLayoutEffect, useMemo, useState } from 'react';
import { useDesign } from '../app/studio-context.tsx';
import { useCanvasStore } from './canvas-state.ts';
import { edgeGeometries } from './edge-geometry.ts';
import { flowEdges, FlowNodes, placedCards, Scenes, type Place } from './flow-elements.ts';

/**
 * React Flow's nodes and edges and the overlay's scene, derived from design, selection and the drag under way. Places
 * during a drag live here only; the design hears of them when the drag ends.
 */
export function useFlowElements() {
  const store = useCanvasStore();
  const design = useDesign((state) => state.design);
  const selection = useDesign((state) => state.selection);
  const [dragged, setDragged] = useState<ReadonlyMap<string, Place> | null>(null);
  const [flowNodes] = useState(() => new FlowNodes());
  const [scenes] = useState(() => new Scenes());

  const nodes = useMemo(
    () => flowNodes.from(design, selection, dragged),
    [flowNodes, design, selection, dragged],
  );
  const edges = useMemo(() => flowEdges(design, selection), [design, selection]);
  const ways = useMemo(
    () => edgeGeometries(placedCards(nodes), design.edges, store.getState().edges),
    [nodes, design.edges, store],
  );
  const scene = useMemo(
    () => scenes.from(nodes, edges, design.messageTypes, ways),
    [scenes, nodes, edges, design.messageTypes, ways],
  );
  useLayoutEffect(() => store.setState({ edges: ways }), [store, ways]);

  return { nodes, edges, scene, setDragged };
}
