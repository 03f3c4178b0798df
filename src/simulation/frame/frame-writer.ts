import { METRIC } from '../../engine/metrics.ts';
import type { DesignNode, Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { emptyGauge, type NodeGauge } from '../../kinds/node-behavior.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { MISHAPS } from '../../kinds/consumer-group/guarantees.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { GUARD_COUNT } from '../../kinds/shared/call-guard/call-guards.ts';
import { BREAKER_STATE } from '../../kinds/shared/circuit-breaker.ts';
import {
  BADGE,
  BREAKER_LIGHTS,
  EDGE,
  EDGE_SIZE,
  GUARD,
  HEADER,
  MEMBER,
  NODE,
  PARTITION,
  PARTITION_SIZE,
  READER,
  type FrameLayout,
} from './frame-layout.ts';
import {
  COUNT,
  designCountsAt,
  designLag,
  edgeCountsAt,
  memberCountsAt,
  partitionCountsAt,
  type Observer,
} from '../observer.ts';
import { writeLink, writeMishaps, writeOfKind, writeStages } from './frame-kinds.ts';
import { writeReplicas } from './frame-replicas.ts';
import { SHOWN, type LoadWatch } from '../verdict/load-watch.ts';
import { ratePerSecond, type RateBase } from '../rate-window.ts';
import { retryAmplification, runTotals } from '../results/run-results.ts';
import type { ActiveFault } from '../run.ts';
import { toMs } from '../time.ts';

/** What a frame is read from. */
export interface FrameSource {
  sim: Simulation;
  kinds: RunKinds;
  layout: FrameLayout;
  observer: Observer;
  loads: LoadWatch;
  nodes: readonly DesignNode[];
  /** Of each edge: index of the one message type that passes it, -1 for none or several. */
  messageTypeOfEdge: Int16Array;
  /** States of a group's machine that count as rebalancing, by index. */
  rebalancing: ReadonlySet<number>;
}

/** From here on a node is called full. */
const FULL_LEVEL = 0.98;
/** A node is called blocked when a full target held it back for at least this share of the last second. */
const HELD_BACK_SHARE = 0.2;
/** Level of the busiest source: below what counts as full. */
const SOURCE_LEVEL_MAX = 0.8;

/** Writes what a run shows of itself now into frames. Reads only: writing or not writing changes nothing. */
export class FrameWriter {
  private readonly source: FrameSource;
  private readonly gauge: NodeGauge = emptyGauge();
  private readonly isGroup: ReadonlySet<number>;
  private readonly sources: readonly number[];
  private readonly indexOf: ReadonlyMap<string, number>;
  /** Edge by which the group of each entry of `layout.readers` reads the topic. */
  private readonly readerEdges: readonly number[];

  constructor(source: FrameSource) {
    this.source = source;
    const { readers, shape } = source.layout;
    this.isGroup = new Set(shape.groups.map((group) => group.node));
    this.sources = source.nodes.flatMap(({ kind }, node) =>
      kindDefinition(kind)?.family === 'sources' ? [node] : [],
    );
    this.indexOf = new Map(source.nodes.map((node, index) => [node.id, index]));
    const edgeBetween = new Map(shape.edges.map(({ from, to }, edge) => [`${from} ${to}`, edge]));
    this.readerEdges = readers.map(({ group, topic }) => {
      const ends = `${shape.topics[topic].node} ${shape.groups[group].node}`;
      return edgeBetween.get(ends)!;
    });
  }

  /** Everything but the samples; `sampleCount` and `speedReached` are left to the caller. */
  write(into: Float64Array, faults: readonly ActiveFault[]): void {
    const { layout, sim, observer } = this.source;
    const base = observer.window.base(sim.now);
    this.writeHeader(into, base);
    for (let node = 0; node < layout.shape.nodes.length; node++) this.writeNode(into, node, base);
    this.writeSourceLevels(into);
    this.writeFaults(into, faults);
    for (let edge = 0; edge < layout.shape.edges.length; edge++) this.writeEdge(into, edge, base);
    this.writePartitions(into, base);
    this.writeReaders(into);
    this.writeMembers(into, base);
    this.writeGuards(into);
    writeStages(into, layout, this.source.kinds);
  }

  private writeHeader(into: Float64Array, base: RateBase): void {
    const { sim, kinds, layout, observer } = this.source;
    const { metrics } = sim;
    const totals = runTotals(sim);
    const whole = layout.shape.nodes.length;
    const counts = designCountsAt(layout);
    into[HEADER.simulatedMs] = toMs(sim.now);
    into[HEADER.events] = sim.events;
    into[HEADER.hashHigh] = sim.hash.high;
    into[HEADER.hashLow] = sim.hash.low;
    into[HEADER.produced] = totals.produced;
    into[HEADER.copied] = totals.copied;
    into[HEADER.acknowledged] = totals.acknowledged;
    into[HEADER.deadLettered] = totals.deadLettered;
    into[HEADER.dropped] = totals.dropped;
    into[HEADER.expired] = totals.expired;
    into[HEADER.inFlight] = totals.inFlight;
    into[HEADER.latencyMsP50] = observer.latencyMs(whole, 0);
    into[HEADER.latencyMsP95] = observer.latencyMs(whole, 1);
    into[HEADER.latencyMsP99] = observer.latencyMs(whole, 2);
    into[HEADER.arrivalRatePerSecond] = ratePerSecond(base, counts, metrics.produced);
    into[HEADER.throughputPerSecond] = ratePerSecond(base, counts + 1, metrics.total(METRIC.acknowledged));
    into[HEADER.lag] = designLag(sim, kinds, layout);
  }

  private writeNode(into: Float64Array, node: number, base: RateBase): void {
    const { sim, kinds, layout, observer } = this.source;
    const { metrics, transfers, now } = sim;
    const { gauge } = this;
    const at = layout.node(node);
    const counts = node * COUNT.size;
    kinds.gauge(sim, node, gauge);
    const blocked = transfers.heldEdges[node] > 0;
    if (gauge.servers > 0 && !gauge.down) gauge.level = this.busyShare(node, base);
    into[at + NODE.level] = gauge.level;
    into[at + NODE.badge] = this.badge(node, blocked && this.isHeldBack(node, base));
    into[at + NODE.badgeValue] = 0;
    into[at + NODE.inPerSecond] = ratePerSecond(base, counts + COUNT.in, metrics.of(node, METRIC.in));
    into[at + NODE.outPerSecond] = ratePerSecond(base, counts + COUNT.out, metrics.of(node, METRIC.out));
    into[at + NODE.retryPerSecond] = ratePerSecond(
      base,
      counts + COUNT.retries,
      metrics.of(node, METRIC.retries),
    );
    into[at + NODE.deadPerSecond] = ratePerSecond(
      base,
      counts + COUNT.dead,
      metrics.of(node, METRIC.deadLettered),
    );
    into[at + NODE.amount] = gauge.amount;
    into[at + NODE.amountTrend] = ratePerSecond(base, counts + COUNT.amount, gauge.amount);
    const isGroup = this.isGroup.has(node);
    const age = isGroup ? kinds.lags.age(sim, node) : 0;
    into[at + NODE.lagMs] = toMs(age);
    into[at + NODE.lagReadMs] = isGroup ? toMs(kinds.lags.ageByClocks(sim, node, age)) : 0;
    into[at + NODE.heldByTransactions] = isGroup ? (kinds.lags.behindTransactions(node) ?? 0) : 0;
    into[at + NODE.limit] = gauge.limit;
    into[at + NODE.busy] = gauge.busy;
    into[at + NODE.servers] = gauge.servers;
    into[at + NODE.totalIn] = metrics.of(node, METRIC.in);
    into[at + NODE.totalOut] = metrics.of(node, METRIC.out);
    into[at + NODE.failedTotal] = metrics.of(node, METRIC.failures);
    into[at + NODE.blockedBy] = blocked ? transfers.to[transfers.heldBy[node]] : -1;
    into[at + NODE.blockedSinceMs] = blocked ? toMs(transfers.heldSince[node]) : NaN;
    into[at + NODE.machineState] = gauge.machineState;
    into[at + NODE.machineSinceMs] = toMs(gauge.machineSince);
    into[at + NODE.lastActiveMs] = observer.lastActiveMs(node);
    into[at + NODE.heldBackMs] = toMs(transfers.heldTime(node, now));
    const wait = metrics.waitHistogram(node);
    into[at + NODE.waitMsMean] = toMs(metrics.histograms.mean(wait));
    into[at + NODE.waitMsP95] = toMs(metrics.histograms.quantile(wait, 0.95));
    into[at + NODE.latencyMsP50] = observer.latencyMs(node, 0);
    into[at + NODE.latencyMsP95] = observer.latencyMs(node, 1);
    into[at + NODE.latencyMsP99] = observer.latencyMs(node, 2);
    into[at + NODE.utilization] =
      gauge.servers > 0 ? Math.min(1, metrics.busyMean(node, now) / gauge.servers) : NaN;
    into[at + NODE.deadLettered] = metrics.of(node, METRIC.deadLettered);
    into[at + NODE.dropped] = metrics.of(node, METRIC.dropped);
    into[at + NODE.expired] = metrics.of(node, METRIC.expired);
    into[at + NODE.duplicates] = metrics.of(node, METRIC.duplicates);
    into[at + NODE.retryAmplification] = retryAmplification(sim, node) ?? NaN;
    this.writeLoad(into, at, node);
    this.writeDelivery(into, at, node);
    this.writeConsumers(into, at, node);
    writeMishaps(into, at, this.source, node);
    writeOfKind(into, at, this.source, node);
  }

  private writePublisher(into: Float64Array, at: number, node: number): void {
    const { publishers } = this.source.kinds.producers;
    into[at + NODE.connection] = publishers?.connection(node).state ?? -1;
    if (!publishers) return;
    const { outstanding, confirmed, refused, returned } = publishers.counts(node);
    into[at + NODE.connectionSinceMs] = toMs(publishers.connection(node).since);
    into[at + NODE.outstanding] = outstanding;
    into[at + NODE.confirmed] = confirmed;
    into[at + NODE.refused] = refused;
    into[at + NODE.returned] = returned;
  }

  private writeConsumers(into: Float64Array, at: number, node: number): void {
    const { kinds, nodes, sim } = this.source;
    const active = kinds.consumers.prefetch?.activeOf(node) ?? null;
    into[at + NODE.unacknowledged] =
      nodes[node].kind === 'queue' ? kinds.queues.unsettled(node) : sim.metrics.of(node, METRIC.queued);
    into[at + NODE.activeGroup] = active?.node ?? -1;
    into[at + NODE.activeMember] = active === null ? 0 : active.local + 1;
    this.writePublisher(into, at, node);
  }

  private writeLoad(into: Float64Array, at: number, node: number): void {
    const { shown } = this.source.loads;
    const row = node * SHOWN.size;
    into[at + NODE.loadState] = shown[row + SHOWN.state];
    into[at + NODE.isSaturated] = shown[row + SHOWN.isSaturated];
    into[at + NODE.fullOrDrainedInMs] = shown[row + SHOWN.inMs];
    into[at + NODE.offeredPerSecond] = shown[row + SHOWN.offeredPerSecond];
    into[at + NODE.capacityPerSecond] = shown[row + SHOWN.capacityPerSecond];
    into[at + NODE.loadSinceMs] = shown[row + SHOWN.sinceMs];
    into[at + NODE.loadWaitsFor] = shown[row + SHOWN.waitsFor];
    into[at + NODE.loadHindrance] = shown[row + SHOWN.hindrance];
  }

  private writeDelivery(into: Float64Array, at: number, node: number): void {
    const { guarantees } = this.source.kinds.consumers.work;
    into[at + NODE.guarantee] = guarantees.of[node];
    into[at + NODE.doneAgain] = guarantees.count(node, 'duplicate');
    into[at + NODE.lost] = guarantees.count(node, 'lost');
    into[at + NODE.reordered] = guarantees.count(node, 'reordered');
    into[at + NODE.skipped] = guarantees.count(node, 'skipped');
    into[at + NODE.forbidden] = MISHAPS.reduce(
      (bits, mishap, place) => bits | (guarantees.forbids(node, mishap) ? 1 << place : 0),
      0,
    );
  }

  /** Share of the last second that the servers were busy: at one instant a gauge would jump between empty and full. */
  private busyShare(node: number, base: RateBase): number {
    const { sim } = this.source;
    const busy = ratePerSecond(base, node * COUNT.size + COUNT.busy, sim.metrics.busyMicros(node, sim.now));
    return Math.max(0, Math.min(1, busy / 1e6 / this.gauge.servers));
  }

  /** Held back for a good part of the last second: a wait of a moment is no exception to tell. */
  private isHeldBack(node: number, base: RateBase): boolean {
    const { sim } = this.source;
    const held = ratePerSecond(base, node * COUNT.size + COUNT.held, sim.transfers.heldTime(node, sim.now));
    return held / 1e6 >= HELD_BACK_SHARE;
  }

  /** Sources have no limit of their own: their gauges compare them with the busiest one; held back is full. */
  private writeSourceLevels(into: Float64Array): void {
    const { layout } = this.source;
    let most = 0;
    for (const node of this.sources) most = Math.max(most, into[layout.node(node) + NODE.outPerSecond]);
    for (const node of this.sources) {
      const at = layout.node(node);
      const share = most > 0 ? (SOURCE_LEVEL_MAX * into[at + NODE.outPerSecond]) / most : 0;
      into[at + NODE.level] = into[at + NODE.badge] === BADGE.blocked ? 1 : share;
    }
  }

  /** Worst first; a fault injected on purpose goes above all of them, see `writeFaults`. */
  private badge(node: number, blocked: boolean): number {
    const { gauge } = this;
    if (gauge.down) return BADGE.down;
    if (gauge.failing) return BADGE.failing;
    if (blocked) return BADGE.blocked;
    if (gauge.level >= FULL_LEVEL) return BADGE.full;
    const rebalances = this.isGroup.has(node) && this.source.rebalancing.has(gauge.machineState);
    return rebalances ? BADGE.rebalancing : BADGE.none;
  }

  /** The latest fault of a node is the one that its badge names. */
  private writeFaults(into: Float64Array, faults: readonly ActiveFault[]): void {
    const { layout, nodes } = this.source;
    for (const { node: id, fault, args } of faults) {
      if (id === undefined) continue;
      const index = this.indexOf.get(id)!;
      const known = kindDefinition(nodes[index].kind)?.faults ?? [];
      const at = layout.node(index);
      into[at + NODE.badge] = BADGE.faultFirst + known.findIndex((candidate) => candidate.id === fault);
      into[at + NODE.badgeValue] = firstNumber(args);
    }
  }

  private writeEdge(into: Float64Array, edge: number, base: RateBase): void {
    const { sim, layout, messageTypeOfEdge } = this.source;
    const { transfers } = sim;
    const at = layout.edge(edge);
    into.fill(0, at, at + EDGE_SIZE);
    into[at + EDGE.total] = transfers.passed[edge];
    into[at + EDGE.perSecond] = ratePerSecond(base, edgeCountsAt(layout) + edge, transfers.passed[edge]);
    into[at + EDGE.waiting] = transfers.waiting[edge];
    into[at + EDGE.blocked] = transfers.waiting[edge] > 0 ? 1 : 0;
    into[at + EDGE.messageType] = transfers.passed[edge] > 0 ? messageTypeOfEdge[edge] : -1;
    writeLink(into, at, this.source.kinds, edge);
  }

  private writePartitions(into: Float64Array, base: RateBase): void {
    const { kinds, layout } = this.source;
    let counts = partitionCountsAt(layout);
    layout.shape.topics.forEach(({ node, partitions }, topic) => {
      for (let lane = 0; lane < partitions; lane++) {
        const at = layout.partition(topic, lane);
        into.fill(0, at, at + PARTITION_SIZE);
        const logEnd = kinds.logs.logEnd(node, lane);
        into[at + PARTITION.stored] = kinds.logs.stored(node, lane);
        into[at + PARTITION.logEnd] = logEnd;
        into[at + PARTITION.perSecond] = ratePerSecond(base, counts++, logEnd);
        into[at + PARTITION.absent] = lane < kinds.logs.partitions(node) ? 0 : 1;
        if (into[at + PARTITION.absent] === 0) writeReplicas(into, at, kinds, { node, lane });
      }
    });
  }

  private writeReaders(into: Float64Array): void {
    const { kinds, layout } = this.source;
    const { shape } = layout;
    layout.readers.forEach(({ group, topic, first }, reader) => {
      const groupNode = shape.groups[group].node;
      const { node: topicNode, partitions } = shape.topics[topic];
      const edge = this.readerEdges[reader];
      for (let lane = 0; lane < partitions; lane++) {
        const at = layout.reader(first, lane);
        const committed = kinds.groups.committed(groupNode, edge, lane);
        into[at + READER.committed] = committed;
        into[at + READER.lag] = Math.max(0, kinds.logs.logEnd(topicNode, lane) - committed);
        into[at + READER.owner] = kinds.groups.owner(groupNode, edge, lane);
      }
    });
  }

  private writeMembers(into: Float64Array, base: RateBase): void {
    const { kinds, layout } = this.source;
    const { groups } = kinds;
    let counts = memberCountsAt(layout);
    layout.shape.groups.forEach(({ node, members }, group) => {
      for (let member = 0; member < members; member++) {
        const at = layout.member(group, member);
        into[at + MEMBER.state] = groups.memberState(node, member);
        into[at + MEMBER.busy] = groups.memberBusy(node, member);
        into[at + MEMBER.partitions] = groups.memberPartitions(node, member);
        into[at + MEMBER.sinceMs] = toMs(groups.memberSince(node, member));
        into[at + MEMBER.transaction] = groups.memberTransaction(node, member);
        into[at + MEMBER.perSecond] = ratePerSecond(base, counts++, groups.memberDone(node, member));
      }
    });
  }

  private writeGuards(into: Float64Array): void {
    const { kinds, layout } = this.source;
    const { guards } = kinds;
    layout.shape.guards.forEach((_, guard) => {
      const at = layout.guard(guard);
      into[at + GUARD.breaker] = lightOf(guards.breakers.stateOf(guard));
      into[at + GUARD.breakerSinceMs] = toMs(guards.breakers.sinceOf(guard));
      into[at + GUARD.failureRate] = guards.breakers.failureRateOf(guard);
      into[at + GUARD.slowRate] = guards.breakers.slowRateOf(guard);
      into[at + GUARD.calls] = guards.counted(guard, GUARD_COUNT.calls);
      into[at + GUARD.attempts] = guards.counted(guard, GUARD_COUNT.sent);
      into[at + GUARD.timeouts] = guards.counted(guard, GUARD_COUNT.timeouts);
      into[at + GUARD.refusedByBreaker] = guards.counted(guard, GUARD_COUNT.refusedByBreaker);
      into[at + GUARD.refusedByLimiter] = guards.counted(guard, GUARD_COUNT.refusedByLimiter);
      into[at + GUARD.refusedByBulkhead] = guards.counted(guard, GUARD_COUNT.refusedByBulkhead);
      into[at + GUARD.failed] = guards.counted(guard, GUARD_COUNT.failed);
      into[at + GUARD.fellBack] = guards.counted(guard, GUARD_COUNT.fellBack);
      into[at + GUARD.running] = guards.runningOf(guard);
    });
  }
}

/** The machine counts its states in another order than the page, which does not know the machine. */
function lightOf(state: number): number {
  return Math.max(
    0,
    BREAKER_LIGHTS.findIndex((name) => name !== 'none' && BREAKER_STATE[name] === state),
  );
}

function firstNumber(args: Readonly<Record<string, Json>>): number {
  for (const value of Object.values(args)) if (typeof value === 'number') return value;
  return 0;
}
