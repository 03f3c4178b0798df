import { METRIC } from '../../engine/metrics.ts';
import type { DesignEdge, DesignNode, Problem } from '../../design/types.ts';
import type { EnginePlan } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { isGroup, isLog } from '../../kinds/kind-roles.ts';
import { emptyGauge } from '../../kinds/node-behavior.ts';
import { GUARANTEES, MISHAPS } from '../../kinds/consumer-group/guarantees.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { LINK_COUNT } from '../../kinds/shared/links/troubles.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import { guardResults } from './guard-results.ts';
import type { LoadWatch } from '../verdict/load-watch.ts';
import { publisherResults } from './publisher-results.ts';
import { activeConsumers, prefetched, queueResults } from './queue-results.ts';
import { brokerResults, brokerTroubles, replicaResults, throttledMs } from './replication-results.ts';
import type {
  DeliveryResults,
  DesignVerdictResults,
  EdgeResults,
  LatencyFigures,
  NetworkResults,
  NodeResults,
  RetryTopicResults,
  RunResults,
  RunTotals,
  VerdictResults,
} from './results.ts';
import { toMs } from '../time.ts';
import { designVerdict, type JudgedNode, type Trouble } from '../verdict/verdict.ts';

/** Version of the results' format and of the engine: a change of either may change the figures of a seed. */
export const RESULTS_VERSION = '1.0';

/** What the figures of a run are read from. */
export interface ResultsSource {
  sim: Simulation;
  kinds: RunKinds;
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
  seed: number | string;
  warmUpMicros: number;
  problems: readonly Problem[];
  loads: LoadWatch;
  faults: Pick<ActiveFaults, 'results' | 'edgeTroubles'>;
}

/** Everything the run says up to now. Reads only. */
export function runResults(source: ResultsSource): RunResults {
  const { sim, nodes, edges, problems } = source;
  const judged = source.loads.judge();
  return {
    version: RESULTS_VERSION,
    seed: source.seed,
    untilMs: toMs(sim.now),
    warmUpMs: toMs(source.warmUpMicros),
    hash: sim.hash.hex(),
    events: sim.events,
    totals: runTotals(sim),
    latency: latencyFigures(sim, sim.metrics.designHistogram),
    verdict: designVerdictResults(nodes, judged, sim.plan, [
      ...source.faults.edgeTroubles(),
      ...brokerTroubles(
        source.kinds,
        nodes.map(({ name }) => name),
        toMs(sim.now),
      ),
    ]),
    // A node may be called `__proto__`: entries become own properties, as an assignment would not.
    nodes: Object.fromEntries(
      nodes.map((node, index) => [
        node.id,
        { ...nodeResults(source, node, index), verdict: verdictResults(nodes, judged[index]) },
      ]),
    ),
    edges: Object.fromEntries(edges.map((edge, index) => [edge.id, edgeResults(source, edge, index)])),
    faults: source.faults.results(),
    problems,
  };
}

/** The books of the whole design; what is in flight is what has not ended. */
export function runTotals(sim: Simulation): RunTotals {
  const { metrics } = sim;
  const acknowledged = metrics.total(METRIC.acknowledged);
  const deadLettered = metrics.total(METRIC.deadLettered);
  const dropped = metrics.total(METRIC.dropped);
  const expired = metrics.total(METRIC.expired);
  const { produced, copied } = metrics;
  const inFlight = produced + copied - acknowledged - deadLettered - dropped - expired;
  return { produced, copied, acknowledged, deadLettered, dropped, expired, inFlight };
}

const gauge = emptyGauge();

