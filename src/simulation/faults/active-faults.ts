import { LIMITS } from '../../design/limits.ts';
import { groupDigits, showValue } from '../../design/wording.ts';
import type { Json, Problem, ScheduledFault } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { edgeSite, nodeSite, type FaultSite } from '../../kinds/fault-site.ts';
import { isGroup } from '../../kinds/kind-roles.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import type { SimulatedDesign } from '../engine-plan.ts';
import { drainedWords, isLagOver, lagPeak, lagSeen, type FaultLag } from './fault-lag.ts';
import { healWords, tallyBetween, tallyNow, type FaultTally } from './fault-tally.ts';
import { resolveFaultArgs, validateFaultArgs } from './fault-args.ts';
import { growthRefusal } from '../problems/growth-problems.ts';
import type { FaultResults } from '../results/results.ts';
import type { ActiveFault, FaultPlace, TraceRow } from '../run.ts';
import { toMicros, toMs } from '../time.ts';
import type { Trouble } from '../verdict/verdict.ts';

type Args = Readonly<Record<string, Json>>;
type Struck = Pick<ActiveFault, 'node' | 'edge'>;

/** Something to do at a simulated time: start a fault of the scenario, or end one. */
type Action = { start: ScheduledFault } | { end: string };

/** State of the faults at one time. The lists are replaced, never changed, so a copy costs nothing. */
export interface FaultsSnapshot {
  active: readonly ActiveFault[];
  actions: readonly Action[];
  notes: readonly FaultNote[];
  records: readonly FaultRecord[];
}

/** A fault that has begun: what was counted by then, and once it is over what came of it. */
interface FaultRecord {
  fault: ActiveFault;
  before: FaultTally;
  behind: FaultLag;
  ended: { atMs: number; tally: FaultTally; lag: number | null } | null;
}

/** A fault that started or ended, as the trace tells of it. */
export interface FaultNote {
  id: string;
  sentence: string;
}

/**
 * The faults in force: started by hand or by the scenario, ended by hand or after their time. An action's number
 * is an event's argument and thus part of the hash, so it counts on from the state and not from the object.
 */
export class ActiveFaults {
  active: readonly ActiveFault[] = [];
  /** What the engine's rows of the trace refer to by number, so it goes back with them. */
  notes: readonly FaultNote[] = [];
  private actions: readonly Action[] = [];
  private records: readonly FaultRecord[] = [];
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly design: SimulatedDesign;
  private readonly edgeIndexOf: ReadonlyMap<string, number>;

  constructor(sim: Simulation, kinds: RunKinds, design: SimulatedDesign) {
    this.sim = sim;
    this.kinds = kinds;
    this.design = design;
    this.edgeIndexOf = new Map(design.edges.map(({ id }, index) => [id, index]));
  }

  /** Puts the faults of the scenario into the event queue. Called once, before the first event. */
  schedule(faults: readonly ScheduledFault[]): void {
    for (const fault of faults) {
      if (this.indexOf(fault) !== undefined) this.later(toMicros(fault.atMs), { start: fault });
    }
  }

  /** Runs the action of this number; the engine calls it at the action's time. */
  act(number: number): void {
    const action = this.actions[number];
    if ('start' in action) {
      const { id, node, edge, fault, args, forMs } = action.start;
      this.start({ id, ...(edge === undefined ? { node } : { edge }), fault, args }, forMs);
    } else {
      this.end(action.end);
    }
  }

  /** Starts a fault by hand; the problem if the place cannot have it. */
  inject(id: string, place: FaultPlace, fault: string, args: Args, forMs?: number): Problem | null {
    const struck = typeof place === 'string' ? { node: place } : { edge: place.edge };
    if (this.indexOf(struck) === undefined) {
      const [what, of] = typeof place === 'string' ? ['node', place] : ['edge', place.edge];
      return problem(`unknown-${what}`, `The run has no ${what} ${JSON.stringify(of)}.`, struck);
    }
    const found = validateFaultArgs(this.site(struck), fault, args);
    const refused = found ?? this.refusesGrowth(struck, fault, args);
    if (refused) return refused;
    if (forMs !== undefined && !(forMs > 0 && forMs <= LIMITS.horizonMs)) {
      return problem(
        'bad-duration',
        `Found ${showValue(forMs)} ms, expected a fault that lasts longer than 0 ms and at most 30 days.`,
        struck,
      );
    }
    this.start({ id, ...struck, fault, args }, forMs);
    return null;
  }

  /** Ends a fault by hand. */
  heal(id: string): Problem | null {
    if (this.end(id)) return null;
    return problem('unknown-fault', `No fault ${JSON.stringify(id)} is in force.`);
  }

