/**
 * Shape of a frame: one Float64Array that the worker fills and the page reads. Both sides build the same layout from a
 * `PlanShape`, so it needs no keys. Order: header, nodes, edges, partitions, members, guards, stages, chart samples.
 */

/** What a layout depends on. Ids are in plan order, which is sorted by id and independent of the file. */
export interface PlanShape {
  nodes: readonly { id: string; kind: string }[];
  edges: readonly { id: string; from: number; to: number }[];
  /** One entry a topic. */
  topics: readonly { node: number; partitions: number }[];
  /** One entry a consumer group. */
  groups: readonly { node: number; members: number }[];
  /** One entry an edge whose calls are guarded. */
  guards: readonly { edge: number }[];
  /** One entry a retry topic of a group, in order of their delays; absent for none. */
  stages?: readonly { node: number; suffix: string; delayMs: number }[];
}

/** Header columns. Hash halves are unsigned 32-bit. */
export const HEADER = {
  simulatedMs: 0,
  events: 1,
  hashHigh: 2,
  hashLow: 3,
  produced: 4,
  acknowledged: 5,
  deadLettered: 6,
  dropped: 7,
  expired: 8,
  inFlight: 9,
  /** Simulated time over wall time, of late; below the asked speed means the machine cannot keep up. */
  speedReached: 10,
  /** Number of chart samples at the end of this frame. */
  sampleCount: 11,
  /** Whole design, from birth to acknowledgement, over the recent window. NaN while there is no sample. */
  latencyMsP50: 12,
  latencyMsP95: 13,
  latencyMsP99: 14,
  throughputPerSecond: 15,
  arrivalRatePerSecond: 16,
  lag: 17,
  /** Copies made by fan-out and redelivery: produced + copied = acknowledged + deadLettered + dropped + expired + inFlight. */
  copied: 18,
} as const;
export const HEADER_SIZE = 20;

