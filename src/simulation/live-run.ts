import type { DesignEdge, DesignNode, Json, Problem } from '../design/types.ts';
import { showText } from '../design/wording.ts';
import { PURPOSE_COUNT, purposeName } from '../engine/plan.ts';
import type { Simulation } from '../engine/simulation.ts';
import { assert } from '../lib/assert.ts';
import type { Snapshot } from '../lib/columns.ts';
import { LimitError } from '../lib/limit-error.ts';
import { seedKey } from '../lib/seed-key.ts';
import { withoutMinusZero } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { formatFieldValue, validateFieldValue } from '../kinds/validate-fields.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import type { ActiveFaults, FaultsSnapshot } from './faults/active-faults.ts';
import { HEADER, type FrameLayout, type PlanShape } from './frame/frame-layout.ts';
import type { FrameWriter } from './frame/frame-writer.ts';
import { newestLetters } from './letters.ts';
import { limitSentence } from './limit-sentence.ts';
import type { LoadWatch } from './verdict/load-watch.ts';
import type { Observer } from './observer.ts';
import type { RunResults } from './results/results.ts';
import { runResults } from './results/run-results.ts';
import { eventsLeft } from './size-limits.ts';
import type { ActiveFault, FaultPlace, Letter, MessageRow, Run, RunSnapshot, TraceRow } from './run.ts';
import { toMicros, toMs } from './time.ts';
import type { TraceReader } from './trace-reader.ts';
import { ViolationStop, violationProblem } from './violation-stop.ts';

/** What a run is made of; `compile` puts it together. */
export interface RunParts {
  sim: Simulation;
  kinds: RunKinds;
  layout: FrameLayout;
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
  indexOf: ReadonlyMap<string, number>;
  faults: ActiveFaults;
  trace: TraceReader;
  seed: number | string;
  horizonMicros: number;
  warmUpMicros: number;
  problems: readonly Problem[];
  loads: LoadWatch;
  /** Builds the run anew, at its beginning and with memory of its own. */
  again: () => LiveRun;
  /** Only of a run that a page watches. */
  watch?: { observer: Observer; writer: FrameWriter };
}

interface LiveSnapshot extends RunSnapshot {
  /** What it is a snapshot of. */
  of: Pick<RunParts, 'nodes' | 'edges' | 'horizonMicros'>;
  state: Snapshot;
  faults: FaultsSnapshot;
  samples: readonly Float64Array[];
  rows: readonly TraceRow[];
  limit: Problem | null;
}

/**
 * Events between two looks at the trace. Its ring has sixteen rows for each: an event seldom writes one, but when a
 * group of a thousand members is dealt its partitions, one event writes a thousand.
 */
const CHUNK = 256;
/** The same while every step of every message is written: an event that fans out writes dozens of rows. */
const MESSAGES_CHUNK = 64;
/** Memory of a snapshot beside its columns (scalars, names, array objects), and of a row of the trace; both generous. */
const SNAPSHOT_OVERHEAD_BYTES = 49_152;
const TRACE_ROW_BYTES = 256;

/** A run of the simulation that can be driven, watched, steered and taken back. */
export class LiveRun implements Run {
  readonly shape: PlanShape;
  readonly layout: FrameLayout;
  readonly horizonMs: number;
  private readonly parts: RunParts;
  /** The problem that stopped the run before its horizon. */
  private limit: Problem | null = null;
  /** 1 once nothing is left to do; a number because it is part of the state. */
  private finished = 0;

  constructor(parts: RunParts) {
    this.parts = parts;
    this.layout = parts.layout;
    this.shape = parts.layout.shape;
    this.horizonMs = toMs(parts.horizonMicros);
    parts.sim.columns.scalars(this, ['finished']);
  }

  get nowMs(): number {
    return toMs(this.parts.sim.now);
  }

  get done(): boolean {
    return this.finished === 1;
  }

  /** The limit that stopped the run, if one did. */
  get stoppedBy(): Problem | null {
    return this.limit;
  }

  /** Events processed so far. */
  get events(): number {
    return this.parts.sim.events;
  }

  /** About how many events the whole run will have, by its fields; too few where those do not say what is offered. */
  get expectedEvents(): number {
    return (this.parts.loads.expectedPerSecond * this.horizonMs) / 1000;
  }