  /** A fault that comes to its end by itself has done so: whatever of its kind was in force at the node is over. */
  over(index: number, fault: string): void {
    const { id: node } = this.design.nodes[index];
    const isOver = (candidate: ActiveFault) => candidate.node === node && candidate.fault === fault;
    const ended = this.active.filter(isOver);
    this.active = this.active.filter((candidate) => !isOver(candidate));
    for (const one of ended) this.close(one);
  }

  /** Every fault that has begun, in order, with what came while it was in force. */
  results(): FaultResults[] {
    return this.records.map(({ fault, before, behind, ended }) => {
      const { id, node = null, edge = null, sinceMs: atMs } = fault;
      const { tally, lag } = ended ?? this.hitSince(fault, before);
      const text = `${this.site(fault).name}: ${this.says(fault)}`;
      const times = { atMs, healedMs: ended?.atMs ?? null, drainedMs: behind.drainedMs };
      return { id, node, edge, fault: fault.fault, text, ...times, ...tally, lag, lagPeak: lagPeak(behind) };
    });
  }

  /** Looks how far consumers are behind because of faults, at times that are the same however a run is watched. */
  observe(): TraceRow[] {
    const rows: TraceRow[] = [];
    const atMs = toMs(this.sim.now);
    const lagOf = this.lagsNow();
    this.records = this.records.map((record) => {
      const { fault, behind, ended } = record;
      if (isLagOver(behind, ended !== null)) return record;
      const seen = lagSeen(behind, lagOf(fault), atMs, ended !== null);
      if (seen === behind) return record;
      if (seen.drainedMs !== null) rows.push(this.drainedRow(fault, seen, ended!.atMs));
      return { ...record, behind: seen };
    });
    return rows;
  }

  /** The edges in trouble now, as the verdict on the design names them. */
  edgeTroubles(): Trouble[] {
    return this.active
      .filter(({ edge }) => edge !== undefined)
      .map((fault) => {
        const { name } = this.site(fault);
        return { of: 'Network', name, says: this.says(fault), sinceMs: fault.sinceMs };
      });
  }

  save(): FaultsSnapshot {
    return { active: this.active, actions: this.actions, notes: this.notes, records: this.records };
  }

  restore(snapshot: FaultsSnapshot): void {
    this.active = snapshot.active;
    this.actions = snapshot.actions;
    this.notes = snapshot.notes;
    this.records = snapshot.records;
  }

  private start({ args: given, ...struck }: Omit<ActiveFault, 'sinceMs'>, forMs: number | undefined): void {
    const { sim } = this;
    const args = resolveFaultArgs(this.site(struck), struck.fault, given);
    const fault = { ...struck, args, sinceMs: toMs(sim.now) };
    this.active = [...this.active, fault];
    const before = tallyNow(sim, this.kinds, this.edgeOf(fault));
    const now = this.lagsNow()(fault);
    const behind = { before: now, peak: now, drainedMs: null };
    this.records = [...this.records, { fault, before, behind, ended: null }];
    this.strike(fault);
    this.note(TRACE.fault, fault, this.says(fault));
    if (forMs !== undefined) this.later(sim.now + toMicros(forMs), { end: fault.id });
  }

  /**
   * Of two faults on one thing the later counts, so when that one ends the earlier is in force again, with no healthy
   * instant between: a member under two crashes must not come up to take a message and die with it.
   */
  private end(id: string): boolean {
    const ended = this.active.find((candidate) => candidate.id === id);
    if (!ended) return false;
    const sameThing = this.active.filter((candidate) => isSameThing(candidate, ended));
    this.active = this.active.filter((candidate) => candidate !== ended);
    if (sameThing.at(-1) === ended) {
      const before = sameThing.at(-2);
      if (before) this.strike(before);
      else this.mend(ended);
    }
    this.close(ended);
    return true;
  }

  /** A fault is over, and it is said what came of it. */
  private close(fault: ActiveFault): void {
    const at = this.records.findLastIndex((record) => record.fault === fault);
    const { before, behind } = this.records[at];
    const atMs = toMs(this.sim.now);
    const hit = this.hitSince(fault, before);
    const seen = lagSeen(behind, this.lagsNow()(fault), atMs, false);
    this.records = this.records.with(at, { fault, before, behind: seen, ended: { atMs, ...hit } });
    const words = healWords(atMs - fault.sinceMs, { ...hit.tally, lagPeak: lagPeak(seen) }, hit.lag);
    this.note(TRACE.heal, fault, `no longer “${this.says(fault)}” ${words}`);
  }

  private refusesGrowth(struck: Struck, fault: string, args: Args): Problem | null {
    if (fault !== 'add-partitions') return null;
    const index = this.indexOf(struck)!;
    const { partitions } = resolveFaultArgs(this.site(struck), fault, args);
    return growthRefusal(this.kinds, { index, ...this.design.nodes[index] }, partitions as number);
  }