/** Columns of one node. Rates are over the last simulated second or so, smoothed by the worker. */
export const NODE = {
  /** Gauge, 0 to 1: how close the node is to its limit. NaN for none. */
  level: 0,
  /** One of `BADGE`. */
  badge: 1,
  /** Factor of a slow-down or burst, member number of a crash; meaning depends on the badge. */
  badgeValue: 2,
  inPerSecond: 3,
  outPerSecond: 4,
  /** What the kind's headline counts: queue length, messages behind (group), busy connections, dead letters, stored. */
  amount: 5,
  /** Limit of `amount`: capacity, connections, alert level. 0 for none. */
  limit: 6,
  /** Workers or connections in use / there. */
  busy: 7,
  servers: 8,
  totalIn: 9,
  totalOut: 10,
  retryPerSecond: 11,
  deadPerSecond: 12,
  failedTotal: 13,
  /** Index of the node that blocks this one, -1 for none; and since when, in simulated ms. */
  blockedBy: 14,
  blockedSinceMs: 15,
  /** State of the node's own machine (group coordinator), -1 for none; and since when. */
  machineState: 16,
  machineSinceMs: 17,
  /** Simulated ms of the last message in or out; NaN for never. */
  lastActiveMs: 18,
  /** Simulated ms that it spent held back by a full target. */
  heldBackMs: 19,
  waitMsMean: 20,
  waitMsP95: 21,
  latencyMsP50: 22,
  latencyMsP95: 23,
  latencyMsP99: 24,
  utilization: 25,
  deadLettered: 26,
  dropped: 27,
  expired: 28,
  duplicates: 29,
  /** Lag grows (+) or shrinks (-) by this many messages a second. */
  amountTrend: 30,
  /** Load against capacity, as `simulation/verdict/verdict.ts` judges it: place in `LOAD_STATES`, 1 if saturated, and the rest. */
  loadState: 31,
  isSaturated: 32,
  fullOrDrainedInMs: 33,
  offeredPerSecond: 34,
  capacityPerSecond: 35,
  loadSinceMs: 36,
  /** Of a group that states a delivery guarantee (its place in `GUARANTEES`, 0 for none): what happened to messages. */
  guarantee: 37,
  doneAgain: 38,
  lost: 39,
  reordered: 40,
  skipped: 41,
  /** Bits: 1 if it promises that nothing is done again, 2 nothing lost, 4 nothing reordered. */
  forbidden: 42,
  /** Tries over first tries since the warm-up; NaN for none. */
  retryAmplification: 43,
  /**
   * Of a queue, how many died there for each reason, in the order of `DEATH` in kinds/shared/deaths.ts; of an external
   * service, how many calls ended in each way of `ANSWER` in kinds/service/behavior.ts; of a managed broker, what `SHOWN`
   * in kinds/cloud-broker/cloud-counts.ts names; of an event router, events that no filter took, attempts without an
   * answer, and what was given up with and without a dead-letter queue; of a Kinesis stream, records and calls refused.
   */
  diedRejected: 44,
  diedExpired: 45,
  diedMaxlen: 46,
  diedDeliveryLimit: 47,
  /** Age of the oldest record that a group has not committed; 0 for none. */
  lagMs: 48,
  /** Of a queue or managed broker: messages that consumers have; of a group: those that wait with its members. */
  unacknowledged: 49,
  /** Of a queue with a single active consumer, and of a subscription of Pulsar with one (shown at its group, and at a broker with no other): its group and the member's number from 1; -1 and 0 for none. */
  activeGroup: 50,
  activeMember: 51,
  /** Of a publisher with confirms: messages without one yet, how others ended; of SQS FIFO, calls that were refused; of a stream of JetStream, what no consumer takes (outstanding) and what it did not keep (returned); of a FIFO topic, publishes refused and repetitions (returned); of a queue, what it took back after the consumer timeout (returned), and consumers that get nothing because of it (outstanding). */
  outstanding: 52,
  confirmed: 53,
  refused: 54,
  returned: 55,
  /** State of the machine of its connection, -1 for none; and since when. */
  connection: 56,
  connectionSinceMs: 57,
  /** Of a Kafka cluster: brokers that are down, a bit each: the first broker's is 1. */
  brokersDown: 58,
  /** Of a group that reads committed records: those behind open transactions, which it may not read yet. */
  heldByTransactions: 59,
  /** Of a Kafka client that writes to a cluster: simulated ms that a quota kept it from being served. */
  throttledMs: 60,
  /** Of a producer that writes in transactions: state of their machine, -1 for none; since when; of groups, too: how they ended; of a topic, its aborted records. */
  transaction: 61,
  transactionSinceMs: 62,
  committed: 63,
  aborted: 64,
  leftOpen: 65,
  /** Of a group: messages that are being tried, that wait for a retry with their worker, and without one. */
  attempting: 66,
  backingOff: 67,
  setAside: 68,
  /** Of a group that polls in batches: polls that returned any records, and how many those were; 0 for any other. */
  polls: 69,
  polledRecords: 70,
  /** Of a compacted topic: records in it, tombstones among them, and records that were removed; -1 for any other. */
  keptRecords: 71,
  tombstones: 72,
  compactedAway: 73,
  /** `lagMs` as the members of a group read it by their own clocks. */
  lagReadMs: 74,
  /** Index of the node that this one waits for as its load is judged, -1 for none; its place in `HINDRANCES`. */
  loadWaitsFor: 75,
  loadHindrance: 81,
  /** Of a queue with a limit in bytes: those that wait in it, and the limit; 0 for any other. */
  bytes: 76,
  bytesLimit: 77,
  /** Of a queue: dead letters that nobody takes and so are still in it; messages that wait for their retry. */
  lettersWaiting: 78,
  delayed: 82,
  /** Of a queue: state of the machine of its broker's alarms, -1 where there can be none; and since when. */
  alarm: 79,
  alarmSinceMs: 80,
} as const;
export const NODE_SIZE = 83;

/** Badge of a node, worst first when several apply: by your hand, down, failing, blocked, full, rebalancing. */
export const BADGE = {
  none: 0,
  full: 1,
  blocked: 2,
  rebalancing: 3,
  failing: 4,
  down: 5,
  /** Injected faults: the badge text comes from the fault's `badge` with `badgeValue` filled in. */
  faultFirst: 16,
} as const;

