import { createStore } from 'zustand/vanilla';
import type { Json, Problem } from '../design/types.ts';
import type { PlanShape } from '../simulation/frame/frame-layout.ts';
import type { RunResults } from '../simulation/results/results.ts';
import type { ActiveFault, FaultPlace, Letter } from '../simulation/run.ts';
import type { Health } from '../worker/client.ts';
import type { SessionState, Speed, TraceRow } from '../worker/protocol.ts';

export type { ActiveFault, FaultPlace };

/** What the page knows of the run at human pace; figures of the moment are in `Frames`. */
export interface RunState {
  session: SessionState;
  /** The worker has not answered for 2 s (`slow`) or was restarted after 5 s (`restarted`). */
  health: Health;
  speed: Speed;
  /** Documents shown so far: another number, another document. */
  documents: number;
  /** Updated at most four times a second while running, and at once when paused. */
  simulatedMs: number;
  horizonMs: number;
  shape: PlanShape | null;
  problems: readonly Problem[];
  trace: readonly TraceRow[];
  /** Faults now in force, by hand or from the scenario. */
  activeFaults: readonly ActiveFault[];
  /** Of the run so far, while it stands still (paused or finished); else null. */
  results: RunResults | null;
  /** Newest letters of the dead-letter queue that was browsed last. */
  letters: { node: string; rows: readonly Letter[] } | null;
  failure: Problem | null;
}

/** What the page asks of the run. */
export interface RunCommands {
  play(): void;
  pause(): void;
  step(): void;
  reset(): void;
  seek(toMs: number): void;
  setSpeed(speed: Speed): void;
  inject(place: FaultPlace, fault: string, args: Readonly<Record<string, Json>>, forMs?: number): void;
  heal(faultId: string): void;
  /** Asks for the newest letters of a dead-letter queue; they come as `letters` of the run store. */
  browse(node: string): void;
}

export const initialRunState: RunState = {
  session: 'idle',
  health: 'well',
  speed: 1,
  documents: 0,
  simulatedMs: 0,
  horizonMs: 0,
  shape: null,
  problems: [],
  trace: [],
  activeFaults: [],
  results: null,
  letters: null,
  failure: null,
};

export function createRunStore() {
  return createStore<RunState>(() => initialRunState);
}

export type RunStore = ReturnType<typeof createRunStore>;