  private hitSince(fault: ActiveFault, before: FaultTally): { tally: FaultTally; lag: number | null } {
    const tally = tallyBetween(before, tallyNow(this.sim, this.kinds, this.edgeOf(fault)));
    const group = this.groupOf(fault);
    return { tally, lag: group < 0 ? null : this.kinds.lags.behind(this.sim, group) };
  }

  /** The group that a fault strikes, or to which its edge leads; -1 for none. */
  private groupOf(fault: ActiveFault): number {
    const index = this.indexOf(fault)!;
    const node = fault.edge === undefined ? index : this.sim.plan.edgeTo[index];
    return isGroup(this.design.nodes[node].kind) ? node : -1;
  }

  /** How far a fault's group is behind at this moment, or all groups together; of each group worked out once. */
  private lagsNow(): (fault: ActiveFault) => number {
    const known = new Map<number, number>();
    const lagOf = (group: number): number => {
      const lag = known.get(group) ?? this.kinds.lags.behind(this.sim, group);
      known.set(group, lag);
      return lag;
    };
    const groups = this.design.nodes.flatMap(({ kind }, node) => (isGroup(kind) ? [node] : []));
    return (fault) => {
      const group = this.groupOf(fault);
      return group >= 0 ? lagOf(group) : groups.reduce((sum, each) => sum + lagOf(each), 0);
    };
  }

  private drainedRow(fault: ActiveFault, { peak, drainedMs }: FaultLag, healedMs: number): TraceRow {
    const index = this.indexOf(fault)!;
    const node = fault.edge === undefined ? index : this.sim.plan.edgeFrom[index];
    const words = drainedWords(drainedMs!, healedMs);
    const text = `${this.site(fault).name}, after “${this.says(fault)}”: ${groupDigits(peak)} behind at the peak, ${words}.`;
    return { atMs: drainedMs!, node: this.design.nodes[node].id, code: 'drained', text, fault: fault.id };
  }

  private edgeOf(fault: ActiveFault): number {
    return fault.edge === undefined ? -1 : this.indexOf(fault)!;
  }

  private strike({ node, edge, fault, args }: ActiveFault): void {
    const index = this.indexOf({ node, edge })!;
    if (edge === undefined) this.kinds.inject(this.sim, index, fault, args);
    else this.kinds.links.inject(this.sim, index, fault, args);
  }

  private mend({ node, edge, fault, args }: ActiveFault): void {
    const index = this.indexOf({ node, edge })!;
    if (edge === undefined) this.kinds.heal(this.sim, index, fault, args);
    else this.kinds.links.heal(this.sim, index, fault);
  }

  /** Index of the node or edge that a fault strikes; undefined for one that is not simulated. */
  private indexOf({ node, edge }: Struck): number | undefined {
    return edge === undefined ? this.design.indexOf.get(node ?? '') : this.edgeIndexOf.get(edge);
  }

  /** Of a simulated node or edge. */
  private site(struck: Struck): FaultSite {
    const { nodes, edges } = this.design;
    const index = this.indexOf(struck)!;
    return struck.edge === undefined ? nodeSite(nodes[index]) : edgeSite(edges[index], nodes);
  }

  private later(time: number, action: Action): void {
    this.sim.scheduleAction(time, this.actions.length);
    this.actions = [...this.actions, action];
  }

  /** An edge is told of by the node that it leaves. */
  private note(code: number, fault: ActiveFault, what: string): void {
    const index = this.indexOf(fault)!;
    const node = fault.edge === undefined ? index : this.sim.plan.edgeFrom[index];
    this.sim.trace.add(this.sim.now, code, node, this.notes.length, 0, 0);
    this.notes = [...this.notes, { id: fault.id, sentence: `${this.site(fault).name}: ${what}.` }];
  }

  private says(active: ActiveFault): string {
    const { fault, args } = active;
    const definition = this.site(active).faults.find(({ id }) => id === fault);
    const badge = definition?.badge.replace(/\{(\w+)\}/g, (_, name: string) => showArg(args[name])) ?? fault;
    return badge.charAt(0).toLowerCase() + badge.slice(1);
  }
}

/** The same fault of the same node or edge, and of the same member if it concerns one. */
function isSameThing(a: ActiveFault, b: ActiveFault): boolean {
  return (
    a.node === b.node &&
    a.edge === b.edge &&
    a.fault === b.fault &&
    a.args.member === b.args.member &&
    a.args.broker === b.args.broker
  );
}

function showArg(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function problem(code: string, message: string, struck: Struck = {}): Problem {
  return { severity: 'error', code, message, ...struck };
}
