import type { Problem } from '../../design/types.ts';
import type { BreakerStateName } from '../../kinds/shared/circuit-breaker.ts';
import type { RefusedCalls } from '../../kinds/cloud-broker/call-quota.ts';
import type { CloudResults } from '../../kinds/cloud-broker/cloud-counts.ts';
import type { FifoTopicResults } from '../../kinds/event-router/fifo-routers.ts';
import type { SubscriptionResults } from '../../kinds/event-router/subscription-counts.ts';
import type { StreamReading } from '../../kinds/topic/shard-reads.ts';
import type { Refusal } from '../../kinds/service/behavior.ts';
import type { DeathReason } from '../../kinds/shared/deaths.ts';
import type { Hindrance } from '../../kinds/node-behavior.ts';
import type { Growth } from '../../kinds/partition-growth.ts';
import type { Guarantee, Mishap } from '../../kinds/consumer-group/guarantees.ts';
import type { FaultTally } from '../faults/fault-tally.ts';
import type { PublisherResults } from './publisher-results.ts';
import type { ActiveConsumer, QueueResults } from './queue-results.ts';
import type { BrokerResults, ReplicaResults } from './replication-results.ts';
import type { LoadState } from '../verdict/verdict.ts';

/**
 * Everything a finished (or stopped) run says, as `spillway run --json` prints it. Counts cover the whole run;
 * rates, means and percentiles cover the time after the warm-up. Figures without a sample are null.
 */
export interface RunResults {
  /** Version of this format and of the engine. */
  version: string;
  seed: number | string;
  untilMs: number;
  warmUpMs: number;
  /** 16 hexadecimal digits; equal for equal design, seed and time in every JavaScript engine. */
  hash: string;
  events: number;
  totals: RunTotals;
  /** From a message's birth to its acknowledgement. */
  latency: LatencyFigures;
  /** Offered load against capacity, at the end. */
  verdict: DesignVerdictResults;
  nodes: Record<string, NodeResults>;
  edges: Record<string, EdgeResults>;
  /** Faults that have begun, in order of time. */
  faults: readonly FaultResults[];
  problems: readonly Problem[];
}

/**
 * produced + copied = acknowledged + deadLettered + dropped + expired + inFlight, exactly, at any time.
 * `copied` counts what fan-out and redelivery add: a message read by three groups is one produced and two copied.
 */
export interface RunTotals {
  produced: number;
  copied: number;
  acknowledged: number;
  deadLettered: number;
  dropped: number;
  expired: number;
  inFlight: number;
}

export interface LatencyFigures {
  latencyMsMean: number | null;
  latencyMsP50: number | null;
  latencyMsP95: number | null;
  latencyMsP99: number | null;
  latencyMsMax: number | null;
}

export interface NodeResults extends LatencyFigures {
  kind: string;
  name: string;
  in: number;
  out: number;
  /** Still in the node when the run ended. */
  held: number;
  arrivalRatePerSecond: number;
  throughputPerSecond: number;
  /** Busy time over server time, 0 to 1; null for a node without servers. */
  utilization: number | null;
  queueLengthMean: number;
  queueLengthMax: number;
  /** Behind the end of what it reads, committed view; null for a node that reads nothing, or has committed nothing. */
  lag: number | null;
  /** Age of the oldest record that the group has not committed; 0 for none, null for a node without a lag. */
  lagMs: number | null;
  /** The same as its members read it by their own clocks, which may be wrong: then even below 0. */
  lagReadMs: number | null;
  waitMsMean: number | null;
  waitMsP95: number | null;
  serviceMsMean: number | null;
  attempts: number;
  failures: number;
  /** Stages of a group that retries by way of topics; none for any other node. */
  retryTopics: readonly RetryTopicResults[];
  /** Tries over first tries, after the warm-up: 1 without retries; null if there was no try. */
  retryAmplification: number | null;
  retries: number;
  duplicates: number;
  acknowledged: number;
  /** Arrivals; of a dead-letter queue also the letters that lie there, were sent back, or went for lack of room. */
  deadLettered: number;
  letters: number;
  redriven: number;
  forgotten: number;
  dropped: number;
  /** Of those dropped: records of aborted transactions that groups passed over, once for each group. */
  abortedRecords: number;
  /** Of those dropped: unroutable messages that went back to their senders. */
  returned: number;
  expired: number;
  /** Of a queue: how many died there for each reason, dead-lettered or not; null for other kinds. */
  deaths: Record<DeathReason, number> | null;
  /** Of an external service: how many calls ended in each way other than well; null for other kinds. */
  refusals: Record<Refusal, number> | null;
  /** Of a managed queue: what became of its deliveries, over the whole run; null for other kinds. */
  deliveries: CloudResults | null;
  /** Of a managed queue with Exclusive or Failover subscriptions: who has the messages of each; null for other nodes. */
  activeConsumers: readonly ActiveConsumer[] | null;
  /** Of a stream: records that a full shard refused, each time that they were offered; null for other nodes. */
  throttled: number | null;
  /** Of an SQS FIFO queue without high throughput: calls over its limit, by action; null for other nodes. */
  refusedCalls: RefusedCalls | null;
  /** Of an event router: events that no filter took, which are among those dropped; null for other kinds. */
  unmatched: number | null;
  /** Of a FIFO topic of SNS: what it turned away; null for other nodes. */
  fifoTopic: FifoTopicResults | null;
  /** Of a queue: what its consumers have of it; null for other kinds. */
  queue: QueueResults | null;
  /** Of a producer with a RabbitMQ client; null for any other node. */
  publisher: PublisherResults | null;
  /** Of a group that the broker sends messages ahead: how many wait with its members; null for other nodes. */
  prefetched: number | null;
  /** Simulated ms spent waiting for a full target. */
  heldBackMs: number;
  verdict: VerdictResults;
  /** Of a topic that is kept in a cluster, its partitions; of a cluster, its brokers; null for other nodes. */
  /** Of a Kafka client that writes to a cluster, or a group that reads one with a quota: simulated ms that the quota kept it from being served; null for others. */
  throttledMs: number | null;
  partitions: readonly ReplicaResults[] | null;
  brokers: readonly BrokerResults[] | null;
  /** Of a group that polls in batches: polls that returned something, and how much; null for any other node. */
  polling: { polls: number; recordsPerPoll: number | null } | null;
  /** Of a group that reads committed records: those behind open transactions, which it may not read yet; else null. */
  heldByTransactions: number | null;
  /** Of a topic that got more partitions: how many it had and has, and how many keys of all changed theirs; else null. */
  growth: Growth | null;
  /** Of a group: members that ended as they had no offset (auto.offset.reset=none); null where that cannot be. */
  offsetFailures: number | null;
  /** Of a compacted topic: what it still has, and how many records cleaning has removed; null for any other node. */
  compaction: { records: number; bytes: number; tombstones: number; removed: number } | null;
  /** Of a producer or a group that writes in transactions: how many it committed, aborted and left open; null for others. */
  transactions: { committed: number; aborted: number; leftOpen: number } | null;
  /** Of a group that states a delivery guarantee: what it promises and what happened; null for any other node. */
  delivery: DeliveryResults | null;
}

