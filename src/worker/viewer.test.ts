import { fc, test as property } from '../testing/property.ts';
import { describe, expect } from 'vitest';
import type { Design } from '../design/types.ts';
import { compile } from '../simulation/compile.ts';
import { FrameLayout, HEADER, SAMPLE } from '../simulation/frame/frame-layout.ts';
import type { LiveRun } from '../simulation/live-run.ts';
import type { RunResults } from '../simulation/results/results.ts';
import type { TraceRow } from '../simulation/run.ts';
import { Frames } from '../store/frames.ts';
import { eventfulDesign } from '../testing/eventful-design.ts';
import { FakePlatform } from '../testing/fake-platform.ts';
import { drawCase } from '../testing/fuzz/draw-case.ts';
import { sameBits } from '../testing/case-player.ts';
import { insideOf } from '../testing/laws/watch-run.ts';
import type { FromWorker, Speed } from './protocol.ts';
import { SessionHost } from './session-host.ts';

/** The same cases each time, or others and more of them: `VIEWER_RUNS=300 npx vitest run src/worker/viewer`. */
const { VIEWER_RUNS: wanted } = process.env;
const SEARCH = wanted === undefined ? { numRuns: 10, seed: 1 } : { numRuns: Number(wanted) };
/** Doubles of the header that tell of the run and not of who watches it. */
const SIMULATED = Object.entries(HEADER).filter(
  ([name]) => name !== 'speedReached' && name !== 'sampleCount',
);

type Action =
  | { do: 'play' | 'pause' | 'step' | 'trace' | 'reload' }
  | { do: 'speed'; speed: Speed }
  | { do: 'seek'; share: number }
  /** The page is there for so long and gives each frame back after `frameMs`. */
  | { do: 'watch'; ms: number; frameMs: number }
  /** A hidden tab: no frame comes back; a sleeping laptop: no time at all. */
  | { do: 'hide' | 'sleep'; ms: number }
  | { do: 'strain'; microsAnEvent: number };

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { arbitrary: fc.constantFrom<Action>({ do: 'play' }), weight: 3 },
    fc.constantFrom<Action>(
      { do: 'pause' },
      { do: 'step' },
      { do: 'step' },
      { do: 'trace' },
      { do: 'reload' },
    ),
    fc.constantFrom<Speed>(0.1, 1, 7, 300, 1000, 'max').map((speed): Action => ({ do: 'speed', speed })),
    fc.double({ min: 0, max: 1, noNaN: true }).map((share): Action => ({ do: 'seek', share })),
    {
      arbitrary: fc
        .record({ ms: fc.integer({ min: 1, max: 600 }), frameMs: fc.constantFrom(0, 1, 16, 70, 400) })
        .map((watch): Action => ({ do: 'watch', ...watch })),
      weight: 3,
    },
    fc.record({
      do: fc.constantFrom('hide' as const, 'sleep' as const),
      ms: fc.integer({ min: 1, max: 3000 }),
    }),
    fc.constantFrom(0, 0.5, 20, 900).map((microsAnEvent): Action => ({ do: 'strain', microsAnEvent })),
  ),
  { minLength: 1, maxLength: 30 },
);

/** A page with a session, on a clock of its own. */
class Viewer {
  readonly frames = new Frames();
  rows: TraceRow[] = [];
  results: RunResults | null = null;
  state = '';
  private readonly platform = new FakePlatform();
  private readonly host: SessionHost;
  private readonly horizonMs: number;
  private layout: FrameLayout | null = null;
  private lastFrame = new Float64Array();
  private unreturned: ArrayBuffer[] = [];
  private run: LiveRun | null = null;
  private microsAnEvent = 0.5;

  constructor(design: Design) {
    this.horizonMs = design.scenario.horizonMs;
    const { now, soon, after } = this.platform;
    this.host = new SessionHost({
      now,
      soon,
      after,
      post: (message) => this.hear(message),
      compile: (of) => ({ run: (this.run = this.strained(compile(of).run!)), problems: [] }),
    });
    this.host.receive({ type: 'load', generation: 1, design });
    this.watch(5, 0);
  }

