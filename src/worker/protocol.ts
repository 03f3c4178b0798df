import type { Design, Json, Problem } from '../design/types.ts';
import type { PlanShape } from '../simulation/frame-layout.ts';
import type { RunResults } from '../simulation/results.ts';

/** Real-time factor: 0.1 to 1000, or 'max' for as fast as it goes. */
export type Speed = number | 'max';

/** States of the session machine, as the page shows them. */
export type SessionState =
  | 'idle'
  | 'compiling'
  | 'ready'
  | 'running'
  | 'paused'
  | 'seeking'
  | 'finished'
  | 'failed';

/** Page to worker. `load` numbers the design so that late answers to an older one can be told apart. */
export type ToWorker =
  | { type: 'load'; generation: number; design: Design; keepPlaying?: boolean }
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'step' }
  | { type: 'reset' }
  | { type: 'seek'; toMs: number }
  | { type: 'speed'; speed: Speed }
  | { type: 'set-field'; node: string; field: string; value: Json }
  | { type: 'inject'; id: string; node: string; fault: string; args: Readonly<Record<string, Json>>; forMs?: number }
  | { type: 'heal'; id: string }
  /** Returns a frame's buffer; at most one frame is in flight, so this also asks for the next. */
  | { type: 'frame-done'; buffer: ArrayBuffer }
  | { type: 'ping'; at: number };

/** Worker to page. */
export type FromWorker =
  | { type: 'compiled'; generation: number; shape: PlanShape; problems: readonly Problem[] }
  /** The design cannot run; `problems` has at least one error. */
  | { type: 'refused'; generation: number; problems: readonly Problem[] }
  | { type: 'session'; generation: number; state: SessionState; speed: Speed; simulatedMs: number; horizonMs: number }
  | { type: 'frame'; generation: number; buffer: ArrayBuffer; length: number }
  | { type: 'trace'; generation: number; rows: readonly TraceRow[] }
  | { type: 'finished'; generation: number; results: RunResults }
  | { type: 'failed'; generation: number; problem: Problem }
  | { type: 'pong'; at: number };

/** A control-level happening of the run, for the timeline and the log: never one a message. */
export interface TraceRow {
  atMs: number;
  node: string;
  /** Stable code: `fault`, `heal`, `set-field`, `machine`, `blocked`, `unblocked`, `overflow`, `limit`. */
  code: string;
  /** One plain sentence: "m3 crashed." */
  text: string;
  /** Id of the injected fault, for `fault` and `heal`. */
  fault?: string;
  /** For `machine`: name of the machine and of the state entered. */
  machine?: string;
  state?: string;
  /** For `machine` of a member: its number, from 1. */
  member?: number;
}
