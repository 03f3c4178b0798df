/**
 * A design as the engine sees it: numbers only. Nodes and edges are in the order of their ids, so that the order
 * of a file changes nothing. Out and in edges of a node are slices of one list (compressed rows).
 */
export interface EnginePlan {
  nodeCount: number;
  /** Kind of each node, as an integer that only the behaviors understand. */
  kindOf: Uint8Array;
  edgeCount: number;
  edgeFrom: Int32Array;
  edgeTo: Int32Array;
  /** Port that each edge leaves by, as its place in the ports of the sender's kind; only the behaviors understand it. */
  edgePort: Uint8Array;
  /** Edges of node n that leave it: `outEdges[outStart[n]] … outEdges[outStart[n + 1] - 1]`. */
  outStart: Int32Array;
  outEdges: Int32Array;
  inStart: Int32Array;
  inEdges: Int32Array;
  /** Seeds each random stream together with the id, so other nodes never matter. */
  seed: string | number;
  nodeIds: readonly string[];
  limits: EngineLimits;
}

/** Bounds of a run, each checked before anything is allocated. */
export interface EngineLimits {
  /** Bytes of all columns together. */
  bytes: number;
  /** Messages alive at once. */
  messages: number;
  /** Events at one instant of simulated time: more means that time stands still. */
  eventsAtOneInstant: number;
}

export const defaultLimits: EngineLimits = {
  bytes: 1_500_000_000,
  messages: 8_000_000,
  eventsAtOneInstant: 1_000_000,
};

/** What a node draws random numbers for: one stream each, so that one use never disturbs another. */
export const PURPOSE = {
  arrival: 0,
  key: 1,
  size: 2,
  service: 3,
  failure: 4,
  backoff: 5,
  route: 6,
  fault: 7,
} as const;
/** A power of two, so that the stream of a node and a purpose is put together from bits. */
export const PURPOSE_SHIFT = 3;
export const PURPOSE_COUNT = 1 << PURPOSE_SHIFT;
const purposeNames = Object.keys(PURPOSE);

/** Name of a purpose, as it enters the seed of its stream. */
export function purposeName(purpose: number): string {
  return purposeNames[purpose];
}
