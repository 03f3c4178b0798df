import type { DesignNode } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { isGroup, isLog, isQueue } from '../../kinds/kind-roles.ts';
import { emptyGauge, HINDRANCES, type Hindrance, type NodeGauge } from '../../kinds/node-behavior.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { livesFor, type Expectation } from '../expected-loads.ts';
import { BacklogTrend } from './backlog-trend.ts';
import { COUNT, LoadCounts } from './load-counts.ts';
import { Movements, type Movement } from './movement.ts';
import { Servers } from './servers.ts';
import { RateWindow, SLOTS, ratePerSecond, type RateBase } from '../rate-window.ts';
import { toMs } from '../time.ts';
import {
  LOAD_STATES,
  hasTimeToSpare,
  isSaturated,
  unknownLoad,
  verdictOf,
  type JudgedNode,
  type Load,
  type Strain,
} from './verdict.ts';

/** Readings over a run: fewer in a large design, so that all of them together look at no more nodes than this. */
const READINGS = 200;
const FEWEST_READINGS = 20;
const NODES_READ = 100_000;
const SHORTEST_MICROS = 1_000_000;
/** A service rate is measured from at least so many messages, and growth over at least so many seconds. */
const FEW_DONE = 10;
const SHORTEST_SECONDS = 1;

/** What a node's row of `shown` holds, as a frame carries it. */
export const SHOWN = {
  state: 0,
  isSaturated: 1,
  inMs: 2,
  offeredPerSecond: 3,
  capacityPerSecond: 4,
  sinceMs: 5,
  waitsFor: 6,
  hindrance: 7,
  size: 8,
} as const;

/**
 * Measures load against capacity in every run, watched or not: readings at fixed simulated times, over a window of
 * eight of them or since a backlog began to rise, so that however a run is cut or shown its verdict is the same. Before
 * there is anything to measure the fields of the design speak.
 */
export class LoadWatch {
  /** Verdicts as of the last reading, a row of `SHOWN` for each node; empty where nobody watches the run. */
  shown = new Float64Array();
  /** Time of the next reading in microseconds. */
  nextReading: number;
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly counts: LoadCounts;
  private readonly names: readonly string[];
  private readonly isGroup: readonly boolean[];
  private readonly isQueue: readonly boolean[];
  private readonly isRouter: readonly boolean[];
  private readonly readsLog: readonly boolean[];
  /** Of each node: seconds for which messages wait in it at most, Infinity for ever. */
  private readonly livesFor: readonly number[];
  private readonly readsOnlyLogs: readonly boolean[];
  private readonly expected: readonly (Expectation | undefined)[];
  private readonly window: RateWindow;
  private readonly trend: BacklogTrend;
  private readonly spacing: number;
  private readonly servers: Servers;
  private readonly movements: Movements;
  private readonly gauge: NodeGauge = emptyGauge();

  constructor(
    sim: Simulation,
    kinds: RunKinds,
    nodes: readonly DesignNode[],
    expected: ReadonlyMap<string, Expectation>,
    horizon: number,
    isWatched: boolean,
  ) {
    this.sim = sim;
    this.kinds = kinds;
    this.names = nodes.map(({ name }) => name);
    this.isGroup = nodes.map(({ kind }) => isGroup(kind));
    this.isQueue = nodes.map(({ kind }) => isQueue(kind));
    this.isRouter = nodes.map(({ kind }) => kind === 'event-router');
    this.livesFor = nodes.map(livesFor);
    const inputs = nodes.map((_, node) => kindsOfInputs(sim, nodes, node));
    this.readsLog = inputs.map((from) => from.some(isLog));
    this.readsOnlyLogs = inputs.map((from, node) => this.isGroup[node] && from.every(isLog));
    this.expected = nodes.map(({ id }) => expected.get(id));
    const readings = Math.floor(NODES_READ / Math.max(1, nodes.length));
    const most = Math.max(FEWEST_READINGS, Math.min(READINGS, readings));
    this.spacing = Math.max(SHORTEST_MICROS, Math.ceil(horizon / most));
    this.nextReading = this.spacing;
    this.window = new RateWindow(sim.columns, nodes.length * COUNT.size, this.spacing * (SLOTS - 2));
    this.servers = new Servers(sim, kinds, this.expected, this.readsOnlyLogs, this.window, this.spacing);
    this.counts = new LoadCounts(sim, kinds, nodes);
    this.trend = new BacklogTrend(sim.columns, nodes.length, this.spacing);
    const { counts, window, trend, spacing } = this;
    const roles = { isGroup: this.isGroup, isQueue: this.isQueue, readsLog: this.readsLog };
    this.movements = new Movements(sim, kinds, roles, { counts, window, trend, spacing });
    sim.columns.f64(this, 'shown', isWatched ? nodes.length * SHOWN.size : 0);
    sim.columns.wideScalars(this, ['nextReading']);
  }

