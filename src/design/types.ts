/** Anything JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The version of the document format written by this build. */
export const DESIGN_VERSION = 1;

/**
 * The document a user edits. Plain data, never mutated: every change is an edit (see edits.ts) that returns a
 * new document. Meaning and layout are kept apart so that moving a card never shows up as a change of meaning.
 * `extra` on any object holds fields this version does not know; they are written back untouched.
 */
export interface Design {
  version: typeof DESIGN_VERSION;
  name: string;
  messageTypes: readonly MessageType[];
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
  groups: readonly DesignGroup[];
  scenario: Scenario;
  goals: readonly Goal[];
  layout: Layout;
  extra?: Readonly<Record<string, Json>>;
}

/** An event tells what happened, a command asks for something to be done, a query asks to be told. */
export type MessageRole = (typeof MESSAGE_ROLES)[number];
export const MESSAGE_ROLES = ['event', 'command', 'query'] as const;

/** What a message says: OrderPlaced, ReserveStock. Its place in the list decides its particle's shape and colour. */
export interface MessageType {
  id: string;
  name: string;
  /** What kind of message it is, which its particle shows; an event where nothing is said. */
  role?: MessageRole;
  extra?: Readonly<Record<string, Json>>;
}

/** One card. `fields` holds only what differs from the kind's defaults; read through kinds/field-values.ts. */
export interface DesignNode {
  id: string;
  /** A kind in kinds/registry.ts, or one this version does not know (kept, drawn as unknown, not simulated). */
  kind: string;
  name: string;
  /** Id of the group it lies in. */
  group?: string;
  fields: Readonly<Record<string, Json>>;
  extra?: Readonly<Record<string, Json>>;
}

export interface DesignEdge {
  id: string;
  from: string;
  fromPort: string;
  to: string;
  toPort: string;
  label?: string;
  /** What differs from the defaults of the fields that the port it leaves by gives its edges: a binding key. */
  fields?: Readonly<Record<string, Json>>;
  extra?: Readonly<Record<string, Json>>;
}

export interface DesignGroup {
  id: string;
  name: string;
  parent?: string;
  extra?: Readonly<Record<string, Json>>;
}

/** Workload and circumstances of a run. All times in simulated milliseconds. */
export interface Scenario {
  horizonMs: number;
  warmUpMs: number;
  /** Any text or number; text is hashed. The same seed gives the same run, bit for bit. */
  seed: number | string;
  faults: readonly ScheduledFault[];
  chaos?: Chaos;
  extra?: Readonly<Record<string, Json>>;
}

/** Faults that come at random, drawn from the seed before the run begins. */
export interface Chaos {
  /** How many a minute of simulated time, on average. */
  perMinute: number;
  healAfterMs: number;
  /** Ids of the faults that may come, such as `crash`; absent for all that break something. */
  faults?: readonly string[];
  extra?: Readonly<Record<string, Json>>;
}

export interface ScheduledFault {
  id: string;
  atMs: number;
  /** Healed after this long; absent means never. */
  forMs?: number;
  /** What it strikes: a node, or an edge; one of the two. */
  node?: string;
  edge?: string;
  /** One of the `faults` of the node's kind, such as `crash`, or one of those of edges. */
  fault: string;
  /** Values of the fault's own fields, such as `{ member: 2 }`. */
  args: Readonly<Record<string, Json>>;
  extra?: Readonly<Record<string, Json>>;
}

/** A sentence that a run keeps or breaks, such as "p99 latency of the whole design under 2 s". */
export interface Goal {
  id: string;
  /** A node id; absent for the whole design. */
  node?: string;
  figure: 'latencyMsP50' | 'latencyMsP95' | 'latencyMsP99' | 'lag' | 'deadLettered' | 'throughputPerSecond';
  atMost?: number;
  atLeast?: number;
  extra?: Readonly<Record<string, Json>>;
}

/** Where things are drawn. Lists, not objects keyed by id: an id may be any text. */
export interface Layout {
  nodes: readonly NodePlace[];
  extra?: Readonly<Record<string, Json>>;
}

/** Top left corner in canvas units (8 to a grid step). */
export interface NodePlace {
  id: string;
  x: number;
  y: number;
  extra?: Readonly<Record<string, Json>>;
}

/** A fault in the input or the design, said to the user: where, what was found, what would be right. */
export interface Problem {
  severity: 'error' | 'warning' | 'info';
  /** A stable kebab-case code, for tests and help pages. */
  code: string;
  /** One plain sentence with the value found and the value expected. */
  message: string;
  /** Place inside the document (`nodes[3].fields.rate`) or the text (`line 4, column 7`). */
  path?: string;
  node?: string;
  edge?: string;
  field?: string;
}
