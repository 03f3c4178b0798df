import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const NONE = 0;

/**
 * Transactions: who reads committed records takes none of an open or aborted transaction, and passes over nothing but
 * markers, aborted records and those that compaction has removed.
 */
export class TransactionLaw implements Law {
  private readonly scene: Scene;
  private readonly hasTransactions: boolean;
  /** Of each message on its way: its transaction. */
  private readonly transactionOf = new Map<number, number>();
  /** Of each partition, by offset: the open transaction of a record, or what became of it. */
  private readonly logs = new Map<string, Map<number, number | 'committed' | 'aborted' | 'marker'>>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.hasTransactions = scene.fields.some(
      ({ transactions, commit }) => transactions === 'on' || commit === 'transaction',
    );
  }

  reaching(edge: number, message: number): void {
    const { messages, plan } = this.scene.sim;
    if (!this.hasTransactions || this.scene.kindOf[plan.edgeTo[edge]] !== TOPIC) return;
    this.transactionOf.set(messages.serial[message], messages.transaction[message]);
  }

  traced({ code, node, a, b: lane, c: offset }: TracedStep): void {
    if (!this.hasTransactions || this.scene.kindOf[node] !== TOPIC) return;
    if (code === TRACE.entered) {
      const transaction = this.transactionOf.get(a >>> 0) ?? NONE;
      if (transaction !== NONE) this.logOf(node, lane).set(offset, transaction);
    }
    if (code === TRACE.cutOff) this.cutOff(this.logOf(node, a), lane);
    if (code === TRACE.marked) this.marked(this.logOf(node, lane), a, offset);
    if (code === TRACE.skipped) this.skipped(a, lane, offset);
  }

  taken(edge: number, lane: number, message: number): void {
    const { plan } = this.scene.sim;
    if (message < 0 || !this.hasTransactions || this.scene.kindOf[plan.edgeFrom[edge]] !== TOPIC) return;
    const position = this.scene.kinds.topics.position(edge, lane) - 1;
    const found = this.logOf(plan.edgeFrom[edge], lane).get(position);
    hold(found !== 'marker', 'I20: a marker is read', edge, lane, position);
    if (this.scene.fields[plan.edgeTo[edge]].isolation !== 'read-committed') return;
    hold(found === undefined || found === 'committed', 'I20: not committed', edge, lane, position, found);
  }

  private cutOff(log: Map<number, unknown>, from: number): void {
    for (const offset of log.keys()) if (offset >= from) log.delete(offset);
  }

  private marked(log: Map<number, unknown>, packed: number, offset: number): void {
    const transaction = Math.floor(packed / 2);
    for (const [at, found] of log) {
      if (found === transaction) log.set(at, packed % 2 === 1 ? 'aborted' : 'committed');
    }
    log.set(offset, 'marker');
  }

  private skipped(edge: number, lane: number, offset: number): void {
    const { plan } = this.scene.sim;
    const topic = plan.edgeFrom[edge];
    if (this.scene.fields[topic].cleanup !== 'delete') return;
    const found = this.logOf(topic, lane).get(offset);
    const isCommitted = this.scene.fields[plan.edgeTo[edge]].isolation === 'read-committed';
    const isRight = found === 'marker' || (isCommitted && found === 'aborted');
    hold(isRight, 'I20: passed over a record', edge, lane, offset, found);
  }

  private logOf(topic: number, lane: number): Map<number, number | 'committed' | 'aborted' | 'marker'> {
    const place = `${topic}/${lane}`;
    const log = this.logs.get(place) ?? new Map();
    this.logs.set(place, log);
    return log;
  }
}