export const EDGE = {
  total: 0,
  perSecond: 1,
  /** Messages standing at the sender because the target is full. */
  waiting: 2,
  /** 1 while the target refuses. */
  blocked: 3,
  /** Index into the design's message types of what passed last, -1 for none. */
  messageType: 4,
  /** State of the network under it, and since when in simulated ms; and what happened to messages there. */
  link: 5,
  linkSinceMs: 6,
  lost: 7,
  late: 8,
  /** Where a group reads a stream: calls that its shards refused. */
  throttled: 9,
} as const;
export const EDGE_SIZE = 10;

export const PARTITION = {
  /** Messages in the log that at least one group has not committed. */
  stored: 0,
  logEnd: 1,
  perSecond: 2,
  /** In a cluster: place of its state in `PARTITION_LIGHTS` (else 0), since when, ms, and its leader, from 1 (0: none runs). */
  state: 3,
  sinceMs: 4,
  leader: 5,
  /** Brokers that hold a replica, and of those the ones in sync, a bit each: the first broker's is 1. */
  holders: 6,
  inSync: 7,
  highWatermark: 8,
  /** 1 while the topic does not have this partition: it may be added. */
  absent: 9,
  /** Since when a replica that counts as in sync has not got all there is, simulated ms; -1 if each has. */
  heldSinceMs: 10,
} as const;
export const PARTITION_SIZE = 11;
/** States of a replicated partition, by their names in its machine; the first is for a partition without replicas. */
export const PARTITION_LIGHTS = [
  'none',
  'online',
  'under-replicated',
  'under-min-isr',
  'leaderless',
  'offline',
] as const;

/** Of each (group, partition it reads): how far behind, and which member reads it (-1: nobody). */
export const READER = { lag: 0, owner: 1, committed: 2 } as const;
export const READER_SIZE = 3;

export const MEMBER = {
  /** State of the member's machine. */
  state: 0,
  busy: 1,
  perSecond: 2,
  partitions: 3,
  /** Since when it is in that state, simulated ms. */
  sinceMs: 4,
  /** State of the machine of its transactions, -1 where its group commits without. */
  transaction: 5,
} as const;
export const MEMBER_SIZE = 6;

/** Columns of the guards of an edge. Counts are over the whole run. */
export const GUARD = {
  /** Place of the circuit breaker's state in `BREAKER_LIGHTS`, and since when it is in it, simulated ms. */
  breaker: 0,
  breakerSinceMs: 1,
  /** Percent of the breaker's window, -1 while there are too few calls to tell. */
  failureRate: 2,
  slowRate: 3,
  calls: 4,
  /** Tries that went out to the target. */
  attempts: 5,
  timeouts: 6,
  refusedByBreaker: 7,
  refusedByLimiter: 8,
  refusedByBulkhead: 9,
  failed: 10,
  fellBack: 11,
  /** Tries that the target works on, or that stand in its line, also of calls that gave up. */
  running: 12,
} as const;
export const GUARD_SIZE = 14;
/** Columns of one retry topic: records that are not due yet, and all that came since the start. */
export const STAGE = { waiting: 0, came: 1 } as const;
export const STAGE_SIZE = 2;
/** States that a circuit breaker reaches by itself, by their names in its machine; the first is for an edge without one. */
export const BREAKER_LIGHTS = ['none', 'closed', 'half-open', 'open'] as const;

/** A chart sample: time, whole-design columns, then `SAMPLE_NODE_SIZE` columns a node. */
export const SAMPLE = {
  simulatedMs: 0,
  arrivalRatePerSecond: 1,
  throughputPerSecond: 2,
  lag: 3,
  latencyMsP50: 4,
  latencyMsP95: 5,
  latencyMsP99: 6,
  deadLettered: 7,
} as const;
export const SAMPLE_HEADER_SIZE = 8;
export const SAMPLE_NODE = {
  inPerSecond: 0,
  outPerSecond: 1,
  amount: 2,
  latencyMsP50: 3,
  latencyMsP95: 4,
  latencyMsP99: 5,
  deadLettered: 6,
} as const;
export const SAMPLE_NODE_SIZE = 8;

