import type { Problem } from '../design/types.ts';

/**
 * Everything a finished (or stopped) run says, as `spillway run --json` prints it. Counts cover the whole run;
 * rates, means and percentiles cover the time after the warm-up. Figures without a sample are null.
 */
export interface RunResults {
  /** Version of this format and of the engine. */
  version: string;
  seed: number | string;
  untilMs: number;
  warmUpMs: number;
  /** 16 hexadecimal digits; equal for equal design, seed and time in every JavaScript engine. */
  hash: string;
  events: number;
  totals: RunTotals;
  /** From a message's birth to its acknowledgement. */
  latency: LatencyFigures;
  nodes: Record<string, NodeResults>;
  edges: Record<string, EdgeResults>;
  problems: readonly Problem[];
}

/**
 * produced + copied = acknowledged + deadLettered + dropped + expired + inFlight, exactly, at any time.
 * `copied` counts what fan-out and redelivery add: a message read by three groups is one produced and two copied.
 */
export interface RunTotals {
  produced: number;
  copied: number;
  acknowledged: number;
  deadLettered: number;
  dropped: number;
  expired: number;
  inFlight: number;
}

export interface LatencyFigures {
  latencyMsMean: number | null;
  latencyMsP50: number | null;
  latencyMsP95: number | null;
  latencyMsP99: number | null;
  latencyMsMax: number | null;
}

export interface NodeResults extends LatencyFigures {
  kind: string;
  name: string;
  in: number;
  out: number;
  /** Still in the node when the run ended. */
  held: number;
  arrivalRatePerSecond: number;
  throughputPerSecond: number;
  /** Busy time over server time, 0 to 1; null for a node without servers. */
  utilization: number | null;
  queueLengthMean: number;
  queueLengthMax: number;
  /** Behind the end of what it reads, committed view; null for a node that reads nothing. */
  lag: number | null;
  waitMsMean: number | null;
  waitMsP95: number | null;
  serviceMsMean: number | null;
  attempts: number;
  failures: number;
  retries: number;
  duplicates: number;
  acknowledged: number;
  deadLettered: number;
  dropped: number;
  /** Of those dropped: unroutable messages that went back to their senders. */
  returned: number;
  expired: number;
  /** Simulated ms spent waiting for a full target. */
  heldBackMs: number;
}

export interface EdgeResults {
  from: string;
  to: string;
  messages: number;
  ratePerSecond: number;
  blockedMs: number;
}
