import { emptyGauge, type NodeGauge } from '../../kinds/node-behavior.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import type { Expectation } from '../expected-loads.ts';
import { ratePerSecond, type RateBase, type RateWindow } from '../rate-window.ts';
import { COUNT } from './load-counts.ts';
import { isSaturated, type Strain } from './verdict.ts';

/** For so many readings after a change of the number of servers they are as busy as before it: fewer show what chance does. */
const SETTLING = 4;

/** A strain, and from when on it was measured, in microseconds. */
interface MeasuredStrain extends Strain {
  since: number;
}

/**
 * How busy the servers of nodes are that can be: a member without a partition cannot, nor one that is dead, cut off or
 * hangs. When they become more or fewer, only what came after counts, as share of those that are there. Looked at
 * with each reading of the watch, so that it is the same however a run is cut or shown.
 */
export class Servers {
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly expected: readonly (Expectation | undefined)[];
  private readonly readsOnlyLogs: readonly boolean[];
  private readonly window: RateWindow;
  private readonly settlingMicros: number;
  /** Nodes with servers, the only ones that can be saturated. */
  private working: readonly number[] = [];
  /** Servers that could be busy at the last reading, and the reading since which they are so many. */
  private able = new Float64Array();
  private changedAt = new Float64Array();
  /** How busy they were at the last reading. */
  private readonly share = new Float64Array();
  /** Since when a node is saturated, in microseconds; NaN if it is not. */
  private readonly saturatedSince = new Float64Array();
  private readonly gauge: NodeGauge = emptyGauge();
  private readonly strain: MeasuredStrain = { busyShare: NaN, heldShare: NaN, down: false, since: 0 };

  constructor(
    sim: Simulation,
    kinds: RunKinds,
    expected: readonly (Expectation | undefined)[],
    readsOnlyLogs: readonly boolean[],
    window: RateWindow,
    spacing: number,
  ) {
    this.sim = sim;
    this.kinds = kinds;
    this.expected = expected;
    this.readsOnlyLogs = readsOnlyLogs;
    this.window = window;
    this.settlingMicros = SETTLING * spacing;
    const nodes = sim.plan.nodeCount;
    for (const field of ['able', 'changedAt'] as const) sim.columns.f64(this, field, nodes);
    for (const field of ['share', 'saturatedSince'] as const) sim.columns.f64(this, field, nodes).fill(NaN);
  }

  /** At time zero. */
  begin(): void {
    this.working = Array.from(this.expected.keys()).filter((node) => this.gaugeOf(node).servers > 0);
    for (const node of this.working) this.able[node] = this.count(node);
  }

  /** With each reading, over the time that says how a node stands. In every run, so it looks at no more than that takes. */
  note(baseOf: (node: number) => RateBase): void {
    const { now } = this.sim;
    for (const node of this.working) {
      const strain = this.measure(node, baseOf(node));
      if (!isSaturated(strain)) this.saturatedSince[node] = NaN;
      else if (Number.isNaN(this.saturatedSince[node])) this.saturatedSince[node] = strain.since;
      this.share[node] = strain.busyShare;
      const able = this.count(node);
      if (able === this.able[node]) continue;
      this.able[node] = able;
      this.changedAt[node] = now;
    }
  }

  /** Since when a node is saturated that is so now, in microseconds. */
  saturatedFrom(node: number, base: RateBase): number {
    const known = this.saturatedSince[node];
    return Number.isNaN(known) ? this.measure(node, base).since : known;
  }

  /** What alone decides whether a node is saturated, over a window; good until the next call. */
  measure(node: number, base: RateBase): MeasuredStrain {
    const { sim, strain } = this;
    const { now } = sim;
    const at = node * COUNT.size;
    const from = now - base.seconds * 1e6;
    const isChanged = this.changedAt[node] > from;
    const own = isChanged ? this.window.base(now, now - this.changedAt[node]) : base;
    const busy = ratePerSecond(own, at + COUNT.busy, sim.metrics.busyMicros(node, now)) / 1e6;
    const isSettled = !isChanged || now - this.changedAt[node] >= this.settlingMicros;
    const able = this.able[node];
    strain.busyShare = !isSettled ? this.share[node] : able > 0 ? busy / able : NaN;
    strain.heldShare = ratePerSecond(base, at + COUNT.held, sim.transfers.heldTime(node, now)) / 1e6;
    strain.down = this.gaugeOf(node).down;
    strain.since = Math.max(0, now - own.seconds * 1e6);
    return strain;
  }

  /** Servers of a node that can be busy at this moment. */
  count(node: number): number {
    const { groups } = this.kinds;
    const { servers } = this.gaugeOf(node);
    const isOfLogs = this.readsOnlyLogs[node];
    const there = isOfLogs ? groups.readers(node) : groups.takers(node);
    const able = there > 0 ? (servers * there) / groups.members(node) : servers;
    // Who reads only logs is as many as have a partition, if any has; the fields know the others.
    return isOfLogs && there > 0 ? able : Math.min(able, this.expected[node]?.workers ?? Infinity);
  }

  private gaugeOf(node: number): NodeGauge {
    this.kinds.gaugeWithoutLag(this.sim, node, this.gauge);
    return this.gauge;
  }
}