  act(action: Action): void {
    switch (action.do) {
      case 'seek':
        return this.host.receive({ type: 'seek', toMs: action.share * this.horizonMs });
      case 'speed':
        return this.host.receive({ type: 'speed', speed: action.speed });
      case 'watch':
        return this.watch(action.ms, action.frameMs);
      case 'hide':
        return this.platform.pass(action.ms);
      case 'sleep':
        return this.platform.stall(action.ms);
      case 'strain':
        this.microsAnEvent = action.microsAnEvent;
        return;
      case 'trace':
        return this.run!.traceMessages();
      case 'reload':
        return this.host.receive({ type: 'reset' });
      default:
        this.host.receive({ type: action.do });
        return this.watch(1, 0);
    }
  }

  toEnd(): void {
    this.microsAnEvent = 0.1;
    this.act({ do: 'speed', speed: 'max' });
    for (let turn = 0; this.state !== 'finished'; turn++) {
      if (turn > 400) throw new Error(`the session is still ${this.state}`);
      if (this.state === 'paused' || this.state === 'ready') this.act({ do: 'play' });
      this.watch(50, 5);
    }
    this.watch(50, 0);
  }

  /** What the page shows of the run now. */
  shown(): object {
    const samples = this.frames.samples.map((sample) => sample[SAMPLE.simulatedMs]);
    const header = SIMULATED.map(([name, at]) => [name, this.lastFrame[at]]);
    return { samples, header, state: this.state };
  }

  private watch(ms: number, frameMs: number): void {
    const endMs = this.platform.wallMs + ms;
    while (this.platform.wallMs < endMs) {
      for (const buffer of this.unreturned.splice(0)) this.host.receive({ type: 'frame-done', buffer });
      this.platform.pass(Math.max(1, frameMs));
      this.run?.drainMessages();
    }
  }

  private hear(message: FromWorker): void {
    if (message.type === 'compiled') {
      this.layout = new FrameLayout(message.shape);
      this.frames.clear();
      this.rows = [];
    } else if (message.type === 'session') this.state = message.state;
    else if (message.type === 'trace') this.rows.push(...message.rows);
    else if (message.type === 'results') this.results = message.results;
    else if (message.type === 'frame') {
      this.lastFrame = new Float64Array(message.buffer.slice(0), 0, message.length);
      this.frames.publish({ layout: this.layout!, data: this.lastFrame });
      this.unreturned.push(message.buffer);
    } else if (message.type === 'rewound') {
      this.frames.rewind(message.toMs);
      this.rows.length = message.traceRows;
    } else if (message.type === 'failed') throw new Error(message.problem.message);
  }

  /** Events that take wall time. */
  private strained(run: LiveRun): LiveRun {
    const advance = run.advance.bind(run);
    run.advance = (untilMs, maxEvents) => {
      const count = advance(untilMs, maxEvents);
      this.platform.wallMs += (count * this.microsAnEvent) / 1000;
      return count;
    };
    return run;
  }
}

describe('nothing that a viewer does changes a result', () => {
  property.prop([fc.nat({ max: 50_000 }), actions], SEARCH)(
    'speed, pauses, steps, seeks, slow machines, hidden tabs, frames that come late, the trace',
    (seed, history) => {
      const design = designOf(seed);
      const headless = compile(design, { observe: false }).run!;
      headless.advance(Infinity, Infinity);
      const undisturbed = new Viewer(design);
      undisturbed.toEnd();
      const viewer = new Viewer(design);
      for (const action of history) viewer.act(action);
      viewer.toEnd();
      expect(viewer.results).toEqual(headless.results());
      expect(viewer.rows).toEqual(headless.drainTrace());
      expect(viewer.shown()).toEqual(undisturbed.shown());
      const isSame = (sample: Float64Array, at: number) => sameBits(sample, undisturbed.frames.samples[at]);
      expect(viewer.frames.samples.every(isSame)).toBe(true);
      expect(insideOf(headless).sim.hash.hex()).toBe(undisturbed.results!.hash);
    },
  );
});

/** The eventful design for one seed in four, else one of the fuzzer that runs; both with faults of their scenario. */
function designOf(seed: number): Design {
  if (seed % 4 === 0)
    return { ...eventfulDesign, scenario: { ...eventfulDesign.scenario, horizonMs: 15_000 } };
  for (let at = seed; ; at++) {
    const { design, activeMs } = drawCase(at);
    const horizonMs = Math.min(3000, activeMs);
    const short = { ...design, scenario: { ...design.scenario, horizonMs, warmUpMs: 0 } };
    if (compile(short).run) return short;
  }
}
