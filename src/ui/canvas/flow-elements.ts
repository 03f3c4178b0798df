import type { Edge, Node } from '@xyflow/react';
import { Position } from '@xyflow/react';
import type { Design, DesignEdge, DesignNode, MessageType } from '../../design/types.ts';
import type { PortDefinition } from '../../kinds/kind.ts';
import { edgeCaption, endsOf } from '../../kinds/edge-fields.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import type { Selection } from '../../store/studio.ts';
import { messageLook } from '../look/particle-shapes.ts';
import { laneRoom, sizeWithLanes } from '../../kinds/card-size.ts';
import type { EdgeGeometry, PlacedCard } from './edge-geometry.ts';
import type { Scene } from './overlay/scene.ts';
import type { CanvasState } from './canvas-state.ts';

/** A card in React Flow: structure only. Nothing of a run may ever get into `data`. */
export type CardNode = Node<{ node: DesignNode; lanes: number }, 'card'>;
export type ChannelEdge = Edge<{ edge: DesignEdge; caption: string }, 'channel'>;

export interface Place {
  x: number;
  y: number;
}

/** Handles that every card has: a file may hold edges that the kind does not allow, and they are drawn all the same. */
export const ANY_SOURCE = 'any-source';
export const ANY_TARGET = 'any-target';

/** Where a port sits on a card: the middle of its side; failures leave right of the middle of the bottom. */
export function portPlace(port: PortDefinition, width: number, height: number): Place {
  if (port.side === 'left') return { x: 0, y: height / 2 };
  if (port.side === 'right') return { x: width, y: height / 2 };
  return { x: width * 0.69, y: height };
}

/** Distance between two cards that the layout does not know. */
const UNPLACED_PITCH = 104;

/** The place of every node; those that the layout does not know stand in a row of their own below the others. */
export function nodePlaces(design: Design): Map<string, Place> {
  const known = new Map(design.layout.nodes.map((place) => [place.id, place]));
  const lowest = Math.max(0, ...design.layout.nodes.map((place) => place.y + 2 * UNPLACED_PITCH));
  let unplaced = 0;
  return new Map<string, Place>(
    design.nodes.map((node) => [
      node.id,
      known.get(node.id) ?? { x: unplaced++ * 2 * UNPLACED_PITCH, y: lowest },
    ]),
  );
}

const POSITIONS = { left: Position.Left, right: Position.Right, bottom: Position.Bottom } as const;

/**
 * Makes React Flow's nodes from the design, the selection and the places during a drag. A card that did not change
 * keeps its object, so that React Flow leaves it alone.
 */
export class FlowNodes {
  private known = new Map<string, CardNode>();

  from(design: Design, selection: Selection, dragged: ReadonlyMap<string, Place> | null): CardNode[] {
    const places = nodePlaces(design);
    const next = new Map<string, CardNode>();
    const nodes = design.nodes.map((node) => {
      const lanes = laneRoom(node, design.scenario.faults);
      const place = dragged?.get(node.id) ?? places.get(node.id) ?? { x: 0, y: 0 };
      const selected = selection.nodes.has(node.id);
      const before = this.known.get(node.id);
      const same =
        before?.data.node === node &&
        before.data.lanes === lanes &&
        before.selected === selected &&
        before.position.x === place.x &&
        before.position.y === place.y;
      const made = same ? before : makeNode({ node, lanes }, place, selected);
      next.set(node.id, made);
      return made;
    });
    this.known = next;
    return nodes;
  }
}

function makeNode(data: CardNode['data'], place: Place, selected: boolean): CardNode {
  const { node, lanes } = data;
  const { width, height } = sizeWithLanes(node, lanes);
  const definition = kindDefinition(node.kind);
  // Stated here, handles and sizes need not be measured from the page, and edges are there in the first frame.
  const ports = definition?.ports ?? [];
  const handles = ports.map((port) => ({
    ...portPlace(port, width, height),
    id: port.id,
    type: port.direction === 'out' ? ('source' as const) : ('target' as const),
    position: POSITIONS[port.side],
    width: 1,
    height: 1,
  }));
  const end = { y: height / 2, width: 1, height: 1 };
  handles.push({ id: ANY_SOURCE, type: 'source', position: Position.Right, x: width, ...end });
  handles.push({ id: ANY_TARGET, type: 'target', position: Position.Left, x: 0, ...end });
  return {
    id: node.id,
    type: 'card',
    position: { x: place.x, y: place.y },
    data,
    selected,
    width,
    height,
    measured: { width, height },
    handles,
    ariaLabel: `${node.name}, ${definition?.name ?? `unknown kind ${node.kind}`}`,
    domAttributes: { 'aria-roledescription': 'card' },
  };
}

