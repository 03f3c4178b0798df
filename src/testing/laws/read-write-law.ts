import { TRACE } from '../../engine/trace.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { SKIPPED } from '../../kinds/consumer-group/watched-work.ts';
import { FIRST_GROUP_TRANSACTION } from '../../kinds/shared/transaction-log.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const DEAD_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ roles }) => roles.includes('dead'));

/** A record that a group has read: which it is of all, and where it lies. */
interface Source {
  id: number;
  edge: number;
  lane: number;
  offset: number;
  serial: number;
}

/** What a group has written in a transaction: the result of a record along an edge. */
interface Result {
  source: Source;
  edge: number;
  offset: number;
  fate: 'open' | 'committed' | 'aborted';
}

/**
 * Read, process, write: along each edge the result of a record is committed at most once, whatever crashes and times
 * out, and a record is not committed as read whose result was taken back, unless its reader gave it up.
 */
export class ReadWriteLaw implements Law {
  private readonly scene: Scene;
  private readonly isOn: boolean;
  private records = 0;
  /** Of each edge and partition that such a group reads: its records by offset. An offset that is cut off comes again. */
  private readonly idsOf = new Map<string, number[]>();
  private readonly sourceOf = new Map<number, Source>();
  /** What is being written at this moment. */
  private written: { transaction: number; edge: number; source: Source } | null = null;
  private offered: { message: number; source: Source } | null = null;
  /** Of each transaction its results in a partition, until it ends there; of each result of a record all that was written. */
  private readonly open = new Map<string, Result[]>();
  private readonly resultsOf = new Map<string, Result[]>();
  /** Of each record, how many of its results are on their way along an edge. */
  private readonly underWay = new Map<string, number>();
  /** Of each edge and partition, how far its group was put forward without reading: it had no valid offset. */
  private readonly passedTo = new Map<string, number>();
  /** Groups and serial numbers of the messages that they gave up or knew as done: read for good, without a result. */
  private readonly givenUp = new Set<string>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.isOn = scene.fields.some(({ commit }) => commit === 'transaction');
  }

  taken(edge: number, lane: number, message: number): void {
    const { messages, plan } = this.scene.sim;
    if (!this.isOn || message < 0 || this.scene.fields[plan.edgeTo[edge]].commit !== 'transaction') return;
    const offset = this.scene.kinds.topics.position(edge, lane) - 1;
    const ids = this.idsOf.get(`${edge}/${lane}`) ?? [];
    this.idsOf.set(`${edge}/${lane}`, ids);
    ids[offset] ??= this.records++;
    this.sourceOf.set(message, { id: ids[offset], edge, lane, offset, serial: messages.serial[message] });
  }

  beforeSend(edge: number, message: number): void {
    const { edgePort } = this.scene.sim.plan;
    const source = this.sourceOf.get(message);
    if (!source) return;
    if (edgePort[edge] === DEAD_PORT) this.giveUp(source);
    this.changeUnderWay(edge, source, 1);
  }

  copied(original: number, copy: number): void {
    const source = this.sourceOf.get(original);
    if (source) this.sourceOf.set(copy, source);
  }

  freed(message: number): void {
    this.sourceOf.delete(message);
  }

  reaching(edge: number, message: number): void {
    const { messages, plan } = this.scene.sim;
    if (!this.isOn || this.scene.kindOf[plan.edgeTo[edge]] !== TOPIC) return;
    const transaction = messages.transaction[message];
    const source = this.sourceOf.get(message);
    const isOfGroup = transaction >= FIRST_GROUP_TRANSACTION;
    const isRight = isOfGroup === (this.scene.fields[plan.edgeFrom[edge]].commit === 'transaction');
    hold(isRight, 'I20: written outside of the transaction of its group', edge, transaction);
    this.written = isOfGroup && source ? { transaction, edge, source } : null;
    // In the log it is a record of its own.
    this.sourceOf.delete(message);
    this.offered = source ? { message, source } : null;
  }

  /** What a topic does not take stays what it is. */
  reached(_edge: number, message: number, accepted: boolean): void {
    if (!accepted && this.offered?.message === message) this.sourceOf.set(message, this.offered.source);
    this.offered = null;
    this.written = null;
  }

  traced({ code, node, a, b: lane, c }: TracedStep): void {
    if (!this.isOn) return;
    const isLeft = code === TRACE.dropped || (code === TRACE.acknowledged && c === SKIPPED);
    if (isLeft) this.givenUp.add(`${node}/${a}`);
    if (this.scene.kindOf[node] !== TOPIC) return;
    if (code === TRACE.cutOff) this.cutOff(node, a, lane);
    if (code === TRACE.expired) this.passedTo.set(`${a}/${lane}`, this.scene.kinds.topics.committed(a, lane));
    if (code === TRACE.marked) this.ended(node, lane, Math.floor(a / 2), a % 2 === 1);
    if (code !== TRACE.entered || this.written === null) return;
    const { transaction, edge, source } = this.written;
    const result: Result = { source, edge, offset: c, fate: 'open' };
    this.changeUnderWay(edge, source, -1);
    push(this.open, `${node}/${lane}/${transaction}`, result);
    push(this.resultsOf, `${edge}/${source.id}`, result);
  }

  private changeUnderWay(edge: number, { id }: Source, by: number): void {
    const place = `${edge}/${id}`;
    this.underWay.set(place, (this.underWay.get(place) ?? 0) + by);
  }

  private giveUp({ edge, serial }: Source): void {
    this.givenUp.add(`${this.scene.sim.plan.edgeTo[edge]}/${serial}`);
  }

  private ended(topic: number, lane: number, transaction: number, isAborted: boolean): void {
    const place = `${topic}/${lane}/${transaction}`;
    for (const result of this.open.get(place) ?? []) {
      const { source, edge } = result;
      const others = this.resultsOf.get(`${edge}/${source.id}`)!.filter((other) => other !== result);
      const isDone = others.some(({ fate }) => fate === 'committed');
      result.fate = isAborted ? 'aborted' : 'committed';
      // The result that counts may still be on its way, behind one that does not.
      const mayCome = (this.underWay.get(`${edge}/${source.id}`) ?? 0) > 0;
      if (isAborted && !mayCome) this.checkUnread(source, others);
      if (isAborted) continue;
      hold(!isDone, 'I20: the result of a record is committed twice', edge, source);
    }
    this.open.delete(place);
  }

  /** The marker of an abort may come late, when the record was done once more. */
  private checkUnread({ id, edge, lane, offset, serial }: Source, others: readonly Result[]): void {
    const { kinds, sim } = this.scene;
    // An unclean election has cut the record off, and its place may be that of another now.
    if (this.idsOf.get(`${edge}/${lane}`)?.[offset] !== id) return;
    if (this.givenUp.has(`${sim.plan.edgeTo[edge]}/${serial}`)) return;
    if (others.some(({ fate }) => fate !== 'aborted')) return;
    if (kinds.topics.logStart(sim.plan.edgeFrom[edge], lane) > offset) return;
    if ((this.passedTo.get(`${edge}/${lane}`) ?? 0) > offset) return;
    const committed = kinds.topics.committed(edge, lane);
    hold(committed <= offset, 'I20: read for good, and its result taken back', edge, lane, offset, committed);
  }

  private cutOff(topic: number, lane: number, from: number): void {
    const { outEdges, outStart } = this.scene.sim.plan;
    for (const edge of outEdges.subarray(outStart[topic], outStart[topic + 1])) {
      this.idsOf.get(`${edge}/${lane}`)?.splice(from);
    }
    this.loseResults(topic, lane, from);
  }

  /** What is gone with the end of a log is not committed with the next transaction of the same name. */
  private loseResults(topic: number, lane: number, from: number): void {
    for (const [place, results] of this.open) {
      if (!place.startsWith(`${topic}/${lane}/`)) continue;
      for (const result of results) if (result.offset >= from) result.fate = 'aborted';
      this.open.set(
        place,
        results.filter(({ offset }) => offset < from),
      );
    }
  }
}

function push(map: Map<string, Result[]>, place: string, result: Result): void {
  const known = map.get(place);
  if (known) known.push(result);
  else map.set(place, [result]);
}
