import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { md5Head } from '../../lib/md5.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const SECOND = 1_000_000;
const MEBIBYTE = 1_048_576;
/** How long a record takes to a consumer with enhanced fan-out. */
const PUSH_MICROS = 70_000;

/** What a shard has given to, or taken from, whoever is counted together. */
interface Count {
  second: number;
  times: number;
  bytes: number;
}

/** What the law sees of the readers of streams. */
interface Reads {
  firstRow: Int32Array;
  interval: Float64Array;
  answered: Float64Array;
}

/**
 * Streams: no shard takes more than 1,000 records or 1 MiB in a second, unless a single record is longer, and nobody
 * waits for a stream that has refused nobody. None answers more than five calls in a second, nor one reader sooner than
 * its interval, and gives no more than 2 MiB a second; a record that is pushed comes no sooner than it can.
 */
export class StreamLaw implements Law {
  private readonly scene: Scene;
  /** Bytes of each message by its birth. */
  private readonly sizeOf = new Map<number, number>();
  /** When each was first written to a stream. */
  private readonly writtenAt = new Map<string, number>();
  /** By topic and shard: what came in the second that is counted; by who reads: what was given. */
  private readonly counted = new Map<string, Count>();
  /** Of each row of readers: calls answered, and when the last one was. */
  private readonly answered: number[] = [];
  private readonly calledAt: number[] = [];
  /** When each stream last refused a record. */
  private readonly refusedAt = new Map<number, number>();
  /** What was refused since the last look. */
  private refused: { node: number; key: number; size: number; at: number }[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(edge: number, message: number): void {
    const { messages, plan } = this.scene.sim;
    if (this.isStream(plan.edgeTo[edge]))
      this.sizeOf.set(messages.serial[message], messages.sizeBytes[message]);
  }

  reached(edge: number, message: number, accepted: boolean): void {
    const { now, plan, messages } = this.scene.sim;
    const node = plan.edgeTo[edge];
    if (accepted || !this.isStream(node)) return;
    this.refusedAt.set(node, now);
    // What came at the same instant is told after the event, so it is judged then.
    this.refused.push({ node, key: messages.key[message], size: messages.sizeBytes[message], at: now });
  }

  traced({ at, code, node, a: serial, b: lane }: TracedStep): void {
    if (code !== TRACE.entered || !this.isStream(node)) return;
    const written = `${node}/${serial}`;
    if (!this.writtenAt.has(written)) this.writtenAt.set(written, at);
    const now = this.countIn(`${node}/${lane}`, at);
    now.times++;
    now.bytes += this.sizeOf.get(serial) ?? NaN;
    hold(now.times <= 1000, 'I10: records of a shard in a second', node, lane, now.times);
    const isWithin = now.bytes <= MEBIBYTE || now.times === 1;
    hold(isWithin, 'I10: bytes of a shard in a second', node, lane, now.bytes);
  }

  taken(edge: number, lane: number, message: number): void {
    const { sim } = this.scene;
    const { messages, now } = sim;
    const node = sim.plan.edgeFrom[edge];
    if (!this.isStream(node)) return;
    this.checkCall(edge, lane);
    if (message < 0) return;
    const size = messages.sizeBytes[message];
    const { interval } = this.reads();
    if (interval[edge] > 0) {
      // A call may bring 10 MiB that the next seconds make good, and who called need not take them at once.
      const all = this.countIn(`${node}/${lane} shared`, 0);
      all.bytes += size;
      const most = (Math.floor(now / SECOND) + 1) * 2 * MEBIBYTE + 10 * MEBIBYTE;
      hold(all.bytes <= most, 'I10: bytes that a shard gave', node, lane, all.bytes, most);
      return;
    }
    const own = this.countIn(`${edge}/${lane} pushed`, now);
    hold(own.bytes < 2 * MEBIBYTE, 'I10: bytes that a shard pushed in a second', edge, lane, own.bytes);
    own.bytes += size;
    const since = this.writtenAt.get(`${node}/${messages.serial[message]}`) ?? -Infinity;
    hold(now >= since + PUSH_MICROS, 'I32: a record was pushed too soon', edge, lane, since, now);
  }

  afterEvent(thorough: boolean): void {
    const { sim, kindOf } = this.scene;
    for (const record of this.refused.splice(0)) this.checkRefusal(record);
    if (!thorough) return;
    for (let node = 0; node < kindOf.length; node++) {
      if (!this.isStream(node) || sim.transfers.waiters.count[node] === 0) continue;
      // With the next second everybody is asked again.
      const second = Math.floor(sim.now / SECOND);
      const isRefused = Math.floor((this.refusedAt.get(node) ?? -Infinity) / SECOND) === second;
      const isSettled = sim.queue.peekTime() > sim.now;
      hold(isRefused || !isSettled, 'I46: waits for a stream that refused nobody in this second', node);
    }
  }

  /** A record with a key goes to one shard, which had no room for it in its second. */
  private checkRefusal({
    node,
    key,
    size,
    at,
  }: {
    node: number;
    key: number;
    size: number;
    at: number;
  }): void {
    if (key < 0) return;
    const shards = this.scene.kinds.topics.partitions(node);
    const lane = Number((BigInt(md5Head(`key-${key}`) >>> 0) * BigInt(shards)) >> 32n);
    const known = this.counted.get(`${node}/${lane}`);
    const second = Math.floor(at / SECOND);
    // Several events may lie between two looks.
    if (known !== undefined && known.second > second) return;
    const { times, bytes } = known?.second === second ? known : { times: 0, bytes: 0 };
    const isFull = times >= 1000 || (times > 0 && bytes + size > MEBIBYTE);
    hold(isFull, 'I46: refused by a shard with room', node, lane, bytes, size);
  }

  /** A reader has asked for the next record of a shard, for which it may have called. */
  private checkCall(edge: number, lane: number): void {
    const { now, plan } = this.scene.sim;
    const { answered, firstRow, interval } = this.reads();
    const row = firstRow[edge] + lane;
    const calls = answered[row] - (this.answered[row] ?? 0);
    if (calls === 0) return;
    this.answered[row] = answered[row];
    hold(calls === 1, 'I10: calls of a reader at one instant', edge, lane, calls);
    const soonest = (this.calledAt[row] ?? -Infinity) + interval[edge];
    hold(now >= soonest, 'I32: a reader calls before its time', edge, lane, now, soonest);
    this.calledAt[row] = now;
    const shard = this.countIn(`${plan.edgeFrom[edge]}/${lane} calls`, now);
    shard.times++;
    hold(shard.times <= 5, 'I10: calls of a shard in a second', edge, lane, shard.times);
  }

  private reads(): Reads {
    return this.scene.kinds.topics.reads as unknown as Reads;
  }

  /** The count of a place for the second of a time. */
  private countIn(place: string, at: number): Count {
    const second = Math.floor(at / SECOND);
    const known = this.counted.get(place);
    if (known?.second === second) return known;
    const fresh = { second, times: 0, bytes: 0 };
    this.counted.set(place, fresh);
    return fresh;
  }

  private isStream(node: number): boolean {
    return this.scene.kindOf[node] === TOPIC && this.scene.fields[node].service === 'kinesis';
  }
}
