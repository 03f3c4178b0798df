import type { Design } from '../../../design/types.ts';
import { compileMachine } from '../../../machines/compile-machine.ts';
import { groupMemberMachine } from '../../../machines/group-member.machine.ts';
import type { Frame } from '../../../store/frames.ts';
import type { ActiveFault } from '../../../store/run-store.ts';
import type { TraceRow } from '../../../worker/protocol.ts';
import { clockTime, count } from '../../look/figures.ts';
import type { NodeReading } from '../figures/node-reading.ts';

/** States of a member of a group, by name. */
export const { state: MEMBER_STATE } = compileMachine(groupMemberMachine);

/** A piece of a sentence: plain text, or a name that leads to its node. */
export type Part = string | { name: string; node: string };

/** What an explanation is drawn from. */
export interface Evidence {
  design: Design;
  frame: Frame;
  activeFaults: readonly ActiveFault[];
  trace: readonly TraceRow[];
  /** Chart samples since the start, oldest first; they say since when. */
  samples?: readonly Float64Array[];
}

/** The evidence and the node it is read for. */
export interface Context extends Evidence {
  id: string;
  kind: string;
  reading: NodeReading;
}

/** One thing out of the ordinary: the question that it answers, and the sentence that does. */
export interface Finding {
  question: string;
  sentence: readonly Part[];
  sinceMs?: number;
}

/** "is full: 20 of 20 connections busy", "is stopped since 00:31", in the words of the node's kind. */
export function standing({ design, activeFaults }: Evidence, id: string, reading: NodeReading): string {
  const kind = design.nodes.find((node) => node.id === id)?.kind;
  const stopped = activeFaults.find((fault) => fault.node === id && fault.fault === 'stop');
  if (stopped) return `is stopped since ${clockTime(stopped.sinceMs)}`;
  if (kind === 'database' && reading.servers > 0) {
    const slow = activeFaults.find((fault) => fault.node === id && fault.fault === 'slow');
    const since = slow ? ` since it got slow at ${clockTime(slow.sinceMs)}` : '';
    return `is full: ${count(reading.busy)} of ${count(reading.servers)} connections busy${since}`;
  }
  if (kind === 'topic' && reading.diedRejected > 0) return 'has a shard that is full for this second';
  if (kind === 'cloud-broker' && reading.refused > 0) return 'has answered all calls of this second';
  if (kind === 'event-router') return 'has taken all messages of this second';
  // A topic takes everything: only the memory of a client (buffer.memory) holds back who writes to it.
  if (kind === 'topic') return 'has not answered the requests that fill the memory of the client';
  if (kind === 'queue' && !(reading.limit > 0 && reading.amount >= reading.limit)) {
    return 'owes its publishers confirms or credit, or their broker has an alarm';
  }
  if (reading.limit > 0) return `is full: ${count(reading.amount)} of ${count(reading.limit)} messages`;
  return 'takes nothing more';
}

/** "1 message waits", "12 messages wait". */
export function counted(number: number, one: string, many: string): string {
  return `${count(number)} ${Math.round(number) === 1 ? one : many}`;
}

/** A node's name as a link to it. */
export function namePart({ design }: Evidence, id: string): Part {
  return { name: design.nodes.find((node) => node.id === id)?.name || id, node: id };
}

/** "a", "a and b", "a, b and c". */
export function joinParts(parts: readonly Part[]): Part[] {
  return parts.flatMap((part, index) =>
    index === 0 ? [part] : [index === parts.length - 1 ? ' and ' : ', ', part],
  );
}

/** "p0", "p0 and p1", "p0, p1, p2 and 4 more". */
export function listed(words: readonly string[]): string {
  if (words.length > 4) return `${words.slice(0, 3).join(', ')} and ${words.length - 3} more`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