  advance(untilMs: number, maxEvents: number): number {
    if (this.done) return 0;
    const { sim, horizonMicros, watch, loads } = this.parts;
    const chunk = sim.trace.messages ? MESSAGES_CHUNK : CHUNK;
    const until = Math.min(horizonMicros, toMicros(Math.min(untilMs, this.horizonMs)));
    const before = sim.events;
    try {
      let left = maxEvents;
      while (left > 0) {
        const next = Math.min(until, loads.nextReading);
        const stop = watch ? Math.min(next, watch.observer.nextTick) : next;
        const most = Math.min(left, chunk, eventsLeft(sim.events));
        const processed = sim.runUntil(stop, most);
        left -= processed;
        this.parts.trace.collect();
        if (processed === most) continue;
        const isTick = watch !== undefined && sim.now === watch.observer.nextTick;
        const isReading = sim.now === loads.nextReading;
        if (isReading) this.lookAtLoads();
        if (isTick) watch.observer.observe();
        if (!isTick && !isReading && sim.now >= until) break;
      }
      if (left > 0 && sim.now >= horizonMicros) this.finished = 1;
    } catch (error) {
      this.stopAt(error);
    }
    return sim.events - before;
  }

  step(): boolean {
    return this.advance(this.horizonMs, 1) === 1;
  }

  frameSize(): number {
    const { watch } = this.parts;
    return this.layout.size(watch ? watch.observer.samples.length - watch.observer.carried : 0);
  }

  writeFrame(into: Float64Array): number {
    const { watch } = this.parts;
    if (!watch) throw new Error('a run compiled without `observe` has no frames');
    const { observer, writer } = watch;
    writer.write(into, this.parts.faults.active);
    const room = Math.floor((into.length - this.layout.samplesAt) / this.layout.sampleSize);
    const { samples, carried } = observer;
    const count = Math.min(room, samples.length - carried);
    for (let i = 0; i < count; i++) into.set(samples[carried + i], this.layout.size(i));
    observer.carried += count;
    into[HEADER.sampleCount] = count;
    return this.layout.size(count);
  }

  drainTrace(): TraceRow[] {
    this.parts.trace.collect();
    return this.parts.trace.drain();
  }

  /** Also record every step of every message from now on; drain often, they are not bounded. */
  traceMessages(): void {
    this.parts.sim.trace.messages = true;
  }

  /** The steps of messages since the last call. */
  drainMessages(): MessageRow[] {
    return this.parts.trace.drainMessages();
  }

  setField(node: string, field: string, value: Json): Problem | null {
    const { sim, kinds, nodes, indexOf, trace } = this.parts;
    const index = indexOf.get(node);
    if (index === undefined) return refused('unknown-node', `The run has no node ${JSON.stringify(node)}.`);
    const definition = kindDefinition(nodes[index].kind)?.fields.find((known) => known.name === field);
    const place = { node, field };
    if (!definition) {
      return refused('unknown-field', `${nodes[index].name} has no field ${JSON.stringify(field)}.`, place);
    }
    if (!definition.live) {
      const sentence = `A change of “${definition.label}” of ${nodes[index].name} restarts the run.`;
      return refused('field-not-live', sentence, place);
    }
    const found = validateFieldValue(definition, value);
    if (found) return refused('out-of-range', `${nodes[index].name}, ${definition.label}: ${found}`, place);
    return this.steer(() => {
      sim.noteCommand(COMMAND.setField, textHash(`${node}\n${field}\n${JSON.stringify(value)}`));
      kinds.setField(sim, index, field, withoutMinusZero(value));
      trace.collect();
      const text = `${nodes[index].name}: ${definition.label.toLowerCase()} is now ${formatFieldValue(definition, value)}.`;
      trace.say({ atMs: this.nowMs, node, code: 'set-field', text });
      return null;
    });
  }

  inject(
    id: string,
    place: FaultPlace,
    fault: string,
    args: Readonly<Record<string, Json>>,
    forMs?: number,
  ): Problem | null {
    return this.steer(() => {
      const problem = this.parts.faults.inject(id, place, fault, args, forMs);
      const where = typeof place === 'string' ? place : `edge ${place.edge}`;
      if (!problem) this.noteFault(COMMAND.inject, `${where}\n${fault}\n${JSON.stringify(args)}`);
      return problem;
    });
  }

  heal(id: string): Problem | null {
    const fault = this.parts.faults.active.find((candidate) => candidate.id === id);
    return this.steer(() => {
      const problem = this.parts.faults.heal(id);
      if (fault && !problem)
        this.noteFault(COMMAND.heal, `${fault.node ?? `edge ${fault.edge}`}\n${fault.fault}`);
      return problem;
    });
  }

