import type { DesignNode } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { isGroup, isLog, isQueue } from '../../kinds/kind-roles.ts';
import { emptyGauge, HINDRANCES, type Hindrance, type NodeGauge } from '../../kinds/node-behavior.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { livesFor, type Expectation } from '../expected-loads.ts';
import { BacklogTrend, halvesOf, steadyGrowth, type Halves } from './backlog-trend.ts';
import { COUNT, LoadCounts } from './load-counts.ts';
import { Servers } from './servers.ts';
import { RateWindow, SLOTS, ratePerSecond, type RateBase } from '../rate-window.ts';
import { toMs } from '../time.ts';
import {
  LOAD_STATES,
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
/** Growth counts beyond two standard deviations of what chance does to a difference of two streams. */
const DEVIATIONS = 2;
/** A backlog that grew over the window has turned once it shrinks, from one reading to the next, by so many times that. */
const TURN = 2;

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
 * eight of them, so that however a run is cut or shown its verdict is the same. Before there is anything to measure
 * the fields of the design speak.
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
  /** Of each group: the one queue that it reads and no other does, else -1. */
  private readonly onlyQueue: readonly number[];
  private readonly readsOnlyLogs: readonly boolean[];
  /** Of each node: seconds between its calls for records, where it makes such; else 0. */
  private readonly callSeconds: readonly number[];
  private readonly expected: readonly (Expectation | undefined)[];
  private readonly window: RateWindow;
  private readonly trend: BacklogTrend;
  private readonly spacing: number;
  private readonly servers: Servers;
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
    this.onlyQueue = nodes.map((_, node) => this.queueRead(node));
    const inputs = nodes.map((_, node) => kindsOfInputs(sim, nodes, node));
    this.readsLog = inputs.map((from) => from.some(isLog));
    this.readsOnlyLogs = inputs.map((from, node) => this.isGroup[node] && from.every(isLog));
    this.callSeconds = nodes.map((_, node) => longestBetweenCalls(sim, kinds, node));
    this.expected = nodes.map(({ id }) => expected.get(id));
    const readings = Math.floor(NODES_READ / Math.max(1, nodes.length));
    const most = Math.max(FEWEST_READINGS, Math.min(READINGS, readings));
    this.spacing = Math.max(SHORTEST_MICROS, Math.ceil(horizon / most));
    this.nextReading = this.spacing;
    this.window = new RateWindow(sim.columns, nodes.length * COUNT.size, this.spacing * (SLOTS - 2));
    this.servers = new Servers(sim, kinds, this.expected, this.readsOnlyLogs, this.window, this.spacing);
    this.counts = new LoadCounts(sim, kinds, nodes);
    this.trend = new BacklogTrend(sim.columns, nodes.length, this.spacing);
    sim.columns.f64(this, 'shown', isWatched ? nodes.length * SHOWN.size : 0);
    sim.columns.wideScalars(this, ['nextReading']);
  }

  /** The reading at time zero. */
  begin(): void {
    this.servers.begin();
    this.read();
    if (this.shown.length > 0) this.show();
  }

  /** The clock stands at `nextReading` and everything up to it has happened. */
  observe(): void {
    this.nextReading += this.spacing;
    this.servers.note();
    if (this.shown.length > 0) this.show();
    this.read();
  }

  /** How every node stands now. Reads only. */
  judge(): JudgedNode[] {
    const short = halvesOf(this.window, this.sim.now);
    const long = this.trend.halves(this.sim.now);
    return this.names.map((_, node) => this.judgeNode(node, short, long));
  }

  private judgeNode(node: number, short: Halves, long: Halves): JudgedNode {
    const { sim } = this;
    const base = short.whole;
    const load = this.load(node, short, long);
    const verdict = verdictOf(load);
    const waits = verdict.state === 'waiting';
    const blocker = waits ? this.blocker(node) : -1;
    const from = Math.max(0, sim.now - base.seconds * 1e6);
    const saturated = verdict.isSaturated ? this.servers.saturatedFrom(node, base) : NaN;
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
  private load(node: number, short: Halves, long: Halves): Load {
    const base = short.whole;
    const { sim, gauge } = this;
    const expected = this.expected[node];
    if (base.seconds < SHORTEST_SECONDS) return expected?.load ?? unknownLoad();
    const strain = this.servers.measure(node, base);
    this.kinds.gaugeWithoutLag(sim, node, gauge);
    const backlog = this.counts.backlog(node);
    const move = this.movement(node, short, long, backlog);
    const { arrived, refused } = move;
    // What a group has no time for lies in the log or queue before it; only that of a log is not another node's verdict.
    const grows =
      this.isRouter[node] ||
      this.readsLog[node] ||
      (this.isQueue[node] && !this.losesInTime(node, backlog, arrived));
    return {
      offeredPerSecond: arrived,
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
   * Whether a queue holds no more than comes within the time to live of its messages. Where dead letters do not leave it,
   * or messages stand behind others that do not expire, it holds more.
   */
  private losesInTime(node: number, backlog: number, arrived: number): boolean {
    const seconds = this.livesFor[node];
    return seconds < Infinity && backlog <= FEW_DONE + 2 * arrived * seconds;
  }

  /** What leaves each second the queue that a group reads, before the group has time for it. */
  private lostBefore(node: number, base: RateBase): number {
    const queue = this.onlyQueue[node];
    return queue < 0 ? 0 : ratePerSecond(base, queue * COUNT.size + COUNT.unread, this.counts.unread(queue));
  }

  private queueRead(node: number): number {
    const { inStart, inEdges, outStart, outEdges, edgeFrom, edgePort } = this.sim.plan;
    const inputs = inEdges.subarray(inStart[node], inStart[node + 1]);
    const from = inputs.length === 1 && this.isGroup[node] ? edgeFrom[inputs[0]] : -1;
    if (from < 0 || !this.isQueue[from]) return -1;
    // Dead letters leave by a port of their own.
    const isRead = (edge: number) => edgePort[edge] === edgePort[inputs[0]];
    return outEdges.subarray(outStart[from], outStart[from + 1]).filter(isRead).length === 1 ? from : -1;
  }

  /**
   * What comes and goes at a node each second, how its backlog grows and how much of that chance may make: over the
   * window, or, where nothing stands out from chance in it, over the longer one.
   */
  private movement(node: number, short: Halves, long: Halves, backlog: number): Movement {
    const growth = steadyGrowth(short, node * COUNT.size + COUNT.backlog, backlog);
    const whole = this.rates(node, short.whole, backlog);
    const { flow } = whole;
    // What gathers from one call for records to the next comes and goes.
    const swing = (flow / 2) * this.callSeconds[node];
    const noiseOver = ({ seconds }: RateBase) => DEVIATIONS * Math.sqrt(flow / seconds) + swing / seconds;
    // What came in the older half of the window alone is over: the newer half says what comes and goes.
    const isOver = growth < 0 && whole.backlogGrowth > 0;
    const rates = isOver ? this.rates(node, short.newer, backlog) : whole;
    const noisePerSecond = noiseOver(short.whole);
    const now = { ...rates, growthPerSecond: growth, noisePerSecond };
    // What did not shrink over the window and now does by far more than chance may is being worked off.
    const lastly = this.rates(node, this.window.base(this.sim.now, this.spacing), backlog);
    const noise = noiseOver(lastly.over);
    if (growth >= 0 && -lastly.backlogGrowth > TURN * noise)
      return { ...lastly, growthPerSecond: lastly.backlogGrowth, noisePerSecond: noise };
    if (Math.abs(growth) > noisePerSecond || backlog < flow / 2) return now;
    const slowly = steadyGrowth(long, node, backlog);
    const noiseOfLong = noiseOver(long.whole);
    if (Math.abs(slowly) <= noiseOfLong) return now;
    const arrived = Math.max(0, whole.arrived + slowly - whole.backlogGrowth);
    return { ...whole, arrived, growthPerSecond: slowly, noisePerSecond: noiseOfLong };
  }

  private rates(node: number, over: RateBase, backlog: number): Rates {
    const at = node * COUNT.size;
    const done = ratePerSecond(over, at + COUNT.done, this.counts.done(node));
    const refused = ratePerSecond(over, at + COUNT.refused, this.counts.refused(node));
    const backlogGrowth = ratePerSecond(over, at + COUNT.backlog, backlog);
    const taken = ratePerSecond(over, at + COUNT.in, this.sim.metrics.of(node, METRIC.in));
    // It follows from what leaves and how fast the rest grows, so that the figures agree; what comes back to a queue counts.
    const left = done + backlogGrowth + this.lostBefore(node, over);
    const arrived = this.isGroup[node]
      ? Math.max(0, left)
      : this.isQueue[node]
        ? Math.max(taken, left)
        : taken;
    // A group moves as the queue does that it reads.
    const flow = done + (this.readsLog[node] ? taken : arrived);
    return { over, arrived, done, refused, backlogGrowth, flow };
  }

  private show(): void {
    this.judge().forEach((judged, node) => {
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
    counts.read(this.window.open());
    this.window.close(sim.now);
    this.trend.read(sim.now, this.names.length, (node) => counts.backlog(node));
  }
}

function kindsOfInputs({ plan }: Simulation, nodes: readonly DesignNode[], node: number): string[] {
  const edges = plan.inEdges.subarray(plan.inStart[node], plan.inStart[node + 1]);
  return [...edges].map((edge) => nodes[plan.edgeFrom[edge]].kind);
}

/** What happened at a node since a reading, each second. */
interface Rates {
  over: RateBase;
  arrived: number;
  done: number;
  refused: number;
  backlogGrowth: number;
  /** What came and went: chance makes as much of a difference as its square root. */
  flow: number;
}

/** The same, and how the backlog of a node moves: over the window, the last of it, or a longer one. */
interface Movement extends Rates {
  growthPerSecond: number;
  noisePerSecond: number;
}

function longestBetweenCalls({ plan }: Simulation, { topics }: RunKinds, node: number): number {
  const edges = plan.inEdges.subarray(plan.inStart[node], plan.inStart[node + 1]);
  return Math.max(0, ...Array.from(edges, (edge) => topics.reads?.callsEvery(edge) ?? 0)) / 1e6;
}

/** How many more messages have room: by their limit, or if one of bytes is nearer, by how far that is used up. */
function roomOf(backlog: number, limit: number, level: number): number {
  if (limit > 0 && !(level > backlog / limit)) return limit - backlog;
  return level > 0 ? backlog / level - backlog : Infinity;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}
