import type { Design, Problem } from '../design/types.ts';
import { isFromWorker } from './check-message.ts';
import type { FromWorker, Speed, ToWorker } from './protocol.ts';

export type Health = 'well' | 'slow' | 'restarted';

/** News of the worker for the page. Messages of an earlier design never get here. */
export interface ClientListener {
  onMessage(message: Exclude<FromWorker, { type: 'pong' | 'frame' }>): void;
  /** `data` may be read until the next frame comes. */
  onFrame(data: Float64Array): void;
  onHealth(health: Health): void;
  /** The worker sent nonsense, did not start, or hung twice with the same design. */
  onFailure(problem: Problem): void;
}

/** The part of a Worker that the client uses. */
export interface WorkerPort {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

const PING_EVERY_MS = 1000;
/** Counted in pings, not in wall time: a tab that slept sends none meanwhile, so waking up is no alarm. */
const SLOW_AFTER_PINGS = 2;
const RESTART_AFTER_PINGS = 5;

/** Starts the worker of the built site. */
export function startSimulationWorker(): WorkerPort {
  return new Worker(new URL('./simulation.worker.ts', import.meta.url), { type: 'module' });
}

/**
 * The page's end of the worker: numbers the designs, gives back frame buffers, and watches that the worker answers.
 * One that hangs is replaced, with the same design at time zero.
 */
export class WorkerClient {
  private readonly listener: ClientListener;
  private readonly startWorker: () => WorkerPort;
  private worker: WorkerPort | null = null;
  private readonly pinger: ReturnType<typeof setInterval>;
  private generation = 0;
  private design: Design | null = null;
  private speed: Speed = 1;
  private health: Health = 'well';
  private unanswered = 0;
  /** The present worker has said something sensible. */
  private heard = false;
  /** The buffer that `onFrame` was last called with. */
  private held: ArrayBuffer | null = null;

  constructor(listener: ClientListener, startWorker: () => WorkerPort = startSimulationWorker) {
    this.listener = listener;
    this.startWorker = startWorker;
    this.pinger = setInterval(() => this.watch(), PING_EVERY_MS);
  }

  /** Gives the worker a design; what it still says about the one before is dropped. */
  load(design: Design, keepPlaying = false): void {
    this.setHealth('well');
    this.give(design, keepPlaying);
  }

  /** The design that a restarted worker gets; for changes that were sent as messages. */
  remember(design: Design): void {
    this.design = design;
  }

  send(message: Exclude<ToWorker, { type: 'load' | 'frame-done' | 'ping' }>): void {
    if (message.type === 'speed') this.speed = message.speed;
    // Nobody is there after a worker was given up; a reset is the way to try again.
    if (!this.worker && message.type === 'reset' && this.design) return this.load(this.design);
    if (message.type === 'play' && this.health === 'restarted') this.setHealth('well');
    this.post(message);
  }

  dispose(): void {
    clearInterval(this.pinger);
    this.stop();
  }

  private give(design: Design, keepPlaying: boolean): void {
    this.design = design;
    this.generation++;
    if (!this.worker) this.start();
    this.post({ type: 'load', generation: this.generation, design, keepPlaying });
  }

  private start(): void {
    this.unanswered = 0;
    this.heard = false;
    this.held = null;
    let worker: WorkerPort;
    try {
      worker = this.startWorker();
    } catch (error) {
      return this.giveUp(`The simulation cannot start in this browser: ${textOf(error)}`);
    }
    this.worker = worker;
    worker.onmessage = (event) => this.receive(event.data);
    worker.onmessageerror = () => this.reportNonsense();
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.replace(`The simulation stopped: ${event.message || 'its program could not be loaded'}.`);
    };
    this.post({ type: 'speed', speed: this.speed });
  }

  private stop(): void {
    const { worker } = this;
    this.worker = null;
    if (!worker) return;
    worker.onmessage = worker.onerror = worker.onmessageerror = null;
    worker.terminate();
  }

  private watch(): void {
    if (!this.worker) return;
    if (this.unanswered >= RESTART_AFTER_PINGS) {
      this.replace('The simulation did not answer for 5 seconds, twice with this design.');
      return;
    }
    if (this.unanswered >= SLOW_AFTER_PINGS) this.setHealth('slow');
    this.unanswered++;
    this.post({ type: 'ping', at: this.unanswered });
  }

  /** A worker that never said a word is not replaced by another that would do the same. */
  private replace(otherwise: string): void {
    const hopeful = this.heard && this.health !== 'restarted';
    this.stop();
    if (!hopeful || !this.design) return this.giveUp(otherwise);
    this.start();
    this.setHealth('restarted');
    this.give(this.design, false);
  }

  private giveUp(message: string): void {
    this.stop();
    this.listener.onFailure({
      severity: 'error',
      code: 'simulation-not-answering',
      message: `${message} The design is kept; reset the run to try again.`,
    });
  }

  private receive(message: unknown): void {
    if (!isFromWorker(message)) return this.reportNonsense();
    this.heard = true;
    this.unanswered = 0;
    if (this.health === 'slow') this.setHealth('well');
    if (message.type === 'pong') return;
    const current = message.generation === this.generation;
    if (message.type !== 'frame') {
      if (current) this.listener.onMessage(message);
      return;
    }
    if (!current) return this.giveBack(message.buffer);
    const previous = this.held;
    this.held = message.buffer;
    this.listener.onFrame(new Float64Array(message.buffer, 0, message.length));
    // Even with nothing to give back, this asks for the next frame.
    this.giveBack(previous ?? new ArrayBuffer(0));
  }

  private giveBack(buffer: ArrayBuffer): void {
    this.post({ type: 'frame-done', buffer }, [buffer]);
  }

  private reportNonsense(): void {
    this.listener.onFailure({
      severity: 'error',
      code: 'simulation-message-malformed',
      message:
        'A message of the simulation could not be read and was ignored. Reset the run to be sure of its figures.',
    });
  }

  private setHealth(health: Health): void {
    if (health === this.health) return;
    this.health = health;
    this.listener.onHealth(health);
  }

  private post(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