/** Offsets into a frame, in doubles. `reader(g, p)` counts over the partitions of the topics the group reads. */
export class FrameLayout {
  readonly shape: PlanShape;
  readonly nodesAt: number;
  readonly edgesAt: number;
  readonly partitionsAt: number;
  readonly readersAt: number;
  readonly membersAt: number;
  readonly guardsAt: number;
  readonly stagesAt: number;
  readonly samplesAt: number;
  readonly sampleSize: number;
  /** First partition row of each topic entry / first member row of each group entry. */
  readonly topicFirst: readonly number[];
  readonly groupFirst: readonly number[];
  /** For each (group entry, topic entry) that the group reads: first reader row. */
  readonly readers: readonly { group: number; topic: number; first: number }[];

  constructor(shape: PlanShape) {
    this.shape = shape;
    this.nodesAt = HEADER_SIZE;
    this.edgesAt = this.nodesAt + shape.nodes.length * NODE_SIZE;
    this.partitionsAt = this.edgesAt + shape.edges.length * EDGE_SIZE;
    const topicFirst: number[] = [];
    let partitions = 0;
    for (const entry of shape.topics) {
      topicFirst.push(partitions);
      partitions += entry.partitions;
    }
    this.topicFirst = topicFirst;
    this.readersAt = this.partitionsAt + partitions * PARTITION_SIZE;
    const readers: { group: number; topic: number; first: number }[] = [];
    let readerRows = 0;
    for (const { group, topic } of readingPairs(shape)) {
      readers.push({ group, topic, first: readerRows });
      readerRows += shape.topics[topic].partitions;
    }
    this.readers = readers;
    this.membersAt = this.readersAt + readerRows * READER_SIZE;
    const groupFirst: number[] = [];
    let members = 0;
    for (const entry of shape.groups) {
      groupFirst.push(members);
      members += entry.members;
    }
    this.groupFirst = groupFirst;
    this.guardsAt = this.membersAt + members * MEMBER_SIZE;
    this.stagesAt = this.guardsAt + shape.guards.length * GUARD_SIZE;
    this.samplesAt = this.stagesAt + (shape.stages?.length ?? 0) * STAGE_SIZE;
    this.sampleSize = SAMPLE_HEADER_SIZE + shape.nodes.length * SAMPLE_NODE_SIZE;
  }

  /** Doubles in a frame that carries `sampleCount` samples. */
  size(sampleCount: number): number {
    return this.samplesAt + sampleCount * this.sampleSize;
  }

  node(index: number): number {
    return this.nodesAt + index * NODE_SIZE;
  }

  edge(index: number): number {
    return this.edgesAt + index * EDGE_SIZE;
  }

  partition(topic: number, partition: number): number {
    return this.partitionsAt + (this.topicFirst[topic] + partition) * PARTITION_SIZE;
  }

  reader(readerFirst: number, partition: number): number {
    return this.readersAt + (readerFirst + partition) * READER_SIZE;
  }

  member(group: number, member: number): number {
    return this.membersAt + (this.groupFirst[group] + member) * MEMBER_SIZE;
  }

  guard(guard: number): number {
    return this.guardsAt + guard * GUARD_SIZE;
  }

  stage(stage: number): number {
    return this.stagesAt + stage * STAGE_SIZE;
  }
}

/** Each (group entry, topic entry) with an edge from the topic to the group, once, in order of groups, then topics. */
function readingPairs(shape: PlanShape): { group: number; topic: number }[] {
  const topicAt = new Map(shape.topics.map(({ node }, topic) => [node, topic]));
  const topicsOf = shape.groups.map(() => new Set<number>());
  const groupAt = new Map(shape.groups.map(({ node }, group) => [node, group]));
  for (const { from, to } of shape.edges) {
    const topic = topicAt.get(from);
    const group = groupAt.get(to);
    if (topic !== undefined && group !== undefined) topicsOf[group].add(topic);
  }
  return topicsOf.flatMap((topics, group) =>
    [...topics].sort((a, b) => a - b).map((topic) => ({ group, topic })),
  );
}
