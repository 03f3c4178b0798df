import { LIMITS } from '../design/limits.ts';
import { showValue } from '../design/wording.ts';
import type { DesignNode, Json, Problem, ScheduledFault } from '../design/types.ts';
import type { Simulation } from '../engine/simulation.ts';
import { TRACE } from '../engine/trace.ts';
import type { FaultDefinition } from '../kinds/kind.ts';
import { kindDefinition } from '../kinds/registry.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import { resolveFaultArgs, validateFaultArgs } from './fault-args.ts';
import type { ActiveFault } from './run.ts';
import { toMicros, toMs } from './time.ts';

type Args = Readonly<Record<string, Json>>;

/** Something to do at a simulated time: start a fault of the scenario, or end one. */
type Action = { start: ScheduledFault } | { end: string };

/** State of the faults at one time. The lists are replaced, never changed, so a copy costs nothing. */
export interface FaultsSnapshot {
  active: readonly ActiveFault[];
  actions: readonly Action[];
  notes: readonly FaultNote[];
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
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly nodes: readonly DesignNode[];
  private readonly indexOf: ReadonlyMap<string, number>;

  constructor(
    sim: Simulation,
    kinds: RunKinds,
    nodes: readonly DesignNode[],
    indexOf: ReadonlyMap<string, number>,
  ) {
    this.sim = sim;
    this.kinds = kinds;
    this.nodes = nodes;
    this.indexOf = indexOf;
  }

  /** Puts the faults of the scenario into the event queue. Called once, before the first event. */
  schedule(faults: readonly ScheduledFault[]): void {
    for (const fault of faults) {
      if (this.indexOf.has(fault.node)) this.later(toMicros(fault.atMs), { start: fault });
    }
  }

  /** Runs the action of this number; the engine calls it at the action's time. */
  act(number: number): void {
    const action = this.actions[number];
    if ('start' in action) {
      const { id, node, fault, args, forMs } = action.start;
      this.start(id, node, fault, args, forMs);
    } else {
      this.end(action.end);
    }
  }

  /** Starts a fault by hand; the problem if the node cannot have it. */
  inject(id: string, node: string, fault: string, args: Args, forMs?: number): Problem | null {
    const index = this.indexOf.get(node);
    if (index === undefined) {
      return problem('unknown-node', `The run has no node ${JSON.stringify(node)}.`, node);
    }
    const found = validateFaultArgs(this.nodes[index], fault, args);
    if (found) return found;
    if (forMs !== undefined && !(forMs > 0 && forMs <= LIMITS.horizonMs)) {
      return problem(
        'bad-duration',
        `Found ${showValue(forMs)} ms, expected a fault that lasts longer than 0 ms and at most 30 days.`,
        node,
      );
    }
    this.start(id, node, fault, args, forMs);
    return null;
  }

  /** Ends a fault by hand. */
  heal(id: string): Problem | null {
    if (this.end(id)) return null;
    return problem('unknown-fault', `No fault ${JSON.stringify(id)} is in force.`);
  }

  /** A fault that comes to its end by itself has done so: whatever of its kind was in force at the node is over. */
  over(index: number, fault: string): void {
    const { id: node, name } = this.nodes[index];
    const isOver = (candidate: ActiveFault) => candidate.node === node && candidate.fault === fault;
    const ended = this.active.filter(isOver);
    this.active = this.active.filter((candidate) => !isOver(candidate));
    for (const { id, args } of ended) {
      this.note(TRACE.heal, index, id, `${name}: no longer “${this.says(index, fault, args)}”.`);
    }
  }

  save(): FaultsSnapshot {
    return { active: this.active, actions: this.actions, notes: this.notes };
  }

  restore(snapshot: FaultsSnapshot): void {
    this.active = snapshot.active;
    this.actions = snapshot.actions;
    this.notes = snapshot.notes;
  }

  private start(id: string, node: string, fault: string, given: Args, forMs: number | undefined): void {
    const { sim } = this;
    const index = this.indexOf.get(node)!;
    const args = resolveFaultArgs(this.nodes[index], fault, given);
    this.active = [...this.active, { id, node, fault, args, sinceMs: toMs(sim.now) }];
    this.kinds.inject(sim, index, fault, args);
    this.note(TRACE.fault, index, id, `${this.nodes[index].name}: ${this.says(index, fault, args)}.`);
    if (forMs !== undefined) this.later(sim.now + toMicros(forMs), { end: id });
  }

  /**
   * Of two faults on one thing the later counts, so when that one ends the earlier is in force again, with no healthy
   * instant between: a member under two crashes must not come up to take a message and die with it.
   */
  private end(id: string): boolean {
    const { sim } = this;
    const ended = this.active.find((candidate) => candidate.id === id);
    if (!ended) return false;
    const sameThing = this.active.filter((candidate) => isSameThing(candidate, ended));
    this.active = this.active.filter((candidate) => candidate !== ended);
    const index = this.indexOf.get(ended.node)!;
    if (sameThing.at(-1) === ended) {
      const before = sameThing.at(-2);
      if (before) this.kinds.inject(sim, index, before.fault, before.args);
      else this.kinds.heal(sim, index, ended.fault, ended.args);
    }
    const says = this.says(index, ended.fault, ended.args);
    this.note(TRACE.heal, index, id, `${this.nodes[index].name}: no longer “${says}”.`);
    return true;
  }

  private later(time: number, action: Action): void {
    this.sim.scheduleAction(time, this.actions.length);
    this.actions = [...this.actions, action];
  }

  private note(code: number, index: number, id: string, sentence: string): void {
    this.sim.trace.add(this.sim.now, code, index, this.notes.length, 0, 0);
    this.notes = [...this.notes, { id, sentence }];
  }

  private says(index: number, fault: string, args: Args): string {
    const definition = faultDefinition(this.nodes[index].kind, fault);
    const badge = definition?.badge.replace(/\{(\w+)\}/g, (_, name: string) => showArg(args[name])) ?? fault;
    return badge.charAt(0).toLowerCase() + badge.slice(1);
  }
}

/** A fault of a kind, or undefined. */
export function faultDefinition(kind: string, fault: string): FaultDefinition | undefined {
  return kindDefinition(kind)?.faults.find((candidate) => candidate.id === fault);
}

/** The same fault of the same node, and of the same member if it concerns one. */
function isSameThing(a: ActiveFault, b: ActiveFault): boolean {
  return a.node === b.node && a.fault === b.fault && a.args.member === b.args.member;
}

function showArg(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function problem(code: string, message: string, node?: string): Problem {
  return { severity: 'error', code, message, ...(node === undefined ? {} : { node }) };
}