  /** What all nodes together are offered each second by the fields of the design, as far as those say it. */
  get expectedPerSecond(): number {
    return this.expected.reduce((sum, each) => sum + (each?.load.offeredPerSecond || 0), 0);
  }

  /** The reading at time zero. */
  begin(): void {
    this.servers.begin();
    this.counts.look();
    this.read();
    if (this.shown.length > 0) this.show();
  }

  /** The clock stands at `nextReading` and everything up to it has happened. */
  observe(): void {
    this.nextReading += this.spacing;
    this.counts.look();
    const moves = this.movements.now();
    this.servers.note((node) => moves[node].base);
    this.movements.note(moves);
    if (this.shown.length > 0) this.show();
    this.read();
  }

  /** How every node stands now. Reads only. */
  judge(): JudgedNode[] {
    this.counts.look();
    return this.judgeCounted();
  }

  private judgeCounted(): JudgedNode[] {
    const whole = this.window.base(this.sim.now);
    return this.movements.now().map((move, node) => this.judgeNode(node, whole, move));
  }

  private judgeNode(node: number, whole: RateBase, move: Movement): JudgedNode {
    const { sim } = this;
    const load = this.load(node, whole, move);
    const verdict = verdictOf(load);
    const waits = verdict.state === 'waiting';
    const blocker = waits ? this.blocker(node) : -1;
    const from = Math.max(0, sim.now - whole.seconds * 1e6);
    const saturated = verdict.isSaturated ? this.servers.saturatedFrom(node, move.base) : NaN;
    const heldSince = sim.transfers.heldSince[node];
    // Who was let go in between waits again and again, not since a time.
    const held = sim.transfers.heldEdges[node] > 0 && heldSince <= from ? heldSince : NaN;
    return {
      name: this.names[node],
      isQueue: this.isQueue[node],
      verdict,
      offeredPerSecond: load.offeredPerSecond,
      capacityPerSecond: load.capacityPerSecond,
      waitsFor: blocker < 0 ? -1 : sim.transfers.to[blocker],
      sinceMs: sim.now === 0 ? NaN : toMs(waits ? held : saturated),
      hindrance: this.hindrance(node),
      notReady: {
        retries: this.isQueue[node] ? this.kinds.queues.delayedIn(node) : 0,
        letters: this.isQueue[node] ? this.kinds.queues.lettersWaiting(node) : 0,
      },
    };
  }

  private hindrance(node: number): Hindrance {
    const retries = this.isRouter[node] && this.sim.metrics.of(node, METRIC.queued) > 0;
    if (retries) return 'refusing-target';
    if (!this.isSilent(node)) return HINDRANCES[this.isGroup[node] ? this.kinds.groups.hindrance(node) : 0];
    this.kinds.gaugeWithoutLag(this.sim, node, this.gauge);
    return this.gauge.down ? 'none' : 'silent-member';
  }

  /** The edge that holds a node back; of one that moves on right now, the edge that has held it longest. */
  private blocker(node: number): number {
    const { plan, transfers, now } = this.sim;
    if (transfers.heldBy[node] >= 0) return transfers.heldBy[node];
    const edges = [...plan.outEdges.subarray(plan.outStart[node], plan.outStart[node + 1])];
    const blocked = edges.map((edge) => transfers.blockedTime(edge, now));
    const longest = Math.max(0, ...blocked);
    return longest > 0 ? edges[blocked.indexOf(longest)] : -1;
  }

  /** The load of a node over the window, or what its fields promise while there is too little to measure. */
  private load(node: number, whole: RateBase, move: Movement): Load {
    const { sim, gauge } = this;
    const expected = this.expected[node];
    if (whole.seconds < SHORTEST_SECONDS) return expected?.load ?? unknownLoad();
    const strain = this.servers.measure(node, move.base);
    this.kinds.gaugeWithoutLag(sim, node, gauge);
    const backlog = this.counts.backlog(node);
    const { arrived, refused } = move;
    // What a group has no time for lies in the log or queue before it; only that of a log is not another node's verdict.
    const grows =
      this.isRouter[node] ||
      this.readsLog[node] ||
      (this.isQueue[node] && !this.losesInTime(node, backlog, move));
    return {
      // What its queue loses in bursts never came to a reader that has time on average.
      offeredPerSecond: hasTimeToSpare(strain) ? Math.max(0, arrived - move.lost) : arrived,
      capacityPerSecond: Math.min(
        this.capacity(node, strain, move),
        expected?.permittedPerSecond ?? Infinity,
      ),
      backlog,
      room: this.counts.hasRoom[node] ? roomOf(backlog, gauge.limit, gauge.level) : Infinity,
      growthPerSecond: grows ? move.growthPerSecond : NaN,
      noisePerSecond: move.noisePerSecond,
      busyShare: strain.busyShare,
      heldShare: strain.heldShare,
      refusedShare: arrived > 0 ? refused / arrived : 0,
      down:
        (strain.down || this.isSilent(node)) &&
        (arrived + backlog + gauge.busy > 0 || this.isWaitedFor(node)),
    };
  }

