import type { Json } from '../../design/types.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { MEMBER } from '../../kinds/consumer-group/membership.ts';
import { WORKER, PHASE } from '../../kinds/consumer-group/workers.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const GROUP = kindIndex('consumer-group');
const NO_KEY = -1;
const NONE = -1;

/** Whether a producer, by its fields, puts messages into partitions whatever their key. */
export function ignoresKeys({ client, partitioner }: Readonly<Record<string, Json>>): boolean {
  return client === 'kafka' && (partitioner === 'round-robin' || partitioner === 'ignore-keys');
}

/**
 * Topics: a key has one partition, offsets have no gaps, a group reads each partition in order and goes back only by
 * a rewind, and a commit covers exactly what is done.
 */
export class LogLaw implements Law {
  private readonly scene: Scene;
  private readonly keyOf = new Map<number, number>();
  /** Partition of each number of partitions and key, whatever the topic. */
  private readonly laneOf = new Map<string, number>();
  /** Serial numbers in each topic and partition, by offset. */
  private readonly logs = new Map<string, number[]>();
  /** Of each edge and partition: the offset that must be read next, and how many records were settled. */
  private readonly next = new Map<string, number>();
  private readonly settledCount = new Map<string, number>();
  /** Offsets that each reader has passed over, as they are no record for it. */
  private readonly passed = new Map<string, Set<number>>();
  /** Where each message in hand was read: the edge and partition, and the offset. */
  private readonly readAt = new Map<number, { place: string; offset: number }>();
  /** Partitions of edges of which records were cut off: the counts of before say nothing any more. */
  private readonly isCut = new Set<string>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  beforeSend(edge: number, message: number): void {
    const { messages, plan } = this.scene.sim;
    const isKeyless = ignoresKeys(this.scene.fields[plan.edgeFrom[edge]]);
    this.keyOf.set(messages.serial[message], isKeyless ? NO_KEY : messages.key[message]);
  }

  traced({ code, node, a: serial, b: lane, c: offset }: TracedStep): void {
    if (code === TRACE.cutOff) this.cutOff(node, serial, lane);
    if (this.scene.kindOf[node] !== TOPIC) return;
    // What retention takes from a group, and what that group then leaves out by its policy.
    if (code === TRACE.expired) {
      const place = `${serial}/${lane}`;
      this.next.set(place, (this.next.get(place) ?? 0) + offset);
      this.settledCount.set(place, (this.settledCount.get(place) ?? 0) + offset);
    }
    if (code === TRACE.skipped) this.skipped(serial, lane, offset);
    if (code !== TRACE.entered && code !== TRACE.marked) return;
    const log = this.logs.get(`${node}/${lane}`) ?? [];
    this.logs.set(`${node}/${lane}`, log);
    hold(offset === log.length, 'I17: an offset is left out or used twice', node, lane, offset, log.length);
    log.push(code === TRACE.marked ? NONE : serial);
    if (code === TRACE.marked) return;
    const key = this.keyOf.get(serial) ?? NO_KEY;
    // Of a topic that grew another law says more.
    if (key === NO_KEY || this.scene.kinds.growth?.of(this.scene.sim, node)) return;
    const service = this.scene.fields[node].service as string;
    const place = `${service}/${this.scene.kinds.topics.partitions(node)}/${key}`;
    const known = this.laneOf.get(place) ?? lane;
    hold(known === lane, 'I24: a key in two partitions', node, key, known, lane);
    this.laneOf.set(place, lane);
  }

  /**
   * A log ends earlier than before: who had read on goes back to its end, and has settled what is not there. What is in
   * work of the records that were cut off has no offset any more, and others come to stand there.
   */
  private cutOff(node: number, lane: number, from: number): void {
    this.logs.get(`${node}/${lane}`)?.splice(from);
    const { outEdges, outStart } = this.scene.sim.plan;
    for (const edge of outEdges.subarray(outStart[node], outStart[node + 1])) {
      const place = `${edge}/${lane}`;
      this.isCut.add(place);
      this.next.set(place, Math.min(from, this.next.get(place) ?? 0));
      for (const [message, read] of this.readAt)
        if (read.place === place && read.offset >= from) this.readAt.delete(message);
    }
  }

  taken(edge: number, lane: number, message: number): void {
    if (!this.isRead(edge) || message === NO_MESSAGE) return;
    const { sim, kinds } = this.scene;
    const node = sim.plan.edgeFrom[edge];
    const position = kinds.topics.position(edge, lane) - 1;
    const place = `${edge}/${lane}`;
    const expected = Math.max(this.next.get(place) ?? 0, kinds.topics.logStart(node, lane));
    hold(position === expected, 'I21: a group reads out of order', node, lane, position, expected);
    const serial = this.logs.get(`${node}/${lane}`)?.[position];
    const isIt = sim.messages.serial[message] === serial;
    hold(isIt, 'I21: another record than the log has', node, lane, position);
    this.next.set(place, position + 1);
    this.readAt.set(message, { place, offset: position });
  }

