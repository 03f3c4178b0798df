import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { ratePerSecond, type RateBase, type RateWindow } from '../rate-window.ts';
import { halvesOf, steadyGrowth, type BacklogTrend, type Halves } from './backlog-trend.ts';
import { COUNT, type LoadCounts } from './load-counts.ts';

/** Growth counts beyond two standard deviations of what chance does to a difference of two streams. */
const DEVIATIONS = 2;
/** What a backlog did over the window is over once it does otherwise, lately, by so many times what chance may do. */
const TURN = 2;
/** Readings over which a backlog has to rise before that is what happens now: a burst handed over at once is over. */
const RISE = 2;

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
export interface Movement extends Rates {
  growthPerSecond: number;
  noisePerSecond: number;
  /** The time that says how the node stands: the window, or since its backlog began to rise, as what was before is over. */
  base: RateBase;
  isNew: boolean;
}

/** The stretches of time over which nodes are looked at, from the newest readings to a third of a run. */
interface Stretches {
  late: Halves;
  short: Halves;
  long: Halves;
}

/** What the nodes of a design are to each other. */
export interface Roles {
  isGroup: readonly boolean[];
  isQueue: readonly boolean[];
  readsLog: readonly boolean[];
}

/** What comes and goes at nodes, and how their backlogs move, from the readings of the watch. */
export class Movements {
  private readonly sim: Simulation;
  private readonly counts: LoadCounts;
  private readonly window: RateWindow;
  private readonly trend: BacklogTrend;
  private readonly spacing: number;
  private readonly roles: Roles;
  /** Of each group: the one queue that it reads and no other does, else -1. */
  private readonly onlyQueue: readonly number[];
  /** Of each node: the reading since which its backlog rises by far more than before, in microseconds; NaN if it does not. */
  private readonly risingSince = new Float64Array();
  /** Of each node: seconds between its calls for records, where it makes such; else 0. */
  private readonly callSeconds: readonly number[];

  constructor(
    sim: Simulation,
    kinds: RunKinds,
    roles: Roles,
    readings: { counts: LoadCounts; window: RateWindow; trend: BacklogTrend; spacing: number },
  ) {
    this.sim = sim;
    this.counts = readings.counts;
    this.window = readings.window;
    this.trend = readings.trend;
    this.spacing = readings.spacing;
    this.roles = roles;
    this.onlyQueue = roles.isGroup.map((_, node) => this.queueRead(node));
    this.callSeconds = roles.isGroup.map((_, node) => longestBetweenCalls(sim, kinds, node));
    sim.columns.f64(this, 'risingSince', roles.isGroup.length).fill(NaN);
  }

  /** How each node moves now. */
  now(): Movement[] {
    const { window, spacing, trend } = this;
    const { now } = this.sim;
    const late = { whole: window.base(now, RISE * spacing), newer: window.base(now, spacing) };
    const stretches = { late, short: halvesOf(window, now), long: trend.halves(now) };
    return this.onlyQueue.map((_, node) => this.of(node, stretches));
  }

  /** With each reading, how each node moves. */
  note(moves: readonly Movement[]): void {
    moves.forEach(({ isNew, base }, node) => {
      this.risingSince[node] = isNew ? this.sim.now - Math.round(base.seconds * 1e6) : NaN;
    });
  }

