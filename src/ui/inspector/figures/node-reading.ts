import {
  EDGE,
  GUARD,
  MEMBER,
  NODE,
  PARTITION,
  READER,
  STAGE,
} from '../../../simulation/frame/frame-layout.ts';
import type { Frame } from '../../../store/frames.ts';

/** The columns of one node in a frame, by name. */
export type NodeReading = { readonly [column in keyof typeof NODE]: number };

/** One member of a consumer group in a frame. */
export interface MemberReading {
  /** From 1, as "m1" says it. */
  number: number;
  state: number;
  sinceMs: number;
  busy: number;
  perSecond: number;
  partitions: number;
  /** State of the machine of its transactions, -1 where its group commits without. */
  transaction: number;
}

/** One partition as a consumer group sees it. */
export interface ReaderReading {
  topic: string;
  partition: number;
  lag: number;
  /** Member number from 1, or 0 for nobody. */
  owner: number;
}

/** Place of a node in a frame, or -1 when the frame does not have it (just added, or of an unknown kind). */
export function nodeIndex(frame: Frame, id: string): number {
  return frame.layout.shape.nodes.findIndex((node) => node.id === id);
}

/**
 * Reads the columns of a node; null when the frame does not have it. A message counts as dead where it ends, in the
 * dead-letter queue; here it counts for the node that gave it up, too.
 */
export function readNode(frame: Frame, id: string): NodeReading | null {
  const index = nodeIndex(frame, id);
  if (index < 0) return null;
  const at = frame.layout.node(index);
  const reading: Record<string, number> = {};
  for (const [name, column] of Object.entries(NODE)) reading[name] = frame.data[at + column];
  const { edges, nodes } = frame.layout.shape;
  edges.forEach(({ from, to }, edge) => {
    if (from !== index || nodes[to].kind !== 'dead-letter-queue') return;
    const passed = frame.layout.edge(edge);
    reading.deadLettered += frame.data[passed + EDGE.total];
    reading.deadPerSecond += frame.data[passed + EDGE.perSecond];
  });
  if (nodes[index].kind === 'queue') Object.assign(reading, queueWait(frame, index));
  return reading as NodeReading;
}

/**
 * How long messages wait in a queue: its readers measure it for each message, from its entry to its first try. A reader
 * of several queues measures all of them together, so there Little's law has to do: waiting over leaving a second.
 */
function queueWait({ layout, data }: Frame, queue: number): { waitMsMean: number; waitMsP95: number } {
  const { edges, nodes } = layout.shape;
  const into = (node: number) => edges.filter(({ to }) => to === node).length;
  const readers = edges
    .filter(({ from, to }) => from === queue && nodes[to].kind === 'consumer-group')
    .map(({ to }) => to);
  if (readers.length === 0) return { waitMsMean: NaN, waitMsP95: NaN };
  if (readers.some((reader) => into(reader) > 1)) {
    const at = layout.node(queue);
    const waiting = data[at + NODE.amount];
    const waitMsMean = waiting === 0 ? 0 : (waiting / data[at + NODE.outPerSecond]) * 1000;
    return { waitMsMean, waitMsP95: NaN };
  }
  let messages = 0;
  let waitedMs = 0;
  for (const reader of readers) {
    const at = layout.node(reader);
    if (!(data[at + NODE.totalIn] > 0)) continue;
    messages += data[at + NODE.totalIn];
    waitedMs += data[at + NODE.totalIn] * data[at + NODE.waitMsMean];
  }
  const waitMsP95 = readers.length === 1 ? data[layout.node(readers[0]) + NODE.waitMsP95] : NaN;
  return { waitMsMean: waitedMs / messages, waitMsP95 };
}

/** The members of a consumer group; empty for any other node. */
export function readMembers(frame: Frame, id: string): MemberReading[] {
  const { layout, data } = frame;
  const node = nodeIndex(frame, id);
  const group = layout.shape.groups.findIndex((entry) => entry.node === node);
  if (group < 0) return [];
  return Array.from({ length: layout.shape.groups[group].members }, (_, member) => {
    const at = layout.member(group, member);
    return {
      number: member + 1,
      state: data[at + MEMBER.state],
      sinceMs: data[at + MEMBER.sinceMs],
      busy: data[at + MEMBER.busy],
      perSecond: data[at + MEMBER.perSecond],
      partitions: data[at + MEMBER.partitions],
      transaction: data[at + MEMBER.transaction],
    };
  });
}

/** Each partition of each topic that a consumer group reads; empty for any other node. */
export function readReaders(frame: Frame, id: string): ReaderReading[] {
  const { layout, data } = frame;
  const node = nodeIndex(frame, id);
  const group = layout.shape.groups.findIndex((entry) => entry.node === node);
  const rows: ReaderReading[] = [];
  for (const entry of layout.readers) {
    if (entry.group !== group) continue;
    const topic = layout.shape.topics[entry.topic];
    for (let partition = 0; partition < topic.partitions; partition++) {
      if (data[layout.partition(entry.topic, partition) + PARTITION.absent] === 1) continue;
      const at = layout.reader(entry.first, partition);
      rows.push({
        topic: layout.shape.nodes[topic.node].id,
        partition,
        lag: data[at + READER.lag],
        owner: data[at + READER.owner] + 1,
      });
    }
  }
  return rows;
}

/** The columns of one edge, by name. */
export type EdgeReading = { readonly [column in keyof typeof EDGE]: number };

/** Reads an edge; null when the frame does not have it. */
export function readEdge(frame: Frame, id: string): EdgeReading | null {
  const index = frame.layout.shape.edges.findIndex((edge) => edge.id === id);
  if (index < 0) return null;
  const at = frame.layout.edge(index);
  const { data } = frame;
  const columns = Object.entries(EDGE).map(([name, column]) => [name, data[at + column]] as const);
  return Object.fromEntries(columns) as EdgeReading;
}

/** The columns of the guards of one edge, by name. */
export type GuardReading = { readonly [column in keyof typeof GUARD]: number };

/** Reads the guards of an edge; null when the frame has none of it. */
export function readGuard({ layout, data }: Frame, id: string): GuardReading | null {
  const { edges, guards } = layout.shape;
  const guard = guards.findIndex(({ edge }) => edges[edge].id === id);
  if (guard < 0) return null;
  const at = layout.guard(guard);
  const columns = Object.entries(GUARD).map(([name, column]) => [name, data[at + column]] as const);
  return Object.fromEntries(columns) as GuardReading;
}

/** A retry topic of a group. */
export interface StageReading {
  /** What its name ends in: "-retry-1000". */
  suffix: string;
  delayMs: number;
  waiting: number;
  came: number;
}

/** The retry topics of a group in order of their delays; empty for any other node. */
export function readStages({ layout, data }: Frame, id: string): StageReading[] {
  const { nodes, stages = [] } = layout.shape;
  return stages.flatMap(({ node, suffix, delayMs }, stage) => {
    if (nodes[node].id !== id) return [];
    const at = layout.stage(stage);
    return [{ suffix, delayMs, waiting: data[at + STAGE.waiting], came: data[at + STAGE.came] }];
  });
}
