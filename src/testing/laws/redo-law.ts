import { METRIC } from '../../engine/metrics.ts';
import { WORK_TIMER } from '../../kinds/consumer-group/work.ts';
import { SKIPPED } from '../../kinds/consumer-group/watched-work.ts';
import { LATE, WORKER } from '../../kinds/consumer-group/workers.ts';
import { TRACE } from '../../engine/trace.ts';
import { MEMBER } from '../../kinds/consumer-group/membership.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { MACHINE } from '../../kinds/shared/machine-rows.ts';
import { CloudLives } from './cloud-lives.ts';
import { hold, isCalled, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const CLOUD = kindIndex('cloud-broker');
const GROUP = kindIndex('consumer-group');
const OUT_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ id }) => id === 'out');

/** The record that a worker has: its partition, which it is of all, and since which rewind. */
interface Record {
  row: number;
  id: number;
  generation: number;
}

/**
 * Effects: a record that a group does a second time, or does in vain because it may not commit any more, is counted as
 * duplicate, and no other. Kept for groups that are the end of their messages, whose every step the trace tells.
 */
export class RedoLaw implements Law {
  private readonly scene: Scene;
  /** Of each row: its records by offset. An offset that was cut off is given to another record later. */
  private readonly idsOf = new Map<number, number[]>();
  private readonly idOf = new Map<number, number>();
  private records = 0;
  private readonly recordOf = new Map<number, Record>();
  private readonly done = new Set<number>();
  private readonly expelled = new Set<number>();
  private readonly redone: Float64Array;
  private readonly isEnd: boolean[];
  /** What groups did of managed brokers, which tell by receipts. */
  private readonly lives: CloudLives;
  private readonly livesDone = new Set<number>();
  private readonly skipped = new Set<number>();
  /** Workers whose message their queue has taken back. */
  private readonly late = new Set<number>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.lives = new CloudLives(scene, (node) => scene.kindOf[node] === CLOUD);
    this.listenToReceipts();
    this.redone = new Float64Array(scene.kindOf.length);
    this.isEnd = Array.from(scene.kindOf, (kind, node) => kind === GROUP && !this.sendsOn(node));
  }

  beforeSend(edge: number, message: number): void {
    this.lives.leaves(edge, message);
  }

  reaching(edge: number, message: number): void {
    this.lives.offer(edge, message);
  }

  copied(original: number, copy: number): void {
    this.lives.copied(original, copy);
  }

  freed(message: number): void {
    this.lives.freed(message);
  }

  taken(edge: number, lane: number, message: number): void {
    if (message < 0 || !this.isRead(edge)) return;
    const { consumers, topics } = this.scene.kinds;
    const row = consumers.rows.firstRow[edge] + lane;
    const ids = this.idsOf.get(row) ?? [];
    this.idsOf.set(row, ids);
    const offset = topics.position(edge, lane) - 1;
    ids[offset] ??= this.records++;
    this.idOf.set(message, ids[offset]);
  }

  popped(): void {
    const { code, arg } = this.scene.sim.queue;
    const isGroup = this.scene.kindOf[nodeOfEvent(code)] === GROUP;
    if (isGroup && typeOfEvent(code) === WORK_TIMER.skip) this.recognised(arg);
  }

  traced({ code, node, a, b, c }: TracedStep): void {
    if (code === TRACE.cutOff) this.cutOff(node, a, b);
    if (code === TRACE.overdue || code === TRACE.connectionLost) this.overdue(a, c);
    if (this.scene.kindOf[node] !== GROUP) return;
    if (code === TRACE.machine && a === MACHINE.member) this.memberChanged(node, c, b);
    if (code === TRACE.started) this.started(b);
    if (code === TRACE.acknowledged && c !== SKIPPED) this.finishedLate(node, b);
    if (code === TRACE.acknowledged || code === TRACE.dropped) this.finished(node, b);
    if (code !== TRACE.retried || this.scene.fields[node].retryMode === 'hold') return;
    this.finishedLate(node, b);
    this.finished(node, b);
  }

  afterEvent(): void {
    const { metrics } = this.scene.sim;
    for (let node = 0; node < this.redone.length; node++) {
      if (!this.isEnd[node]) continue;
      hold(
        metrics.of(node, METRIC.duplicates) === this.redone[node],
        'I13: duplicates',
        node,
        metrics.of(node, METRIC.duplicates),
        this.redone[node],
      );
    }
  }

  /** An acknowledgement may come late, over a network that was cut: it counts when the broker has it. */
  private listenToReceipts(): void {
    const { clouds } = this.scene.kinds;
    const { settle } = clouds;
    clouds.settle = (sim, node, edge, receipt, isWork) => {
      const life = this.lives.ofReceipt(receipt)!;
      // What is known to be done is acknowledged and not done again.
      const isSkipped = this.skipped.delete(receipt);
      if (this.livesDone.has(life) && !isSkipped) this.redone[sim.plan.edgeTo[edge]]++;
      this.livesDone.add(life);
      settle.call(clouds, sim, node, edge, receipt, isWork);
    };
  }

  private cutOff(topic: number, lane: number, from: number): void {
    const { outEdges, outStart } = this.scene.sim.plan;
    const { firstRow } = this.scene.kinds.consumers.rows;
    for (const edge of outEdges.subarray(outStart[topic], outStart[topic + 1])) {
      this.idsOf.get(firstRow[edge] + lane)?.splice(from);
    }
  }

  private memberChanged(node: number, number: number, state: number): void {
    const member = this.scene.kinds.consumers.workers.firstMember[node] + number - 1;
    if (state === MEMBER.expelled || state === MEMBER['struck-off']) this.expelled.add(member);
    else this.expelled.delete(member);
  }

  private started(worker: number): void {
    const { workers } = this.scene.kinds.consumers;
    const row = workers.of(worker, WORKER.row);
    this.recordOf.delete(worker);
    if (row === LATE) this.late.add(worker);
    else this.late.delete(worker);
    if (row < 0) return;
    const id = this.idOf.get(workers.of(worker, WORKER.message))!;
    this.recordOf.set(worker, { row, id, generation: workers.of(worker, WORKER.generation) });
  }

  /** The worker's record is known to be done: whoever works on it from now on does so a second time. */
  private recognised(worker: number): void {
    const { workers } = this.scene.kinds.consumers;
    this.started(worker);
    const record = this.recordOf.get(worker);
    this.recordOf.delete(worker);
    if (record && !this.isLost(record, worker)) this.done.add(record.id);
    const edge = workers.of(worker, WORKER.edge);
    if (record || edge < 0 || this.scene.kindOf[this.scene.sim.plan.edgeFrom[edge]] !== CLOUD) return;
    this.skipped.add(this.scene.sim.messages.receipt[workers.of(worker, WORKER.message)]);
  }

  /** A queue takes back what workers of a group have in hand, or have done without a word of it getting through. */
  private overdue(group: number, done: number): void {
    const { workers } = this.scene.kinds.consumers;
    this.redone[group] += done;
    const first = workers.firstWorker[group];
    for (let worker = first; worker < first + this.scene.kinds.consumers.workerCount(group); worker++) {
      if (workers.of(worker, WORKER.row) === LATE) this.late.add(worker);
    }
  }

  /** The queue of the worker's message has taken it back: somebody does it again. */
  private finishedLate(node: number, worker: number): void {
    if (this.late.delete(worker)) this.redone[node]++;
  }

  /** The worker's record is done with, or waits for its next try elsewhere. */
  private finished(node: number, worker: number): void {
    const record = this.recordOf.get(worker);
    if (!record) return;
    this.recordOf.delete(worker);
    const isLost = this.isLost(record, worker);
    if (isLost || this.done.has(record.id)) this.redone[node]++;
    if (!isLost) this.done.add(record.id);
  }

  /** Whether the group takes no commit of this record any more. */
  private isLost(record: Record, worker: number): boolean {
    const { workers, rows } = this.scene.kinds.consumers;
    const isOld = rows.generation[record.row] !== record.generation;
    return isOld || this.expelled.has(workers.of(worker, WORKER.member));
  }

  private sendsOn(node: number): boolean {
    const { outEdges, outStart, edgePort, edgeTo } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.some((edge) => edgePort[edge] !== OUT_PORT || !isCalled(this.scene.kindOf[edgeTo[edge]]));
  }

  private isRead(edge: number): boolean {
    return this.scene.kindOf[this.scene.sim.plan.edgeFrom[edge]] === TOPIC;
  }
}
