import type { Simulation } from '../../engine/simulation.ts';

/** `retry.backoff.ms` of the coordinator, which writes the markers. */
export const MARKER_RETRY_MICROS = 100_000;
/** Transactions of groups have numbers from here on, so that they differ from those of producers. */
export const FIRST_GROUP_TRANSACTION = 1 << 28;

/** What transactions need of the topics. */
export interface TransactionLog {
  /** Whether a partition has a leader that may write. */
  isServed(topic: number, lane: number): boolean;
  /** Writes the marker that ends a transaction in a partition. */
  endTransaction(sim: Simulation, topic: number, lane: number, id: number, isAborted: boolean): void;
}
