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
  /** Of what arrived, what left the queue before it before there was time for it. */
  lost: number;
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
  private readonly moves: readonly Movement[];

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
    const base = { counts: new Float64Array(), seconds: 0 };
    this.moves = roles.isGroup.map(() => still(base));
  }

  /** How each node moves now, from what was counted last; good until the next call. */
  now(): readonly Movement[] {
    const { window, spacing, trend, moves } = this;
    const { now } = this.sim;
    const late = { whole: window.base(now, RISE * spacing), newer: window.base(now, spacing) };
    const stretches = { late, short: halvesOf(window, now), long: trend.halves(now) };
    // In every run, and of many nodes, so nothing is made for it.
    for (let node = 0; node < moves.length; node++) this.look(moves[node], node, stretches);
    return moves;
  }

  /** With each reading, how each node moves. */
  note(moves: readonly Movement[]): void {
    for (let node = 0; node < moves.length; node++) {
      const { isNew, base } = moves[node];
      this.risingSince[node] = isNew ? this.sim.now - Math.round(base.seconds * 1e6) : NaN;
    }
  }

  /**
   * What comes and goes at a node each second, how its backlog grows and how much of that chance may make: over the
   * window, or, where nothing stands out from chance in it, over the longer one.
   */
  private look(move: Movement, node: number, { late, short, long }: Stretches): void {
    const backlog = this.counts.backlog(node);
    const at = node * COUNT.size + COUNT.backlog;
    const growth = steadyGrowth(short, at, backlog);
    move.base = short.whole;
    move.isNew = false;
    this.rates(move, node, short.whole);
    const { arrived, backlogGrowth, flow } = move;
    // What did not shrink over the window and now does by far more than chance may is being worked off.
    const lastly = ratePerSecond(late.newer, at, backlog);
    if (growth >= 0 && -lastly > TURN * this.noise(node, flow, late.newer)) {
      this.rates(move, node, late.newer);
      move.growthPerSecond = lastly;
      move.noisePerSecond = this.noise(node, flow, late.newer);
      return;
    }
    if (this.rises(move, node, late)) return;
    // What came in the older half of the window alone is over: the newer half says what comes and goes.
    const isOver = growth < 0 && backlogGrowth > 0;
    if (isOver) this.rates(move, node, short.newer);
    move.growthPerSecond = growth;
    move.noisePerSecond = this.noise(node, flow, short.whole);
    if (Math.abs(growth) > move.noisePerSecond || backlog < flow / 2) return;
    const slowly = steadyGrowth(long, node, backlog);
    const noiseOfLong = this.noise(node, flow, long.whole);
    if (Math.abs(slowly) <= noiseOfLong) return;
    if (isOver) this.rates(move, node, short.whole);
    move.arrived = Math.max(0, arrived + slowly - backlogGrowth);
    move.growthPerSecond = slowly;
    move.noisePerSecond = noiseOfLong;
  }

  /** Whether a backlog rises by far more than it did over the window: then that says how the node moves, else the window does. */
  private rises(move: Movement, node: number, late: Halves): boolean {
    const window = move.base;
    const backlog = this.counts.backlog(node);
    const before = move.backlogGrowth;
    // What was before it began says nothing of now.
    const since = this.sim.now - this.risingSince[node];
    const isKnown = since < window.seconds * 1e6;
    const rise = isKnown ? halvesOf(this.window, this.sim.now, since) : late;
    const rising = steadyGrowth(rise, node * COUNT.size + COUNT.backlog, backlog);
    if (rising <= 0) return false;
    this.rates(move, node, rise.whole);
    const noise = this.noise(node, move.flow, rise.whole);
    if (rising <= (isKnown ? noise : Math.max(0, before) + TURN * noise)) {
      this.rates(move, node, window);
      return false;
    }
    move.growthPerSecond = rising;
    move.noisePerSecond = noise;
    move.base = rise.whole;
    move.isNew = true;
    return true;
  }

  /** What chance makes of so much that comes and goes; what gathers from one call for records to the next does, too. */
  private noise(node: number, flow: number, { seconds }: RateBase): number {
    return DEVIATIONS * Math.sqrt(flow / seconds) + ((flow / 2) * this.callSeconds[node]) / seconds;
  }

  /** Writes what came and went since a reading. */
  private rates(into: Rates, node: number, over: RateBase): void {
    const { now } = this.counts;
    const at = node * COUNT.size;
    const done = ratePerSecond(over, at + COUNT.done, now[at + COUNT.done]);
    const backlogGrowth = ratePerSecond(over, at + COUNT.backlog, now[at + COUNT.backlog]);
    const taken = ratePerSecond(over, at + COUNT.in, now[at + COUNT.in]);
    // It follows from what leaves and how fast the rest grows, so that the figures agree; what comes back to a queue counts.
    const lost = this.lostBefore(node, over);
    const left = done + backlogGrowth + lost;
    const arrived = this.roles.isGroup[node]
      ? Math.max(0, left)
      : this.roles.isQueue[node]
        ? Math.max(taken, left)
        : taken;
    into.over = over;
    into.arrived = arrived;
    into.done = done;
    into.lost = lost;
    into.refused = ratePerSecond(over, at + COUNT.refused, now[at + COUNT.refused]);
    into.backlogGrowth = backlogGrowth;
    // A group moves as the queue does that it reads.
    into.flow = done + (this.roles.readsLog[node] ? taken : arrived);
  }

  /** What leaves each second the queue that a group reads, before the group has time for it. */
  private lostBefore(node: number, base: RateBase): number {
    const queue = this.onlyQueue[node];
    const at = queue * COUNT.size + COUNT.unread;
    return queue < 0 ? 0 : ratePerSecond(base, at, this.counts.now[at]);
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

/** With doubles from the start: a field that comes to hold one later changes its form, and with it what reads it. */
function still(base: RateBase): Movement {
  const rates = {
    over: base,
    arrived: 0.5,
    done: 0.5,
    lost: 0.5,
    refused: 0.5,
    backlogGrowth: 0.5,
    flow: 0.5,
  };
  return { ...rates, growthPerSecond: 0.5, noisePerSecond: 0.5, base, isNew: false };
}

function longestBetweenCalls({ plan }: Simulation, { topics }: RunKinds, node: number): number {
  const edges = plan.inEdges.subarray(plan.inStart[node], plan.inStart[node + 1]);
  return Math.max(0, ...Array.from(edges, (edge) => topics.reads?.callsEvery(edge) ?? 0)) / 1e6;
}
