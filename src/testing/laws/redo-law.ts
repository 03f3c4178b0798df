import { METRIC } from '../../engine/metrics.ts';
import { WORKER } from '../../kinds/consumer-group/workers.ts';
import { TRACE } from '../../engine/trace.ts';
import { MEMBER } from '../../kinds/consumer-group/membership.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { MACHINE } from '../../kinds/shared/machine-rows.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const GROUP = kindIndex('consumer-group');
const DATABASE = kindIndex('database');
const OUT_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ id }) => id === 'out');

/** The record that a worker has: its partition, offset, and since which rewind. */
interface Record {
  row: number;
  offset: number;
  generation: number;
}

/**
 * Effects: a record that a group does a second time, or does in vain because it may not commit any more, is counted as
 * duplicate, and no other. Kept for groups that are the end of their messages, whose every step the trace tells.
 */
export class RedoLaw implements Law {
  private readonly scene: Scene;
  private readonly offsetOf = new Map<number, number>();
  private readonly recordOf = new Map<number, Record>();
  private readonly done = new Set<string>();
  private readonly expelled = new Set<number>();
  private readonly redone: Float64Array;
  private readonly isEnd: boolean[];
  private position = 0;

  constructor(scene: Scene) {
    this.scene = scene;
    this.redone = new Float64Array(scene.kindOf.length);
    this.isEnd = Array.from(scene.kindOf, (kind, node) => kind === GROUP && !this.sendsOn(node));
  }

  beforeTake(edge: number, lane: number): void {
    if (this.isRead(edge)) this.position = this.scene.kinds.topics.position(edge, lane);
  }

  taken(edge: number, _lane: number, message: number): void {
    if (message >= 0 && this.isRead(edge)) this.offsetOf.set(message, this.position);
  }

  traced({ code, node, a, b, c }: TracedStep): void {
    if (this.scene.kindOf[node] !== GROUP) return;
    if (code === TRACE.machine && a === MACHINE.member) this.memberChanged(node, c, b);
    if (code === TRACE.started) this.started(b);
    if (code === TRACE.acknowledged || code === TRACE.dropped) this.finished(node, b);
    if (code === TRACE.retried && this.scene.fields[node].retryMode !== 'hold') this.finished(node, b);
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

  private memberChanged(node: number, number: number, state: number): void {
    const member = this.scene.kinds.consumers.workers.firstMember[node] + number - 1;
    if (state === MEMBER.expelled) this.expelled.add(member);
    else this.expelled.delete(member);
  }

  private started(worker: number): void {
    const { workers } = this.scene.kinds.consumers;
    const row = workers.of(worker, WORKER.row);
    this.recordOf.delete(worker);
    if (row < 0) return;
    const offset = this.offsetOf.get(workers.of(worker, WORKER.message))!;
    this.recordOf.set(worker, { row, offset, generation: workers.of(worker, WORKER.generation) });
  }

  /** The worker's record is done with, or waits for its next try elsewhere. */
  private finished(node: number, worker: number): void {
    const record = this.recordOf.get(worker);
    if (!record) return;
    this.recordOf.delete(worker);
    const { workers, rows } = this.scene.kinds.consumers;
    const isLost =
      rows.generation[record.row] !== record.generation ||
      this.expelled.has(workers.of(worker, WORKER.member));
    const name = `${record.row}/${record.offset}`;
    if (isLost || this.done.has(name)) this.redone[node]++;
    if (!isLost) this.done.add(name);
  }

  private sendsOn(node: number): boolean {
    const { outEdges, outStart, edgePort, edgeTo } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.some((edge) => edgePort[edge] !== OUT_PORT || this.scene.kindOf[edgeTo[edge]] !== DATABASE);
  }

  private isRead(edge: number): boolean {
    return this.scene.kindOf[this.scene.sim.plan.edgeFrom[edge]] === TOPIC;
  }
}
