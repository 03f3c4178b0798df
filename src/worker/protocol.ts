import type { Design, Json, Problem } from '../design/types.ts';
import type { SessionState } from '../machines/session.machine.ts';
import type { PlanShape } from '../simulation/frame/frame-layout.ts';
import type { RunResults } from '../simulation/results/results.ts';
import type { Speed } from '../simulation/pacer.ts';
import type { ActiveFault, FaultPlace, Letter, TraceRow } from '../simulation/run.ts';

export type { SessionState, Speed, TraceRow };

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
  | {
      type: 'inject';
      id: string;
      place: FaultPlace;
      fault: string;
      args: Readonly<Record<string, Json>>;
      forMs?: number;
    }
  | { type: 'heal'; id: string }
  /** Asks for the newest letters of a dead-letter queue. */
  | { type: 'browse'; node: string }
  /** Returns a frame's buffer; at most one frame is in flight, so this also asks for the next. */
  | { type: 'frame-done'; buffer: ArrayBuffer }
  | { type: 'ping'; at: number };

/** Worker to page. */
export type FromWorker =
  | { type: 'compiled'; generation: number; shape: PlanShape; problems: readonly Problem[] }
  /** What there is to say about the design as live edits have left it: these and no longer those of before. */
  | { type: 'problems'; generation: number; problems: readonly Problem[] }
  /** The design cannot run; `problems` has at least one error. */
  | { type: 'refused'; generation: number; problems: readonly Problem[] }
  | {
      type: 'session';
      generation: number;
      state: SessionState;
      speed: Speed;
      simulatedMs: number;
      horizonMs: number;
    }
  | { type: 'frame'; generation: number; buffer: ArrayBuffer; length: number }
  | { type: 'trace'; generation: number; rows: readonly TraceRow[] }
  /** The faults in force have changed to these. */
  | { type: 'faults'; generation: number; active: readonly ActiveFault[] }
  /**
   * The run jumped to `toMs`, back or on through a stretch that it knows: only the first `traceRows` rows and the
   * samples up to there stand; what is missing before it or comes after it follows.
   */
  | { type: 'rewound'; generation: number; toMs: number; traceRows: number }
  /** A command that the run did not take, such as a field it does not know; the run goes on. */
  | { type: 'rejected'; generation: number; problem: Problem }
  /** The answer to `browse`: the newest letters as of now, newest first. */
  | { type: 'letters'; generation: number; node: string; letters: readonly Letter[] }
  /** Sent whenever the run stands still: paused or finished. */
  | { type: 'results'; generation: number; results: RunResults }
  | { type: 'failed'; generation: number; problem: Problem }
  | { type: 'pong'; at: number };
