import type { Json } from '../design/types.ts';
import type { Simulation } from '../engine/simulation.ts';

/**
 * What the state of each kind offers to who builds, steers and watches a run, beside the engine's `Behaviors`.
 * `kinds/run-kinds.ts` calls the right kind for a node.
 */
export interface NodeBehavior {
  /** A live field gets a new value, already validated, from now on. */
  setField(sim: Simulation, node: number, field: string, value: Json): void;
  /** A fault starts or ends; `args` are validated. Two faults of one kind of fault on one node: the last one counts. */
  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void;
  heal(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void;
  /** Fills in what of the page's view of a node now differs from an empty gauge. Reads only. */
  gauge(sim: Simulation, node: number, into: NodeGauge): void;
  /** Messages that are in the node now, counted by walking its state (not the counters): for the conservation law. */
  held(sim: Simulation, node: number): number;
}

/** What a node shows of itself at one time. Reused from node to node, and emptied in between. */
export interface NodeGauge {
  /** 0 to 1, how close to its limit; NaN for none. */
  level: number;
  /** What its headline counts, and the limit of it (0 for none): see `NODE.amount` in simulation/frame/frame-layout.ts. */
  amount: number;
  limit: number;
  busy: number;
  servers: number;
  /** Stopped as a whole: a stopped database, a group with no member alive. */
  down: boolean;
  /** Most of what it tries fails right now. */
  failing: boolean;
  /** Index of the state of its machine, -1 for none, and since when in simulated microseconds. */
  machineState: number;
  machineSince: number;
}

/** A gauge that says nothing, made anew or out of a used one. */
export function emptyGauge(gauge = {} as NodeGauge): NodeGauge {
  gauge.level = NaN;
  gauge.amount = 0;
  gauge.limit = 0;
  gauge.busy = 0;
  gauge.servers = 0;
  gauge.down = false;
  gauge.failing = false;
  gauge.machineState = -1;
  gauge.machineSince = 0;
  return gauge;
}

/** What the page shows of the partitions of a topic. */
export interface LogView {
  partitions(node: number): number;
  /** Messages that at least one group has not committed. */
  stored(node: number, partition: number): number;
  /** Offset that the next message gets. */
  logEnd(node: number, partition: number): number;
}

/** What the page shows of a consumer group. */
export interface GroupView {
  members(node: number): number;
  memberState(node: number, member: number): number;
  memberSince(node: number, member: number): number;
  memberBusy(node: number, member: number): number;
  /** Messages that the member has finished since the start. */
  memberDone(node: number, member: number): number;
  memberPartitions(node: number, member: number): number;
  /** State of the machine of the member's transactions, -1 where the group commits without. */
  memberTransaction(node: number, member: number): number;
  /** Members that have a partition; members that may take work, of whatever channel. */
  readers(node: number): number;
  takers(node: number): number;
  /** Member that reads a partition of the topic at the start of `edge`, -1 for none. */
  owner(node: number, edge: number, partition: number): number;
  committed(node: number, edge: number, partition: number): number;
  /** Why partitions of a group stand still that will be read again, as a place in `HINDRANCES`. */
  hindrance(node: number): number;
}

/**
 * What a node falls behind for, other than for lack of time: members of a group are kept from its partitions for a
 * while by a rebalance, or by one that holds some and is silent; a router keeps what its targets refuse.
 */
export const HINDRANCES = ['none', 'rebalance', 'silent-member', 'refusing-target'] as const;
export type Hindrance = (typeof HINDRANCES)[number];