/**
 * React Flow's edges; their ways come from the canvas store. Only the edges of a selected card are stops of the Tab
 * key: all of them would stand between the user and the cards.
 */
export function flowEdges(design: Design, selection: Selection): ChannelEdge[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  return design.edges.map((edge) => ({
    id: edge.id,
    type: 'channel',
    source: edge.from,
    target: edge.to,
    sourceHandle: ANY_SOURCE,
    targetHandle: ANY_TARGET,
    selected: selection.edges.has(edge.id),
    focusable: selection.edges.has(edge.id) || selection.nodes.has(edge.from) || selection.nodes.has(edge.to),
    ariaLabel: `${nodes.get(edge.from)?.name ?? edge.from} to ${nodes.get(edge.to)?.name ?? edge.to}`,
    data: { edge, caption: edgeCaption(edge, endsOf(edge, nodes)) },
  }));
}

/** A binding key may be far longer than an edge, and a label must not lie on the cards at its ends. */
const CAPTION_LENGTH = 40;
const LETTER_WIDTH = 6.4;
const LEAST_LETTERS = 5;

/** As much of a caption as an edge has room for; nothing where that would be a letter or two. */
export function fittingCaption(caption: string, room: number): string {
  const letters = Math.min(CAPTION_LENGTH, Math.floor(room / LETTER_WIDTH));
  if (caption.length <= letters) return caption;
  if (letters < LEAST_LETTERS) return '';
  // Of a list its first words, none of them cut.
  const comma = caption.includes('{') ? -1 : caption.lastIndexOf(', ', letters - 1);
  return `${caption.slice(0, comma > 0 ? comma : letters - 1)}…`;
}

/** The cards as the edge geometry needs them. */
export function placedCards(nodes: readonly CardNode[]): PlacedCard[] {
  return nodes.map(({ id, position, width = 0, height = 0, data }) => ({
    id,
    kind: data.node.kind,
    x: position.x,
    y: position.y,
    width,
    height,
  }));
}

/** Makes the scene for the overlay from the same cards and ways; a way that did not change keeps its drawn path. */
export class Scenes {
  private paths = new WeakMap<EdgeGeometry, Path2D>();

  from(
    nodes: readonly CardNode[],
    edges: readonly ChannelEdge[],
    messageTypes: readonly MessageType[],
    ways: CanvasState['edges'],
  ): Scene {
    const selected = nodes.filter((node) => node.selected);
    const reader = selected.find((node) => kindDefinition(node.data.node.kind)?.family === 'processing');
    return {
      cards: nodes.map(({ data, position, width = 0, height = 0 }) => ({
        node: data.node,
        definition: kindDefinition(data.node.kind),
        lanes: data.lanes,
        x: position.x,
        y: position.y,
        width,
        height,
      })),
      edges: edges.flatMap(({ data }) => {
        const geometry = data && ways.get(data.edge.id);
        if (!geometry) return [];
        const { edge } = data;
        const caption = fittingCaption(data.caption, geometry.room);
        return [{ edge, geometry, path: this.path(geometry), caption }];
      }),
      reader: reader?.id ?? null,
      names: new Map(nodes.map((node) => [node.id, node.data.node.name])),
      looks: messageTypes.map(({ role }, place) => messageLook(place, role)),
    };
  }

  private path(geometry: EdgeGeometry): Path2D {
    let path = this.paths.get(geometry);
    if (!path) this.paths.set(geometry, (path = new Path2D(geometry.d)));
    return path;
  }
}