function nodeResults(source: ResultsSource, node: DesignNode, index: number): Omit<NodeResults, 'verdict'> {
  const { sim, kinds } = source;
  const { metrics, transfers, now } = sim;
  const { histograms } = metrics;
  kinds.gauge(sim, index, gauge);
  const measuredSeconds = (now - metrics.measuredFrom) / 1e6;
  const perSecond = (count: number) => (measuredSeconds > 0 ? count / measuredSeconds : 0);
  const wait = metrics.waitHistogram(index);
  const served = metrics.of(index, METRIC.serviceCount);
  const age = isGroup(node.kind) ? kinds.lags.age(sim, index) : null;
  return {
    kind: node.kind,
    name: node.name,
    in: metrics.of(index, METRIC.in),
    out: metrics.of(index, METRIC.out),
    held: kinds.held(sim, index),
    arrivalRatePerSecond: perSecond(metrics.since('in', index)),
    throughputPerSecond: perSecond(metrics.since('out', index)),
    // Servers are those of now; more of them earlier must not show as more than fully used.
    utilization: gauge.servers > 0 ? Math.min(1, orZero(metrics.busyMean(index, now)) / gauge.servers) : null,
    queueLengthMean: orZero(metrics.queuedMean(index, now)),
    queueLengthMax: metrics.of(index, METRIC.queuedMax),
    lag: isGroup(node.kind) && !kinds.lags.isUnknown(index) ? gauge.amount : null,
    lagMs: age === null ? null : toMs(age),
    lagReadMs: age === null ? null : toMs(kinds.lags.ageByClocks(sim, index, age)),
    waitMsMean: figure(histograms.mean(wait)),
    waitMsP95: figure(histograms.quantile(wait, 0.95)),
    serviceMsMean: served > 0 ? toMs(metrics.of(index, METRIC.serviceSum) / served) : null,
    ...latencyFigures(sim, metrics.latencyHistogram(index)),
    attempts: metrics.of(index, METRIC.attempts),
    failures: metrics.of(index, METRIC.failures),
    retryTopics: retryTopicResults(source, index),
    retryAmplification: retryAmplification(sim, index),
    retries: metrics.of(index, METRIC.retries),
    duplicates: metrics.of(index, METRIC.duplicates),
    acknowledged: metrics.of(index, METRIC.acknowledged),
    deadLettered: metrics.of(index, METRIC.deadLettered),
    letters: kinds.deadLetters.stored(sim, index),
    redriven: kinds.deadLetters.redriven(index),
    forgotten: kinds.deadLetters.forgotten(index),
    dropped: metrics.of(index, METRIC.dropped),
    abortedRecords: kinds.topics.gaps?.abortedIn(index) ?? 0,
    returned: kinds.exchanges.returnedBy(index),
    expired: metrics.of(index, METRIC.expired),
    deaths: node.kind === 'queue' ? kinds.queues.deaths(index) : null,
    refusals: node.kind === 'service' ? kinds.services.refusals(index) : null,
    deliveries: node.kind === 'cloud-broker' ? kinds.clouds.results(index) : null,
    activeConsumers: activeConsumers(source, index),
    throttled: kinds.topics.shards?.refusedBy(index) ?? null,
    refusedCalls: kinds.clouds.quota?.refusedBy(index) ?? null,
    unmatched: node.kind === 'event-router' ? kinds.routers.counts.unmatchedBy(index) : null,
    fifoTopic: kinds.routers.fifoResults(index),
    queue: queueResults(source, index),
    publisher: publisherResults(source, index),
    prefetched: prefetched(source, index),
    heldBackMs: toMs(transfers.heldTime(index, now)),
    throttledMs: throttledMs(kinds, index),
    partitions: replicaResults(kinds, index),
    brokers: brokerResults(kinds, index),
    polling: kinds.consumers.polls?.figures(index) ?? null,
    compaction: isLog(node.kind) ? (kinds.topics.cleaner?.content(index) ?? null) : null,
    growth: isLog(node.kind) ? (kinds.growth?.of(sim, index) ?? null) : null,
    offsetFailures: isGroup(node.kind) ? (kinds.consumers.starts?.failures(index) ?? null) : null,
    heldByTransactions: isGroup(node.kind) ? kinds.lags.behindTransactions(index) : null,
    transactions:
      kinds.producers.clients?.transactions?.figures(index) ??
      kinds.consumers.transactions?.figures(index) ??
      null,
    delivery: deliveryResults(kinds, index),
  };
}

function deliveryResults(kinds: RunKinds, node: number): DeliveryResults | null {
  const { guarantees } = kinds.consumers.work;
  if (guarantees.of[node] === 0) return null;
  const first = guarantees.firstViolation(node);
  return {
    guarantee: GUARANTEES[guarantees.of[node]],
    duplicate: guarantees.count(node, 'duplicate'),
    lost: guarantees.count(node, 'lost'),
    reordered: guarantees.count(node, 'reordered'),
    skipped: guarantees.count(node, 'skipped'),
    forbidden: MISHAPS.filter((mishap) => guarantees.forbids(node, mishap)),
    firstViolation: first && {
      mishap: first.mishap,
      message: first.message,
      key: first.key < 0 ? null : first.key,
      atMs: toMs(first.atMicros),
    },
  };
}

