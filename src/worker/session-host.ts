import { createActor } from 'xstate';
import type { Design, Json, Problem } from '../design/types.ts';
import { Runner, type RunnerPlatform } from '../simulation/runner.ts';
import type { Speed } from '../simulation/pacer.ts';
import type { Run } from '../simulation/run.ts';
import { validate } from '../simulation/problems/validate.ts';
import { FramePoster } from './frame-poster.ts';
import type { FromWorker, SessionState, ToWorker } from './protocol.ts';
import { RewindableRun } from './rewindable-run.ts';
import { sessionMachine, type SessionActor, type SessionEvent } from '../machines/session.machine.ts';

/** What the session needs of its surroundings; the worker passes the real ones, tests a clock of their own. */
export interface SessionPlatform extends RunnerPlatform {
  post(message: FromWorker, transfer?: Transferable[]): void;
  compile(design: Design): { run: Run | null; problems: readonly Problem[] };
}

/** How often the page hears of the simulated time while the run goes on. */
const NEWS_EVERY_MS = 250;
/** A live edit is looked at after so long, together with those that follow it: a drag sends many values a second. */
const JUDGE_AFTER_MS = 200;
/** Letters of a dead-letter queue that the page gets to see. */
const LETTERS_SHOWN = 10;

/**
 * The worker's side of the protocol: holds the design and its run, drives the run as the session machine says, and
 * posts what the page needs to know. Knows nothing of workers.
 */
export class SessionHost {
  private readonly platform: SessionPlatform;
  private readonly actor: SessionActor;
  private readonly runner: Runner;
  private readonly frames: FramePoster;
  private generation = 0;
  private design: Design | null = null;
  private rewindable: RewindableRun | null = null;
  private speed: Speed = 1;
  private state: SessionState = 'idle';
  private lastNewsMs = -Infinity;
  /** A step may leave the state as it is; the page hears of it all the same. */
  private newsDue = false;
  private postedFaults = '';
  /** Compilations asked for; only the latest counts. */
  private compilation = 0;
  /** Of which live edits will soon be looked at. */
  private judging = 0;
  private postedProblems = '';

  constructor(platform: SessionPlatform) {
    this.platform = platform;
    this.frames = new FramePoster(
      () => platform.now(),
      (buffer, length) => this.post({ type: 'frame', generation: this.generation, buffer, length }, [buffer]),
    );
    this.runner = new Runner(platform, {
      onSlice: () => this.postNews(),
      onArrived: () => this.arrive(),
      onError: (error) => this.fail(error),
    });
    this.actor = createActor(
      sessionMachine.provide({
        actions: {
          compile: () => this.compileSoon(),
          drive: () => this.guarded(() => this.drive()),
          seek: ({ event }) => this.guarded(() => this.seek(event)),
          stopDriving: () => this.runner.stop(),
          step: () => this.guarded(() => this.step()),
          standStill: () => this.guarded(() => this.standStill()),
        },
      }),
    );
    this.actor.subscribe((snapshot) => {
      if (snapshot.value === this.state && !this.newsDue) return;
      this.state = snapshot.value;
      this.newsDue = false;
      this.postSession();
    });
    this.actor.start();
  }

  /** Takes a message of the page. */
  receive(message: ToWorker): void {
    try {
      this.take(message);
    } catch (error) {
      this.fail(error);
    }
  }

  private take(message: ToWorker): void {
    switch (message.type) {
      case 'load':
        this.generation = message.generation;
        this.design = message.design;
        return this.send({ type: 'LOAD', playOn: message.keepPlaying === true });
      case 'play':
        return this.send({ type: 'PLAY' });
      case 'pause':
        return this.send({ type: 'PAUSE' });
      case 'step':
        return this.send({ type: 'STEP' });
      case 'reset':
        return this.send({ type: 'RESET' });
      case 'seek':
        return this.send({ type: 'SEEK', toMs: message.toMs });
      case 'speed':
        this.speed = message.speed;
        if (this.state === 'running') this.runner.setSpeed(message.speed);
        return this.postSession();
      case 'set-field':
        this.design = this.design && withField(this.design, message.node, message.field, message.value);
        this.judgeSoon();
        // At the end it holds from the next run on, and the results of this one stay.
        if (this.state === 'finished') return;
        return this.intervene((run) => run.setField(message.node, message.field, message.value));
      case 'inject':
        return this.intervene((run) =>
          run.inject(message.id, message.place, message.fault, message.args, message.forMs),
        );
      case 'heal':
        return this.intervene((run) => run.heal(message.id));
      case 'browse':
        return this.postLetters(message.node);
      case 'frame-done':
        return this.frames.returned(message.buffer, this.rewindable?.run ?? null);
      case 'ping':
        return this.platform.post({ type: 'pong', at: message.at });
    }
  }

  private send(event: SessionEvent): void {
    this.actor.send(event);
  }

  /** In a task of its own, so that a burst of edits compiles only the last design. */
  private compileSoon(): void {
    this.runner.stop();
    this.rewindable = null;
    const compilation = ++this.compilation;
    this.platform.soon(() => {
      if (compilation !== this.compilation || !this.design) return;
      try {
        this.compile(this.design);
      } catch (error) {
        this.fail(error);
      }
    });
  }

  private compile(design: Design): void {
    const { run, problems } = this.platform.compile(design);
    this.postedProblems = JSON.stringify(problems);
    if (!run) {
      this.post({ type: 'refused', generation: this.generation, problems });
      return this.send({ type: 'REFUSED' });
    }
    this.rewindable = new RewindableRun(run);
    this.postedFaults = '';
    this.post({ type: 'compiled', generation: this.generation, shape: run.shape, problems });
    this.frames.restart(run);
    this.send({ type: 'COMPILED' });
  }