  /**
   * Draws from another seed from now on: "what if chance had gone another way". What is scheduled already stays; the
   * results keep the seed that the run began with.
   */
  reseed(seed: number | string): void {
    const { sim, trace } = this.parts;
    for (const [node, id] of sim.plan.nodeIds.entries()) {
      for (let purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        sim.random.seed(sim.stream(node, purpose), seedKey(seed), id, purposeName(purpose));
      }
    }
    sim.noteCommand(COMMAND.reseed, textHash(JSON.stringify(seed)));
    trace.say({
      atMs: this.nowMs,
      node: '',
      code: 'reseed',
      text: `The seed is now ${typeof seed === 'string' ? showText(seed) : seed}.`,
    });
  }

  get snapshotBytes(): number {
    // Samples are shared by all snapshots and the run itself.
    const { sim, trace } = this.parts;
    return SNAPSHOT_OVERHEAD_BYTES + sim.columns.bytes() + trace.waiting * TRACE_ROW_BYTES;
  }

  snapshot(): RunSnapshot {
    const { nodes, edges, horizonMicros } = this.parts;
    const snapshot: LiveSnapshot = {
      bytes: this.snapshotBytes,
      of: { nodes, edges, horizonMicros },
      state: this.parts.sim.snapshot(),
      faults: this.parts.faults.save(),
      samples: this.parts.watch?.observer.samples ?? [],
      rows: this.parts.trace.save(),
      limit: this.limit,
    };
    return snapshot;
  }

  restore(snapshot: RunSnapshot): void {
    const saved = snapshot as LiveSnapshot;
    assert(isSamePlan(saved.of, this.parts), 'a snapshot fits only a run of the same design');
    this.parts.sim.restore(saved.state);
    this.parts.faults.restore(saved.faults);
    this.parts.trace.restore(saved.rows);
    this.parts.watch?.observer.restore(saved.samples);
    this.limit = saved.limit;
  }

  /**
   * A second run that stands where this one does, or where it stood at the snapshot. From there on each goes its own
   * way: the two share nothing that either can change. With the same commands both are the same run.
   */
  fork(snapshot: RunSnapshot = this.snapshot()): LiveRun {
    const fork = this.parts.again();
    fork.restore(snapshot);
    return fork;
  }

  results(): RunResults {
    const problems = this.limit ? [...this.parts.problems, this.limit] : this.parts.problems;
    return runResults({ ...this.parts, problems });
  }

  letters(node: string, most: number): Letter[] {
    const index = this.parts.indexOf.get(node);
    return index === undefined ? [] : newestLetters(this.parts, index, most);
  }

  activeFaults(): ActiveFault[] {
    return [...this.parts.faults.active];
  }

  private lookAtLoads(): void {
    const { loads, faults, trace } = this.parts;
    loads.observe();
    for (const row of faults.observe()) trace.say(row);
  }

  /**
   * A command may reach a limit as an event may: it then ends the run, and was not refused. A run that has stopped so,
   * in the middle of an event, takes none.
   */
  private steer(command: () => Problem | null): Problem | null {
    if (this.limit?.code === 'limit-reached') {
      return refused('run-over', `${this.limit.message} Go back in time or reset it to change it.`);
    }
    try {
      return command();
    } catch (error) {
      this.stopAt(error);
      return null;
    }
  }

  private noteFault(command: number, what: string): void {
    this.parts.sim.noteCommand(command, textHash(what));
    this.parts.trace.collect();
  }

  /** A limit or a broken guarantee ends the run with a sentence; anything else is a bug and goes on up. */
  private stopAt(error: unknown): void {
    const { sim, kinds, nodes, trace } = this.parts;
    const isViolation = error instanceof ViolationStop;
    if (!isViolation && !(error instanceof LimitError)) throw error;
    this.finished = 1;
    this.limit = isViolation
      ? violationProblem(kinds.consumers.work.guarantees, nodes)
      : limitSentence(error, sim, nodes);
    trace.collect();
    const code = isViolation ? 'violation' : 'limit';
    trace.say({ atMs: this.nowMs, node: this.limit.node ?? '', code, text: this.limit.message });
  }
}

/** What a command from outside is called in the hash. */
const COMMAND = { setField: 1, inject: 2, heal: 3, reseed: 4 } as const;

/** Whether the state of one run means the same in another. Forks share the lists; other runs are compared in full. */
function isSamePlan(a: LiveSnapshot['of'], b: LiveSnapshot['of']): boolean {
  if (a.nodes === b.nodes) return true;
  const text = ({ nodes, edges, horizonMicros }: LiveSnapshot['of']) =>
    JSON.stringify([nodes, edges, horizonMicros]);
  return text(a) === text(b);
}

/** 32 bits of a text (FNV-1a over UTF-16 units), so that the hash of a run also proves what was done to it. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

function refused(code: string, message: string, place: { node?: string; field?: string } = {}): Problem {
  return { severity: 'error', code, message, ...place };
}
