import type { EdgeChange, FinalConnectionState, NodeChange, OnConnectStart } from '@xyflow/react';
import { useMemo, useRef, type Dispatch, type MouseEvent, type SetStateAction } from 'react';
import type { Studio } from '../../store/studio.ts';
import { useCanvasStore } from './canvas-state.ts';
import { connectRole, connectTo } from './connecting.ts';
import { nodePlaces, type CardNode, type ChannelEdge, type Place } from './flow-elements.ts';

type Dragged = ReadonlyMap<string, Place> | null;

/** What React Flow tells, turned into selection, moves and connections of the studio. */
export function useFlowEvents(studio: Studio, setDragged: Dispatch<SetStateAction<Dragged>>) {
  const store = useCanvasStore();
  const moving = useRef(new Map<string, Place>());
  return useMemo(
    () => ({
      onNodesChange(changes: NodeChange<CardNode>[]) {
        selectNodes(studio, changes);
        const ended = followDrag(moving.current, changes);
        if (ended === null) return;
        if (!ended) {
          setDragged(new Map(moving.current));
          return;
        }
        commitDrag(studio, moving.current);
        moving.current.clear();
        setDragged(null);
      },
      onEdgesChange(changes: EdgeChange<ChannelEdge>[]) {
        selectEdges(studio, changes);
      },
      onNodeContextMenu(event: MouseEvent, node: CardNode) {
        event.preventDefault();
        const { selection } = studio.designs.getState();
        if (!selection.nodes.has(node.id)) studio.edit.select([node.id]);
        store.setState({ menu: { node: node.id, ...menuPlace(event) } });
      },
      onEdgeContextMenu(event: MouseEvent, edge: ChannelEdge) {
        event.preventDefault();
        const { selection } = studio.designs.getState();
        if (!selection.edges.has(edge.id)) studio.edit.select([], [edge.id]);
        store.setState({ menu: { edge: edge.id, ...menuPlace(event) } });
      },
      onConnectStart: ((_event, { nodeId, handleId }) => {
        if (!nodeId) return;
        studio.edit.dismissNotice();
        studio.view.setState({
          connectingFrom: { node: nodeId, port: handleId ?? undefined },
          placing: null,
        });
      }) satisfies OnConnectStart,
      onConnectEnd(event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) {
        const { connectingFrom } = studio.view.getState();
        const target = cardUnder(event) ?? state.toNode?.id ?? null;
        // Let go over its own card: the press was a tap, and the next tap chooses the target.
        if (!connectingFrom || target === connectingFrom.node) return;
        if (target) connectTo(studio, target);
        studio.view.setState({ connectingFrom: null });
      },
      isValidConnection({ target }: { target: string }) {
        const { design } = studio.designs.getState();
        const node = design.nodes.find((one) => one.id === target);
        return node ? connectRole(design, studio.view.getState().connectingFrom, node) === 'allowed' : false;
      },
    }),
    [studio, store, setDragged],
  );
}

/** Takes places of a drag; true when it has ended, false while it goes on, null if nothing was dragged. */
function followDrag(moving: Map<string, Place>, changes: readonly NodeChange<CardNode>[]): boolean | null {
  let ended: boolean | null = null;
  for (const change of changes) {
    if (change.type !== 'position') continue;
    if (change.position) moving.set(change.id, { x: change.position.x, y: change.position.y });
    ended = change.dragging === false;
  }
  return ended;
}

function commitDrag(studio: Studio, moving: ReadonlyMap<string, Place>): void {
  const { design } = studio.designs.getState();
  const places = [...nodePlaces(design)].flatMap(([id, place]) => {
    const to = moving.get(id);
    return to && (to.x !== place.x || to.y !== place.y) ? [{ ...place, id, x: to.x, y: to.y }] : [];
  });
  if (places.length > 0) studio.edit.dispatch({ type: 'move', places });
}

function selectNodes(studio: Studio, changes: readonly NodeChange<CardNode>[]): void {
  const { selection } = studio.designs.getState();
  const next = applySelection(selection.nodes, changes);
  if (next) studio.edit.select(next, selection.edges);
}

function selectEdges(studio: Studio, changes: readonly EdgeChange<ChannelEdge>[]): void {
  const { selection } = studio.designs.getState();
  const next = applySelection(selection.edges, changes);
  if (next) studio.edit.select(selection.nodes, next);
}

function applySelection(
  before: ReadonlySet<string>,
  changes: readonly (NodeChange<CardNode> | EdgeChange<ChannelEdge>)[],
): Set<string> | null {
  let next: Set<string> | null = null;
  for (const change of changes) {
    if (change.type !== 'select' || before.has(change.id) === change.selected) continue;
    next ??= new Set(before);
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}

/** The menu key gives no pointer position: then the menu opens on the card. */
function menuPlace(event: MouseEvent): Place {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  const box = event.currentTarget.getBoundingClientRect();
  return { x: box.left + 24, y: box.top + 40 };
}

function cardUnder(event: globalThis.MouseEvent | TouchEvent): string | null {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  if (!point) return null;
  const element = document.elementFromPoint(point.clientX, point.clientY);
  return element?.closest<HTMLElement>('.react-flow__node')?.dataset.id ?? null;
}