  /**
   * What comes and goes at a node each second, how its backlog grows and how much of that chance may make: over the
   * window, or, where nothing stands out from chance in it, over the longer one.
   */
  private of(node: number, { late, short, long }: Stretches): Movement {
    const backlog = this.counts.backlog(node);
    const at = node * COUNT.size + COUNT.backlog;
    const growth = steadyGrowth(short, at, backlog);
    const whole = this.rates(node, short.whole, backlog);
    // What gathers from one call for records to the next comes and goes.
    const noiseOf = (flow: number, { seconds }: RateBase) =>
      DEVIATIONS * Math.sqrt(flow / seconds) + ((flow / 2) * this.callSeconds[node]) / seconds;
    const noiseOver = (over: RateBase) => noiseOf(whole.flow, over);
    const moving = (rates: Rates, growthPerSecond: number, noisePerSecond: number): Movement => {
      return { ...rates, growthPerSecond, noisePerSecond, base: short.whole, isNew: false };
    };
    // What did not shrink over the window and now does by far more than chance may is being worked off.
    const lastly = this.rates(node, late.newer, backlog);
    const noise = noiseOver(lastly.over);
    if (growth >= 0 && -lastly.backlogGrowth > TURN * noise)
      return moving(lastly, lastly.backlogGrowth, noise);
    // What rises by far more than it did over the window began to, and what was before says nothing of now.
    const since = this.sim.now - this.risingSince[node];
    const isKnown = since < short.whole.seconds * 1e6;
    const rise = isKnown ? halvesOf(this.window, this.sim.now, since) : late;
    const rising = steadyGrowth(rise, at, backlog);
    const lately = this.rates(node, rise.whole, backlog);
    const noiseOfRise = noiseOf(lately.flow, rise.whole);
    const least = isKnown ? noiseOfRise : Math.max(0, whole.backlogGrowth) + TURN * noiseOfRise;
    if (rising > least) return { ...moving(lately, rising, noiseOfRise), base: rise.whole, isNew: true };
    // What came in the older half of the window alone is over: the newer half says what comes and goes.
    const isOver = growth < 0 && whole.backlogGrowth > 0;
    const now = moving(
      isOver ? this.rates(node, short.newer, backlog) : whole,
      growth,
      noiseOver(short.whole),
    );
    if (Math.abs(growth) > now.noisePerSecond || backlog < whole.flow / 2) return now;
    const slowly = steadyGrowth(long, node, backlog);
    const noiseOfLong = noiseOver(long.whole);
    if (Math.abs(slowly) <= noiseOfLong) return now;
    const arrived = Math.max(0, whole.arrived + slowly - whole.backlogGrowth);
    return moving({ ...whole, arrived }, slowly, noiseOfLong);
  }

  private rates(node: number, over: RateBase, backlog: number): Rates {
    const at = node * COUNT.size;
    const done = ratePerSecond(over, at + COUNT.done, this.counts.done(node));
    const refused = ratePerSecond(over, at + COUNT.refused, this.counts.refused(node));
    const backlogGrowth = ratePerSecond(over, at + COUNT.backlog, backlog);
    const taken = ratePerSecond(over, at + COUNT.in, this.sim.metrics.of(node, METRIC.in));
    // It follows from what leaves and how fast the rest grows, so that the figures agree; what comes back to a queue counts.
    const left = done + backlogGrowth + this.lostBefore(node, over);
    const arrived = this.roles.isGroup[node]
      ? Math.max(0, left)
      : this.roles.isQueue[node]
        ? Math.max(taken, left)
        : taken;
    // A group moves as the queue does that it reads.
    const flow = done + (this.roles.readsLog[node] ? taken : arrived);
    return { over, arrived, done, refused, backlogGrowth, flow };
  }

  /** What leaves each second the queue that a group reads, before the group has time for it. */
  private lostBefore(node: number, base: RateBase): number {
    const queue = this.onlyQueue[node];
    return queue < 0 ? 0 : ratePerSecond(base, queue * COUNT.size + COUNT.unread, this.counts.unread(queue));
  }

  private queueRead(node: number): number {
    const { inStart, inEdges, outStart, outEdges, edgeFrom, edgePort } = this.sim.plan;
    const inputs = inEdges.subarray(inStart[node], inStart[node + 1]);
    const from = inputs.length === 1 && this.roles.isGroup[node] ? edgeFrom[inputs[0]] : -1;
    if (from < 0 || !this.roles.isQueue[from]) return -1;
    // Dead letters leave by a port of their own.
    const isRead = (edge: number) => edgePort[edge] === edgePort[inputs[0]];
    return outEdges.subarray(outStart[from], outStart[from + 1]).filter(isRead).length === 1 ? from : -1;
  }
}

function longestBetweenCalls({ plan }: Simulation, { topics }: RunKinds, node: number): number {
  const edges = plan.inEdges.subarray(plan.inStart[node], plan.inStart[node + 1]);
  return Math.max(0, ...Array.from(edges, (edge) => topics.reads?.callsEvery(edge) ?? 0)) / 1e6;
}