/** A delivery guarantee as it was set and as it was kept. Counts cover the whole run. */
export interface DeliveryResults {
  guarantee: Guarantee;
  /** Messages done again; lost by the group; done after a later one of their key. */
  duplicate: number;
  lost: number;
  reordered: number;
  /** Duplicates that an idempotent consumer recognised and left alone. */
  skipped: number;
  /** Of the three above, those that the guarantee forbids: expected is 0. */
  forbidden: readonly Mishap[];
  /** The first message that broke the guarantee: number of its birth from 0, index of its key or null. */
  firstViolation: { mishap: Mishap; message: number; key: number | null; atMs: number } | null;
}

/** How a node stands at the end, by its load over about the last tenth of the run. Figures not known are null. */
export interface VerdictResults {
  state: LoadState;
  /** It does as much as it can and waits for no other node. */
  isSaturated: boolean;
  offeredPerSecond: number | null;
  capacityPerSecond: number | null;
  /** Time from the end until it is full, or has caught up. */
  inMs: number | null;
  /** Node that holds it back; and since when it does, or since when the node is saturated. */
  waitsFor: string | null;
  sinceMs: number | null;
  /** What it falls behind for, other than for lack of time. */
  hindrance: Hindrance;
}

/** The verdict on the whole design: the node that is worst off, and the overloaded node that is the reason. */
export interface DesignVerdictResults {
  state: LoadState;
  node: string | null;
  cause: string | null;
  inMs: number | null;
  /** One sentence. */
  text: string;
}

/** A retry topic of a group. */
export interface RetryTopicResults {
  topic: string;
  delayMs: number;
  /** Records that are not due yet, and all that came. */
  waiting: number;
  came: number;
}

export interface EdgeResults {
  from: string;
  to: string;
  messages: number;
  ratePerSecond: number;
  blockedMs: number;
  /** Of an edge whose calls are guarded; null for others. */
  guard: GuardResults | null;
  /** Of an edge along which an event router pushes: what became of its events; null for others. */
  subscription: SubscriptionResults | null;
  /** Of an edge by which a group reads a stream: calls, those that shards refused, records; null for others. */
  reading: StreamReading | null;
  /** What trouble of the network did to what passed; null where there was none. */
  network: NetworkResults | null;
}

/** A fault, and what came in the whole design while it was in force (until the end, if it never healed). */
export interface FaultResults extends FaultTally {
  id: string;
  /** Id of what it struck: a node or an edge. */
  node: string | null;
  edge: string | null;
  fault: string;
  /** "billing: m1 crashed". */
  text: string;
  atMs: number;
  healedMs: number | null;
  /** When consumers had worked off what it left, after it was healed; null if nothing rose, or not yet. */
  drainedMs: number | null;
  /** The most that consumers were behind because of it, as seen at regular times; null if nothing rose. */
  lagPeak: number | null;
  /** How far the group that it struck was behind at the end of it; null for any other node. */
  lag: number | null;
}

/** How often a fault of an edge struck. */
export interface NetworkResults {
  /** What took longer on the way. */
  delayed: number;
  /** Messages, requests and answers that never arrived. */
  lost: number;
  /** Packets that TCP sent again. */
  resent: number;
  duplicated: number;
  reordered: number;
}

/** calls = succeeded + fellBack + failed + abandoned + inProgress, exactly, at any time. */
export interface GuardResults {
  /** What callers asked for; `abandoned` by callers that crashed meanwhile. */
  calls: number;
  succeeded: number;
  fellBack: number;
  failed: number;
  abandoned: number;
  inProgress: number;
  /** Tries of all calls, and those of them that went out to the target: the others were refused, or still wait. */
  tries: number;
  attempts: number;
  /** Attempts a call: how many times the load of the calls reaches the target. Null before the first call. */
  amplification: number | null;
  timeouts: number;
  /** Answers to tries that had timed out, or whose caller had crashed. */
  lateAnswers: number;
  refusedByBreaker: number;
  refusedByLimiter: number;
  refusedByBulkhead: number;
  /** Null without a circuit breaker. */
  breaker: {
    state: BreakerStateName;
    /** Changes of state, and those to open. */
    changes: number;
    openings: number;
    /** Of the calls that counted after the last one had ended; null for too few. */
    failureRatePercent: number | null;
    slowRatePercent: number | null;
  } | null;
}
