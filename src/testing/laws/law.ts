import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { kindIndex } from '../../kinds/registry.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';

/** What a law may look at: the state of a run, and the values that the fields of its nodes have now. */
export interface Scene {
  sim: Simulation;
  kinds: RunKinds;
  /** Current fields of each node by index, defaults filled in; the watch keeps them in step with live edits. */
  fields: readonly Record<string, Json>[];
  /** How many times slower a member of a node, by its number from 1, is now. */
  slowFactor(node: number, member: number): number;
  /** Faults of a node that are in force, oldest first, whatever its kind makes of them. */
  faultsOf(node: number): readonly { fault: string; args: Readonly<Record<string, Json>> }[];
  /** Index of the kind of each node. */
  kindOf: Uint8Array;
}

/** A row of the message trace as laws read it. */
export interface TracedStep {
  at: number;
  code: number;
  node: number;
  a: number;
  b: number;
  c: number;
}

/**
 * Something that must hold in every run, told what passes between engine and kinds. Each part throws a sentence that
 * begins with the number of the invariant it guards.
 */
export interface Law {
  beforeSend?(edge: number, message: number): void;
  /** `again` for an offer out of the line of waiting senders. */
  sent?(edge: number, message: number, tag: number, accepted: boolean, again: boolean): void;
  /** A message was handed over past the line of waiting senders; who does not ask hears of it as sent. */
  deposited?(edge: number): void;
  waitCancelled?(edge: number, tag: number): void;
  /** The node at the end of an edge is offered a message: when it is sent, or when it arrives where the network is in trouble. */
  reaching?(edge: number, message: number): void;
  reached?(edge: number, message: number, accepted: boolean): void;
  /** Whoever stands in line along an edge has gone to the end of another line. */
  lineMoved?(edge: number, before: number, after: number): void;
  /** The answer to a call is about to reach the caller. */
  replied?(edge: number, tag: number): void;
  beforeTake?(edge: number, lane: number): void;
  taken?(edge: number, lane: number, message: number): void;
  settled?(edge: number, lane: number, count: number): void;
  beforeGiveBack?(edge: number, lane: number, message: number): void;
  gaveBack?(edge: number, lane: number, message: number): void;
  /** A message takes a slot, new or as the copy of another, or gives it up. */
  created?(message: number): void;
  copied?(original: number, copy: number): void;
  freed?(message: number): void;
  scheduled?(handle: number, time: number, priority: number, code: number, arg: number): void;
  cancelled?(handle: number): void;
  popped?(): void;
  /** Something from outside became part of the run. */
  commanded?(code: number, value: number): void;
  /** Before an event or a deed from outside: what the state says now was so until this time. */
  lasted?(until: number): void;
  /** A step of a message or of control, in the order in which it happened. */
  traced?(step: TracedStep): void;
  /** More than one event went by since the last look: only what the calls in between tell is known of them. */
  unseen?(): void;
  /** Between two events; `thorough` also where the whole state must be walked for it. */
  afterEvent?(thorough: boolean): void;
  /** When the run is over. */
  atEnd?(): void;
}

/** How often each invariant was compared with a run, by its number: a law that never meets its case shows as missing. */
export const timesHeld = new Map<string, number>();

/** Throws the sentence, which begins with the number of an invariant, unless the condition holds. */
export function hold(condition: boolean, sentence: string, ...found: unknown[]): void {
  const number = sentence.slice(0, 3);
  timesHeld.set(number, (timesHeld.get(number) ?? 0) + 1);
  if (!condition) throw new Error(`${sentence}: ${found.map((value) => JSON.stringify(value)).join(', ')}`);
}

const CALLED = [kindIndex('database'), kindIndex('service')];

/** Whether nodes of this kind are called: they answer, and messages stay with who calls. */
export function isCalled(kind: number): boolean {
  return CALLED.includes(kind);
}

/** The node of an event's code, and the type of event that the kind of the node knows it by. */
export function nodeOfEvent(code: number): number {
  return code >>> 5;
}

export function typeOfEvent(code: number): number {
  return code & 31;
}