function verdictResults(nodes: readonly DesignNode[], judged: JudgedNode): VerdictResults {
  const { state, isSaturated, inMs } = judged.verdict;
  return {
    state,
    isSaturated,
    offeredPerSecond: finite(judged.offeredPerSecond),
    capacityPerSecond: finite(judged.capacityPerSecond),
    inMs: finite(inMs),
    waitsFor: nodes[judged.waitsFor]?.id ?? null,
    sinceMs: finite(judged.sinceMs),
    hindrance: judged.hindrance,
  };
}

function designVerdictResults(
  nodes: readonly DesignNode[],
  judged: readonly JudgedNode[],
  { edgeFrom, edgeTo }: EnginePlan,
  troubles: readonly Trouble[],
): DesignVerdictResults {
  const edges = Array.from(edgeFrom, (from, edge) => ({ from, to: edgeTo[edge] }));
  const { state, node, cause, inMs, text } = designVerdict(judged, edges, troubles);
  return { state, node: nodes[node]?.id ?? null, cause: nodes[cause]?.id ?? null, inMs: finite(inMs), text };
}

/** Named as spring-kafka names them: by the topic that the group reads, or the first of several. */
function retryTopicResults({ sim, kinds, nodes }: ResultsSource, node: number): RetryTopicResults[] {
  const stages = kinds.consumers.work.failing.stages.of(node);
  if (stages.length === 0) return [];
  const { inStart, inEdges, edgeFrom } = sim.plan;
  const sources = Array.from(
    inEdges.subarray(inStart[node], inStart[node + 1]),
    (edge) => nodes[edgeFrom[edge]],
  );
  const main = sources.find(({ kind }) => isLog(kind)) ?? nodes[node];
  return stages.map(({ suffix, delayMs, waiting, came }) => ({
    topic: `${main.name}${suffix}`,
    delayMs,
    waiting,
    came,
  }));
}

/** Only first tries are waits for one, so the two are counted already. */
export function retryAmplification({ metrics }: Simulation, node: number): number | null {
  const first = metrics.histograms.count(metrics.waitHistogram(node));
  const tries = metrics.since('attempts', node);
  return first > 0 && tries > 0 ? tries / first : null;
}

function edgeResults({ sim, kinds }: ResultsSource, edge: DesignEdge, index: number): EdgeResults {
  const messages = sim.transfers.passed[index];
  return {
    from: edge.from,
    to: edge.to,
    messages,
    ratePerSecond: sim.now > 0 ? messages / (sim.now / 1e6) : 0,
    blockedMs: toMs(sim.transfers.blockedTime(index, sim.now)),
    guard: guardResults(kinds, index),
    subscription: kinds.routers.results(index),
    reading: kinds.topics.reads?.of(index) ?? null,
    network: networkResults(kinds, index),
  };
}

function networkResults({ links: { troubles } }: RunKinds, edge: number): NetworkResults | null {
  const counted = (what: keyof typeof LINK_COUNT) => troubles.counted(edge, LINK_COUNT[what]);
  const found = {
    delayed: counted('delayed'),
    lost: counted('lost'),
    resent: counted('resent'),
    duplicated: counted('duplicated'),
    reordered: counted('reordered'),
  };
  return Object.values(found).some((count) => count > 0) ? found : null;
}

function latencyFigures(sim: Simulation, histogram: number): LatencyFigures {
  const { histograms } = sim.metrics;
  return {
    latencyMsMean: figure(histograms.mean(histogram)),
    latencyMsP50: figure(histograms.quantile(histogram, 0.5)),
    latencyMsP95: figure(histograms.quantile(histogram, 0.95)),
    latencyMsP99: figure(histograms.quantile(histogram, 0.99)),
    latencyMsMax: figure(histograms.max(histogram)),
  };
}

/** Microseconds as milliseconds, nothing for a figure without a sample. */
function figure(micros: number): number | null {
  return Number.isFinite(micros) ? toMs(micros) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function orZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
