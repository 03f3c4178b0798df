import type { Json } from './types.ts';

/** A random amount: milliseconds or bytes, as the field says. Negative draws are truncated to 0. */
export type Distribution =
  | { shape: 'constant'; mean: number }
  | { shape: 'exponential'; mean: number }
  | { shape: 'uniform'; min: number; max: number }
  | { shape: 'normal'; mean: number; sd: number }
  | { shape: 'log-normal'; mean: number; cv: number }
  | { shape: 'erlang'; mean: number; k: number }
  | { shape: 'pareto'; min: number; alpha: number }
  | { shape: 'empirical'; values: readonly number[] };

/** One step of a producer's schedule: from `atMs` on, this many messages a second. */
export interface ScheduleStep {
  atMs: number;
  ratePerSecond: number;
}

/** What a field may hold. Durations are milliseconds, rates are per second, probabilities 0 to 1. */
export type FieldType =
  | { type: 'integer'; min: number; max: number; unit: string; zeroMeans?: string }
  | { type: 'number'; min: number; max: number; unit: string }
  | { type: 'duration'; min: number; max: number; zeroMeans?: string }
  | { type: 'rate'; min: number; max: number }
  | { type: 'probability' }
  | { type: 'choice'; options: readonly ChoiceOption[] }
  | { type: 'distribution'; unit: 'ms' | 'bytes' }
  | { type: 'schedule' }
  | { type: 'message-type' }
  /** Free text of at most so many bytes in UTF-8; AMQP counts bytes. */
  | { type: 'text'; mostBytes: number }
  /** Routing keys with their weights, as text: see kinds/shared/routing-keys.ts. */
  | { type: 'routing-keys' }
  /** An object of header names and plain values: see kinds/header-text.ts. */
  | { type: 'headers' };

export interface ChoiceOption {
  value: string;
  label: string;
  help: string;
}

/** A field of a kind of node (or of a fault): form, parser, validator and docs derive from it. */
export interface FieldDefinition {
  /** Name in the design file and in `--set node.name=value`. */
  name: string;
  /** Label in the inspector, sentence case, without the unit. */
  label: string;
  /** One or two plain sentences. */
  help: string;
  value: FieldType;
  default: Json;
  /** True if a running simulation takes the new value at once; false if the change restarts the run. */
  live: boolean;
  /** Why a change restarts the run, where one would ask; completes "Changing … restarts the run, since …". */
  whyRestart?: string;
  /** Shown only while another field of the node has one of these values; for an edge, of the node that it leaves. */
  visibleWhen?: { field: string; is: readonly string[] };
  /** Says what the other fields are, so it stands before all of them, changed or not. */
  first?: true;
  /** Shown only while an edge leaves the node by this port. */
  visibleWithEdge?: string;
}
