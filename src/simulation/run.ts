import type { Json, Problem } from '../design/types.ts';
import type { DeathReason } from '../kinds/shared/deaths.ts';
import type { FrameLayout, PlanShape } from './frame/frame-layout.ts';
import type { RunResults } from './results/results.ts';

/**
 * One execution of a compiled design, as its driver (the worker's session, the command line, a test) sees it. It
 * knows no wall clock: how `advance` calls are cut never changes a result. An intervention (`setField`, `inject`,
 * `heal`) takes effect at `nowMs`, between two events; the same interventions after the same number of events give
 * the same run, bit for bit.
 */
export interface Run {
  readonly shape: PlanShape;
  readonly layout: FrameLayout;
  readonly nowMs: number;
  readonly horizonMs: number;
  /** True once the horizon is reached or a limit stopped the run; then nothing advances any more. */
  readonly done: boolean;
  /**
   * Processes every event up to `untilMs`, or `maxEvents` of them, whichever comes first, and returns how many it
   * processed. If `maxEvents` did not stop it, `nowMs` is `untilMs` afterwards (at most the horizon), even if
   * nothing happened there; if it did, `nowMs` is the time of the last event.
   */
  advance(untilMs: number, maxEvents: number): number;
  /** Processes exactly one event; false if there is none before the horizon, in which case the run is done. */
  step(): boolean;
  /** Doubles that `writeFrame` needs now, samples not yet written included. */
  frameSize(): number;
  /**
   * Writes a frame and returns its length in doubles. Chart samples taken since the last call are appended, oldest
   * first, as many as fit; the others wait for the next call. The session fills in `HEADER.speedReached`.
   */
  writeFrame(into: Float64Array): number;
  /** The trace rows since the last call, in order of time. */
  drainTrace(): TraceRow[];
  /** Changes a live field from now on and notes it in the trace; the problem if the value is refused. */
  setField(node: string, field: string, value: Json): Problem | null;
  /** Starts a fault from now on, healed by itself after `forMs`; `id` is the caller's, unused so far. */
  inject(
    id: string,
    place: FaultPlace,
    fault: string,
    args: Readonly<Record<string, Json>>,
    forMs?: number,
  ): Problem | null;
  heal(id: string): Problem | null;
  /** Memory that a snapshot taken now would hold, to be checked before one is. */
  readonly snapshotBytes: number;
  /**
   * A copy of all state, chart samples and rows of the trace not yet drained included. It stays valid however the run
   * goes on. Which samples frames have carried is no part of it: after a jump they go on where they stopped, or where
   * the run now stands if that is earlier.
   */
  snapshot(): RunSnapshot;
  /** Goes back (or on) to a snapshot of this run, or of another run of the same design and options. */
  restore(snapshot: RunSnapshot): void;
  results(): RunResults;
  /** The newest letters of a dead-letter queue, newest first; none for any other node. */
  letters(node: string, most: number): Letter[];
  /** Faults now in force, by hand or from the scenario, oldest first. */
  activeFaults(): ActiveFault[];
}

/** State of a run at one time. Only a run of the same design can read it. */
export interface RunSnapshot {
  /** Memory it holds, so that its keeper can bound how many it keeps. */
  readonly bytes: number;
}

/** Where a fault strikes: a node by its id, or an edge. */
export type FaultPlace = string | { readonly edge: string };

/** A fault in force, of a node or of an edge. */
export interface ActiveFault {
  id: string;
  node?: string;
  edge?: string;
  fault: string;
  args: Readonly<Record<string, Json>>;
  sinceMs: number;
}

/** A message that was given up, as a dead-letter queue keeps it. */
export interface Letter {
  /** When it came. */
  atMs: number;
  /** Number of the message's birth. */
  message: number;
  /** Tries of who gave it up; 0 if there was none. */
  tries: number;
  /** A few words: "tries used up". */
  reason: string;
  /** Who gave it up, and the queue or topic that it was in before. */
  from: string;
  source: string;
  /** It was sent back before, and failed again. */
  redriven: boolean;
  poison: boolean;
  /** In which queues it died, why and how often, the latest first (x-death); empty if it only ever failed here. */
  deaths: readonly { queue: string; reason: string; times: number }[];
}

/** A control-level happening of the run, for the timeline and the log: never one a message. */
export interface TraceRow {
  atMs: number;
  node: string;
  /**
   * Stable code: `fault`, `heal`, `set-field`, `machine`, `blocked`, `unblocked`, `overflow`, `limit`, `restart`,
   * `reseed`, `lost` (records that a log no longer has), `taken-over` (another consumer of a queue is the active one).
   */
  code: string;
  /** One plain sentence: "m3 crashed." */
  text: string;
  /** Id of the injected fault, for `fault` and `heal`. */
  fault?: string;
  /** For `machine` of a group that begins to rebalance: why, such as "m2 joined". */
  cause?: string;
  /** For `machine`: name of the machine and of the state entered. */
  machine?: string;
  state?: string;
  /** For `machine` of a member: its number, from 1. */
  member?: number;
  /** For `machine` of a topic's partition, and for `lost`: its number, from 0. */
  partition?: number;
  /** For `machine` of a circuit breaker: the edge that it guards. */
  edge?: string;
}

/** One step of one message, for the trace file of the command line. */
export interface MessageRow {
  atMs: number;
  node: string;
  code:
    | 'produced'
    | 'entered'
    | 'started'
    | 'succeeded'
    | 'failed'
    | 'retried'
    | 'dead-lettered'
    | 'dropped'
    | 'expired'
    | 'acknowledged'
    | 'forwarded'
    | 'redriven';
  /** Number of the message's birth; copies of a message share it. */
  message: number;
  /** Of a dead letter that leaves a queue: why, and how often it has died there for that (an entry of `x-death`). */
  reason?: DeathReason;
  times?: number;
}