  /** What a live edit makes of the design is said as it is of a design that is opened: a loop that now grows, say. */
  private judgeSoon(): void {
    const { compilation } = this;
    if (this.judging === compilation) return;
    this.judging = compilation;
    this.platform.after(JUDGE_AFTER_MS, () => {
      if (compilation !== this.compilation || !this.design || !this.rewindable) return;
      this.judging = 0;
      try {
        this.judge(this.design);
      } catch (error) {
        this.fail(error);
      }
    });
  }

  private judge(design: Design): void {
    const problems = validate(design);
    const text = JSON.stringify(problems);
    if (text === this.postedProblems) return;
    this.postedProblems = text;
    this.post({ type: 'problems', generation: this.generation, problems });
  }

  private drive(): void {
    const rewindable = this.mustHaveRun();
    this.frames.restartMeter(rewindable.run);
    this.runner.start(rewindable, rewindable.run.horizonMs, this.speed);
  }

  private seek(event: SessionEvent): void {
    const rewindable = this.mustHaveRun();
    const wanted = event.type === 'SEEK' && Number.isFinite(event.toMs) ? event.toMs : rewindable.nowMs;
    const toMs = Math.min(Math.max(0, wanted), rewindable.run.horizonMs);
    this.postTrace(rewindable);
    const jump = rewindable.goNear(toMs);
    if (jump) this.post({ type: 'rewound', generation: this.generation, ...jump });
    this.frames.restartMeter(rewindable.run);
    this.runner.start(rewindable, toMs, 'max');
  }

  private step(): void {
    const rewindable = this.mustHaveRun();
    rewindable.step();
    // In a task of its own: the machine is in the middle of a transition.
    if (rewindable.done) this.platform.soon(() => this.send({ type: 'DONE' }));
  }

  /** The page gets a last frame, the news and the results, so that what it shows is exactly where the run stands. */
  private standStill(): void {
    const rewindable = this.mustHaveRun();
    this.postTrace(rewindable);
    this.postFaults(rewindable.run);
    this.frames.postLast(rewindable.run);
    this.post({ type: 'results', generation: this.generation, results: rewindable.run.results() });
    this.newsDue = true;
  }

  /** An action that throws would kill the actor; the failure is told to it once it is done with the transition. */
  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.platform.soon(() => this.fail(error));
    }
  }

  private arrive(): void {
    if (this.mustHaveRun().done) this.send({ type: 'DONE' });
    else this.send({ type: 'ARRIVED' });
  }

  private intervene(apply: (run: Run) => Problem | null): void {
    const rewindable = this.rewindable;
    if (!rewindable) return;
    const problem = rewindable.intervene(apply);
    if (problem) this.post({ type: 'rejected', generation: this.generation, problem });
    this.postTrace(rewindable);
    this.postFaults(rewindable.run);
    if (this.state !== 'running' && this.state !== 'seeking') this.frames.postLast(rewindable.run);
  }

  private postNews(): void {
    const rewindable = this.mustHaveRun();
    if (this.frames.postIfDue(rewindable.run)) {
      this.postTrace(rewindable);
      this.postFaults(rewindable.run);
    }
    if (this.platform.now() - this.lastNewsMs >= NEWS_EVERY_MS) this.postSession();
  }

  private postTrace(rewindable: RewindableRun): void {
    const rows = rewindable.drainTrace();
    if (rows.length > 0) this.post({ type: 'trace', generation: this.generation, rows });
  }

  private postFaults(run: Run): void {
    const active = run.activeFaults();
    const ids = active.map((fault) => fault.id).join('\n');
    if (ids === this.postedFaults) return;
    this.postedFaults = ids;
    this.post({ type: 'faults', generation: this.generation, active });
  }

  private postLetters(node: string): void {
    const letters = this.rewindable?.run.letters(node, LETTERS_SHOWN) ?? [];
    this.post({ type: 'letters', generation: this.generation, node, letters });
  }

  private postSession(): void {
    this.lastNewsMs = this.platform.now();
    this.post({
      type: 'session',
      generation: this.generation,
      state: this.state,
      speed: this.speed,
      simulatedMs: this.rewindable?.nowMs ?? 0,
      horizonMs: this.rewindable?.run.horizonMs ?? this.design?.scenario.horizonMs ?? 0,
    });
  }

  private fail(error: unknown): void {
    this.runner.stop();
    const message = error instanceof Error ? error.message : String(error);
    this.post({
      type: 'failed',
      generation: this.generation,
      problem: {
        severity: 'error',
        code: 'simulation-broke',
        message: `The simulation stopped by a fault of its own: ${message}`,
      },
    });
    this.send({ type: 'BROKEN' });
  }

  private post(message: FromWorker, transfer?: Transferable[]): void {
    this.platform.post(message, transfer);
  }

  private mustHaveRun(): RewindableRun {
    if (!this.rewindable) throw new Error(`There is no run in state ${this.state}.`);
    return this.rewindable;
  }
}

/** The design with one field changed, so that a reset starts from what the page shows. */
function withField(design: Design, id: string, field: string, value: Json): Design {
  const nodes = design.nodes.map((node) =>
    node.id === id ? { ...node, fields: { ...node.fields, [field]: value } } : node,
  );
  return { ...design, nodes };
}