  settled(edge: number, lane: number, count: number): void {
    if (!this.isRead(edge)) return;
    const { sim, kinds } = this.scene;
    hold(count > 0, 'I14: settles nothing', edge, lane, count);
    const place = `${edge}/${lane}`;
    const settled = (this.settledCount.get(place) ?? 0) + count;
    this.settledCount.set(place, settled);
    if (this.isCut.has(place)) return;
    // What retention deletes is committed by nobody.
    if (kinds.topics.logStart(sim.plan.edgeFrom[edge], lane) > 0) return;
    const committed = kinds.topics.committed(edge, lane);
    const last = this.next.get(place) ?? 0;
    hold(committed <= last, 'I11: committed without having been read', place, committed, last);
    const passed = [...(this.passed.get(place) ?? [])].filter((offset) => offset < committed).length;
    hold(committed === settled + passed, 'I17: committed is not what was settled', place, committed, settled);
  }

  gaveBack(edge: number, lane: number, message: number): void {
    if (!this.isRead(edge) || message !== NO_MESSAGE) return;
    const { topics } = this.scene.kinds;
    const [committed, position] = [topics.committed(edge, lane), topics.position(edge, lane)];
    hold(position === committed, 'I11: what came back is not read again', edge, lane, position, committed);
    const place = `${edge}/${lane}`;
    this.next.set(place, committed);
    // It comes to them once more, or its policy takes it past them.
    const passed = this.passed.get(place) ?? new Set();
    for (const offset of passed) if (offset >= committed) passed.delete(offset);
  }

  afterEvent(): void {
    const { kindOf, fields } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== GROUP) continue;
      const atWork = this.checkWork(node);
      if (fields[node].commit === 'each') this.checkCommitted(node, atWork);
    }
  }

  /** Nothing in hand is committed; returns the partitions of which something is in hand. */
  private checkWork(node: number): ReadonlySet<number> {
    const { sim, kinds } = this.scene;
    const { workers, rows } = kinds.consumers;
    const atWork = new Set(kinds.consumers.polls?.bufferedRows(node));
    const first = workers.firstWorker[node];
    for (let worker = first; worker < first + kinds.consumers.workerCount(node); worker++) {
      const row = workers.of(worker, WORKER.row);
      if (workers.of(worker, WORKER.phase) === PHASE.idle || workers.of(worker, WORKER.edge) < 0 || row < 0)
        continue;
      if (workers.of(worker, WORKER.generation) !== rows.generation[row]) continue;
      atWork.add(row);
      const edge = rows.edge[row];
      const start = kinds.topics.logStart(sim.plan.edgeFrom[edge], rows.lane[row]);
      const { offset } = this.readAt.get(workers.of(worker, WORKER.message)) ?? { offset: Infinity };
      const committed = kinds.topics.committed(edge, rows.lane[row]);
      hold(offset >= committed || offset < start, 'I14: committed while in work', node, offset, committed);
    }
    return atWork;
  }

  /** A group that commits each message has committed all that it has read, where nothing is in hand. */
  private checkCommitted(node: number, atWork: ReadonlySet<number>): void {
    const { sim, kinds } = this.scene;
    const { rows, membership } = kinds.consumers;
    const { inEdges, inStart, edgeFrom } = sim.plan;
    for (const edge of inEdges.subarray(inStart[node], inStart[node + 1])) {
      if (!this.isRead(edge)) continue;
      for (let lane = 0; lane < kinds.topics.partitions(edgeFrom[edge]); lane++) {
        const row = rows.firstRow[edge] + lane;
        const owner = rows.owner[row];
        // What a dead reader has read is committed by nobody; the next one reads it again.
        const isOpen = owner >= 0 && membership.stateOf[owner] === MEMBER.reading;
        if (atWork.has(row) || !isOpen) continue;
        const [committed, read] = [kinds.topics.committed(edge, lane), kinds.topics.position(edge, lane)];
        hold(committed === read, 'I17: done but not committed', node, lane, committed, read);
      }
    }
  }

  private skipped(edge: number, lane: number, offset: number): void {
    const place = `${edge}/${lane}`;
    const expected = Math.max(
      this.next.get(place) ?? 0,
      this.scene.kinds.topics.logStart(this.scene.sim.plan.edgeFrom[edge], lane),
    );
    hold(offset === expected, 'I21: a group passes over records out of order', place, offset, expected);
    this.next.set(place, offset + 1);
    this.passed.set(place, (this.passed.get(place) ?? new Set()).add(offset));
  }

  private isRead(edge: number): boolean {
    return this.scene.kindOf[this.scene.sim.plan.edgeFrom[edge]] === TOPIC;
  }
}
