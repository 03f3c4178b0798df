import type { DesignEdge, DesignNode } from '../../../design/types.ts';
import type { KindDefinition } from '../../../kinds/kind.ts';
import type { EdgeGeometry } from '../edge-geometry.ts';
import type { Rect } from '../edge-routes.ts';

/** A card as it is drawn now, dragged or not. */
export interface SceneCard extends Rect {
  node: DesignNode;
  definition: KindDefinition | undefined;
  lanes: number;
}

export interface SceneEdge {
  edge: DesignEdge;
  geometry: EdgeGeometry;
  path: Path2D;
  /** Its label, or what it says of itself; empty for nothing. */
  caption: string;
}

/** What the overlay draws over: made anew by React when a card moves or an edit comes, never for a frame. */
export interface Scene {
  cards: readonly SceneCard[];
  edges: readonly SceneEdge[];
  /** The selected consumer group, for whose eyes topics show their lag; null for the worst reader. */
  reader: string | null;
  /** Names of nodes by id. */
  names: ReadonlyMap<string, string>;
  /** Look of each message type's particle, in the order of the design's list. */
  looks: readonly number[];
}

export const EMPTY_SCENE: Scene = { cards: [], edges: [], reader: null, names: new Map(), looks: [] };
