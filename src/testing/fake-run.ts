import type { Json, Problem } from '../design/types.ts';
import { FrameLayout, HEADER, SAMPLE, type PlanShape } from '../simulation/frame/frame-layout.ts';
import type { RunResults } from '../simulation/results/results.ts';
import type { ActiveFault, FaultPlace, Letter, Run, RunSnapshot, TraceRow } from '../simulation/run.ts';

const SHAPE: PlanShape = {
  nodes: [{ id: 'a', kind: 'producer' }],
  edges: [],
  topics: [],
  groups: [],
  guards: [],
};

interface State {
  nowMs: number;
  nextMs: number;
  events: number;
  gapMs: number;
  hash: number;
  faults: ActiveFault[];
  pendingSamples: number[];
}

/**
 * A run for tests of what drives runs: an event (or several at one instant) every `gapMs`, a sample every 100 ms, a
 * trace row every 50 events.
 * Its hash depends on every event and on where each intervention fell. `onEvent` lets a test charge wall time.
 */
export class FakeRun implements Run {
  readonly shape = SHAPE;
  readonly layout = new FrameLayout(SHAPE);
  readonly horizonMs: number;
  private readonly onEvent: () => void;
  /** Events at one instant. */
  private readonly atOnce: number;
  private state: State;
  private rows: TraceRow[] = [];

  constructor(horizonMs = 10_000, onEvent: () => void = () => undefined, atOnce = 1) {
    this.horizonMs = horizonMs;
    this.onEvent = onEvent;
    this.atOnce = atOnce;
    this.state = { nowMs: 0, nextMs: 1, events: 0, gapMs: 1, hash: 1, faults: [], pendingSamples: [] };
  }

  get nowMs(): number {
    return this.state.nowMs;
  }

  get done(): boolean {
    return this.state.nowMs >= this.horizonMs;
  }

  get events(): number {
    return this.state.events;
  }

  get hash(): number {
    return this.state.hash;
  }

  advance(untilMs: number, maxEvents: number): number {
    const stopMs = Math.min(untilMs, this.horizonMs);
    let processed = 0;
    while (processed < maxEvents && this.state.nextMs <= stopMs) {
      this.process();
      processed++;
    }
    if (processed < maxEvents) this.state.nowMs = Math.max(this.state.nowMs, stopMs);
    return processed;
  }

  step(): boolean {
    if (this.advance(this.horizonMs, 1) === 1) return true;
    this.state.nowMs = this.horizonMs;
    return false;
  }

  frameSize(): number {
    return this.layout.size(this.state.pendingSamples.length);
  }

  writeFrame(into: Float64Array): number {
    const samples = this.state.pendingSamples.splice(0);
    into[HEADER.simulatedMs] = this.state.nowMs;
    into[HEADER.events] = this.state.events;
    into[HEADER.sampleCount] = samples.length;
    samples.forEach((atMs, row) => {
      into[this.layout.samplesAt + row * this.layout.sampleSize + SAMPLE.simulatedMs] = atMs;
    });
    return this.layout.size(samples.length);
  }

  drainTrace(): TraceRow[] {
    return this.rows.splice(0);
  }

  setField(node: string, field: string, value: Json): Problem | null {
    if (typeof value !== 'number') {
      return {
        severity: 'error',
        code: 'bad-value',
        message: `Found ${JSON.stringify(value)}, expected a number.`,
        node,
        field,
      };
    }
    this.state.gapMs = value;
    this.mix(7 + value);
    this.rows.push({ atMs: this.nowMs, node, code: 'set-field', text: `${field} is now ${value}.` });
    return null;
  }

  inject(id: string, place: FaultPlace, fault: string, args: Readonly<Record<string, Json>>): Problem | null {
    const struck = typeof place === 'string' ? { node: place } : { edge: place.edge };
    this.state.faults = [...this.state.faults, { id, ...struck, fault, args, sinceMs: this.nowMs }];
    this.mix(11);
    const node = struck.node ?? '';
    this.rows.push({ atMs: this.nowMs, node, code: 'fault', text: `${node}: ${fault}.`, fault: id });
    return null;
  }

  heal(id: string): Problem | null {
    this.state.faults = this.state.faults.filter((fault) => fault.id !== id);
    this.mix(13);
    return null;
  }

  get snapshotBytes(): number {
    return 1000;
  }

  snapshot(): RunSnapshot & { state: State } {
    return { bytes: 1000, state: structuredClone(this.state) };
  }

  restore(snapshot: RunSnapshot): void {
    this.state = structuredClone((snapshot as RunSnapshot & { state: State }).state);
  }

  letters(): Letter[] {
    return [];
  }

  results(): RunResults {
    const { hash, events } = this.state;
    return {
      version: 'fake',
      hash: String(hash),
      events,
      problems: [] as RunResults['problems'],
    } as RunResults;
  }

  activeFaults(): ActiveFault[] {
    return this.state.faults;
  }

  private process(): void {
    this.onEvent();
    const { state } = this;
    state.nowMs = state.nextMs;
    state.events++;
    if (state.events % this.atOnce === 0) state.nextMs += state.gapMs;
    this.mix(state.nowMs);
    if (state.nowMs % 100 === 0) state.pendingSamples.push(state.nowMs);
    if (state.events % 50 === 0) {
      this.rows.push({ atMs: state.nowMs, node: 'a', code: 'overflow', text: `${state.events} events.` });
    }
  }

  private mix(value: number): void {
    this.state.hash = Math.imul(this.state.hash ^ Math.round(value * 1000), 0x01000193) >>> 0;
  }
}