  /** What a node can do each second: what it did in its busy time, or what its fields promise. */
  private capacity(node: number, strain: Strain, move: Movement): number {
    const { sim } = this;
    const { done, over } = move;
    const expectedPerSecond = this.expected[node]?.load.capacityPerSecond ?? NaN;
    const isTooSlow = expectedPerSecond * over.seconds < FEW_DONE;
    const grows = move.growthPerSecond > move.noisePerSecond;
    // A group with time to spare that falls behind all the same is kept from its log: it can do what it gets.
    if (this.readsOnlyLogs[node] && !isTooSlow && !isSaturated(strain) && grows) return done;
    if (this.isSilent(node)) return 0;
    const isEnough = done * over.seconds >= FEW_DONE;
    const servers = this.servers.count(node);
    if (servers > 0) {
      const at = node * COUNT.size + COUNT.busy;
      const busy = ratePerSecond(over, at, sim.metrics.busyMicros(node, sim.now)) / 1e6;
      // Who is always busy does all that it can, be it nothing; but what takes longer than the window shows nothing in it.
      return isEnough || (isSaturated(strain) && !isTooSlow) ? (done * servers) / busy : expectedPerSecond;
    }
    if (!this.isQueue[node]) return expectedPerSecond;
    // A queue that has just begun to fill shows nothing yet.
    if (!grows && move.backlogGrowth > move.noisePerSecond) return NaN;
    // One that never runs dry shows what its readers can do; one that does only what they had to do.
    const isFull = grows || sim.metrics.of(node, METRIC.queued) > Math.max(FEW_DONE, done);
    return isFull && (isEnough || (grows && !isTooSlow)) ? done : expectedPerSecond;
  }

  /** Whether nobody of a group takes what comes: all its members hang, are cut off or gone. */
  private isSilent(node: number): boolean {
    return this.isGroup[node] && !this.readsLog[node] && this.kinds.groups.takers(node) === 0;
  }

  /** Whether somebody stands before a node that takes nothing. */
  private isWaitedFor(node: number): boolean {
    const { plan, transfers } = this.sim;
    return plan.inEdges
      .subarray(plan.inStart[node], plan.inStart[node + 1])
      .some((edge) => transfers.waiting[edge] > 0);
  }

  /**
   * Whether a queue holds no more than comes within the time to live of its messages, or shrinks towards that as they
   * expire: it never gets empty then. Where dead letters do not leave it, or messages stand behind others that do not
   * expire, it holds more.
   */
  private losesInTime(
    node: number,
    backlog: number,
    { over, arrived, done, growthPerSecond }: Movement,
  ): boolean {
    const seconds = this.livesFor[node];
    if (seconds === Infinity) return false;
    const at = node * COUNT.size + COUNT.in;
    const isEmptied = done > ratePerSecond(over, at, this.counts.now[at]);
    return backlog <= FEW_DONE + 2 * arrived * seconds || (growthPerSecond < 0 && !isEmptied);
  }

  private show(): void {
    this.judgeCounted().forEach((judged, node) => {
      const { verdict } = judged;
      const at = node * SHOWN.size;
      this.shown[at + SHOWN.state] = LOAD_STATES.indexOf(verdict.state);
      this.shown[at + SHOWN.isSaturated] = verdict.isSaturated ? 1 : 0;
      this.shown[at + SHOWN.inMs] = verdict.inMs;
      this.shown[at + SHOWN.offeredPerSecond] = finite(judged.offeredPerSecond);
      // Work that takes no time has no bound to its rate, which is no figure to show.
      this.shown[at + SHOWN.capacityPerSecond] = finite(judged.capacityPerSecond);
      this.shown[at + SHOWN.sinceMs] = judged.sinceMs;
      this.shown[at + SHOWN.waitsFor] = judged.waitsFor;
      this.shown[at + SHOWN.hindrance] = HINDRANCES.indexOf(judged.hindrance);
    });
  }

  private read(): void {
    const { sim, counts } = this;
    this.window.open().set(counts.now);
    this.window.close(sim.now);
    this.trend.read(sim.now, this.names.length, (node) => counts.backlog(node));
  }
}

/** How many more messages have room: by their limit, or if one of bytes is nearer, by how far that is used up. */
function roomOf(backlog: number, limit: number, level: number): number {
  if (limit > 0 && !(level > backlog / limit)) return limit - backlog;
  return level > 0 ? backlog / level - backlog : Infinity;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}

function kindsOfInputs({ plan }: Simulation, nodes: readonly DesignNode[], node: number): string[] {
  const edges = plan.inEdges.subarray(plan.inStart[node], plan.inStart[node + 1]);
  return [...edges].map((edge) => nodes[plan.edgeFrom[edge]].kind);
}
