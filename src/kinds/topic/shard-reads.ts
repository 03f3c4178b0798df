import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { numberOf, toMicros } from '../shared/node-config.ts';
import type { Topics } from './behavior.ts';
import { isStream } from './shards.ts';
import type { TopicParts } from './topic-parts.ts';

const SECOND = 1_000_000;
const NONE = -1;
/** What a shard gives in one second to all who share its throughput, or to one consumer that has its own. */
const MOST_BYTES = 2_097_152;
/** Calls of GetRecords that a shard answers in one second, and what one of them brings at most. */
export const MOST_CALLS = 5;
const MOST_RECORDS = 10_000;
const MOST_CALL_BYTES = 10_485_760;
/** How long a record takes to a consumer with enhanced fan-out, on average as AWS says. */
const PUSH_MICROS = 70_000;
/** The event type of a stream at which a reader asks again, with its row. */
export const READ_TIMER = 5;

/** How one consumer reads a stream. */
export interface StreamReading {
  reads: 'shared' | 'fan-out';
  /** Calls of GetRecords that shards answered, and that they refused. */
  calls: number;
  throttled: number;
  /** Records that reached it. */
  records: number;
}

/**
 * What the shards of streams give their consumers. Those that share a shard's throughput call GetRecords, each at its
 * own interval: a call brings up to 10,000 records or 10 MiB, and is refused (ProvisionedThroughputExceeded) if the
 * shard has had five calls in this second, or still owes for bytes that it gave: it makes good 2 MiB a second, so that
 * 10 MiB keep it from answering for five. A consumer with enhanced fan-out makes no calls: each record reaches it
 * 70 ms after it was written, up to 2 MiB a second of each shard for itself.
 */
export class ShardReads {
  private readonly sim: Simulation;
  private readonly topics: Topics;
  /** Of each edge: its first row, NONE if it reads no stream; microseconds from call to call, 0 for a push. */
  private readonly firstRow: Int32Array;
  private readonly interval: Float64Array;
  /** Of each row: its edge and lane, and the account that pays for what it reads. */
  private readonly edgeOf: number[] = [];
  private readonly laneOf: number[] = [];
  private readonly accountOf: number[] = [];
  /** Of each row: up to which offset it has what it called for; when it calls next at the earliest. */
  private fetched = new Float64Array();
  private next = new Float64Array();
  /** 1 while its calls find nothing; 1 while an event makes it ask again. */
  private idle = new Uint8Array();
  private waits = new Uint8Array();
  /** Answered calls of each row. */
  private answered = new Float64Array();
  /** Of each account, which is a shard or a consumer's own share of one: the second that is counted, calls, bytes owed. */
  private second = new Float64Array();
  private calls = new Int32Array();
  private owed = new Float64Array();
  /** Of each edge: refused calls, records that reached its consumer. */
  private refused = new Float64Array();
  private given = new Float64Array();

  constructor(sim: Simulation, topics: Topics, { configs, edgeFields }: TopicParts) {
    const { columns, plan } = sim;
    this.sim = sim;
    this.topics = topics;
    this.firstRow = new Int32Array(plan.edgeCount).fill(NONE);
    this.interval = new Float64Array(plan.edgeCount);
    const shards = new Map<string, number>();
    let accounts = 0;
    for (const edge of topics.readerEdges.edges) {
      const stream = plan.edgeFrom[edge];
      if (!isStream(configs[stream])) continue;
      const isPushed = edgeFields[edge].reads === 'fan-out';
      this.firstRow[edge] = this.edgeOf.length;
      this.interval[edge] = isPushed ? 0 : toMicros(edgeFields[edge].readInterval);
      for (let lane = 0; lane < numberOf(configs[stream], 'partitions'); lane++) {
        const shard = `${stream} ${lane}`;
        const shared = shards.get(shard);
        this.edgeOf.push(edge);
        this.laneOf.push(lane);
        this.accountOf.push(isPushed ? accounts++ : (shared ?? accounts++));
        if (!isPushed) shards.set(shard, this.accountOf.at(-1)!);
      }
    }
    const rows = this.edgeOf.length;
    columns.f64(this, 'fetched', rows);
    columns.f64(this, 'next', rows);
    columns.u8(this, 'idle', rows);
    columns.u8(this, 'waits', rows);
    columns.f64(this, 'answered', rows);
    columns.f64(this, 'second', accounts);
    columns.i32(this, 'calls', accounts);
    columns.f64(this, 'owed', accounts);
    columns.f64(this, 'refused', plan.edgeCount);
    columns.f64(this, 'given', plan.edgeCount);
    this.spreadOut();
  }

  /** Whether an edge leads from a stream to who reads it. */
  has(edge: number): boolean {
    return this.firstRow[edge] !== NONE;
  }

  /** Whether a reader has the next record of a shard, or gets it now; if not, it is told when it does. */
  mayTake(edge: number, lane: number): boolean {
    const row = this.firstRow[edge] + lane;
    if (this.hasCalledFor(edge, lane, row)) return true;
    if (this.interval[edge] === 0) return this.hasCome(edge, lane, row);
    const isAtEnd =
      this.topics.position(edge, lane) >= this.topics.logEnd(this.sim.plan.edgeFrom[edge], lane);
    if (isAtEnd) {
      this.findNothing(row);
      return false;
    }
    if (this.waits[row] === 1) return false;
    const at = this.nextCall(row);
    if (at <= this.sim.now) return this.call(row);
    this.askAgain(row, at);
    return false;
  }

  /** A record has reached the consumer at the end of an edge. */
  taken(edge: number, lane: number, bytes: number): void {
    const row = this.firstRow[edge] + lane;
    this.given[edge]++;
    if (this.interval[edge] === 0) this.owed[this.accountOf[row]] += bytes;
  }

  /** A reader begins again at its checkpoint, and has nothing of what it called for. */
  rewound(edge: number, lane: number): void {
    this.fetched[this.firstRow[edge] + lane] = 0;
  }

  fire(row: number): void {
    this.waits[row] = 0;
    this.sim.announce(this.edgeOf[row], this.laneOf[row]);
  }

  /** Offset before which a reader can take at this moment, at most `end`. */
  reachableEnd(edge: number, lane: number, end: number): number {
    const row = this.firstRow[edge] + lane;
    const position = this.topics.position(edge, lane);
    if (position < this.fetched[row]) return Math.min(end, this.fetched[row]);
    return this.waits[row] === 1 ? Math.min(end, position) : end;
  }

  /** Calls of the consumer at the end of an edge that shards refused so far. */
  throttledOn(edge: number): number {
    return this.refused[edge];
  }

  /** Calls to the shards of a stream that were refused so far. */
  throttledBy(stream: number): number {
    const { edges, start } = this.topics.readerEdges;
    let sum = 0;
    for (let place = start[stream]; place < start[stream + 1]; place++) sum += this.refused[edges[place]];
    return sum;
  }

  /** How the consumer at the end of an edge has read; null if it reads no stream. */
  of(edge: number): StreamReading | null {
    const first = this.firstRow[edge];
    if (first === NONE) return null;
    let calls = 0;
    for (let row = first; this.edgeOf[row] === edge; row++) calls += this.answered[row];
    const reads = this.interval[edge] === 0 ? 'fan-out' : 'shared';
    return { reads, calls, throttled: this.refused[edge], records: this.given[edge] };
  }

  /** Microseconds from one call for records along an edge to the next; 0 where they are pushed. */
  callsEvery(edge: number): number {
    return this.interval[edge];
  }

  /** Nobody starts all consumers at one instant: the first call on each shard comes some time within the interval. */
  private spreadOut(): void {
    this.edgeOf.forEach((edge, row) => {
      if (this.interval[edge] === 0) return;
      this.next[row] = this.draw(edge, this.interval[edge]);
      this.idle[row] = 1;
    });
  }

  private draw(edge: number, micros: number): number {
    const { sim } = this;
    return sim.random.below(sim.stream(sim.plan.edgeTo[edge], PURPOSE.route), micros);
  }

  /** A call is due and finds nothing; those after it come at their interval. */
  private findNothing(row: number): void {
    const { now } = this.sim;
    const at = Math.max(now, this.nextCall(row));
    this.next[row] = at === now ? now + this.interval[this.edgeOf[row]] : at;
    this.idle[row] = 1;
  }

  /** When the next call comes that has not been made yet: a reader that found nothing went on calling meanwhile. */
  private nextCall(row: number): number {
    const late = this.sim.now - this.next[row];
    if (late <= 0 || this.idle[row] === 0) return this.next[row];
    const interval = this.interval[this.edgeOf[row]];
    return this.next[row] + Math.ceil(late / interval) * interval;
  }

  private call(row: number): boolean {
    const { sim } = this;
    const account = this.accountOf[row];
    const edge = this.edgeOf[row];
    this.begin(account);
    if (this.calls[account] >= MOST_CALLS || this.owed[account] >= MOST_BYTES) {
      this.refused[edge]++;
      // Some time in the next second: at its start, the same ones would be refused each time.
      this.next[row] = (this.second[account] + 1) * SECOND + this.draw(edge, SECOND);
      this.idle[row] = 0;
      this.askAgain(row, this.next[row]);
      return false;
    }
    const { offset, bytes } = this.topics.readers.ahead(
      edge,
      this.laneOf[row],
      MOST_RECORDS,
      MOST_CALL_BYTES,
    );
    this.calls[account]++;
    this.owed[account] += bytes;
    this.answered[row]++;
    this.fetched[row] = offset;
    this.next[row] = sim.now + this.interval[edge];
    this.idle[row] = 0;
    return true;
  }

  /** Whether a call has brought the next record. What is no record for its reader is passed over, but no further. */
  private hasCalledFor(edge: number, lane: number, row: number): boolean {
    while (this.topics.position(edge, lane) < this.fetched[row]) {
      if (!this.topics.gaps?.passOver(edge, lane)) return true;
    }
    return false;
  }

  /** The same for a consumer that has its own throughput: what is no record for it comes like one, and is passed over. */
  private hasCome(edge: number, lane: number, row: number): boolean {
    const end = this.topics.logEnd(this.sim.plan.edgeFrom[edge], lane);
    while (this.topics.position(edge, lane) < end && this.isPushed(row)) {
      if (!this.topics.gaps?.passOver(edge, lane)) return true;
    }
    return false;
  }

  /** Whether what lies next in a shard has come to a consumer that has its own throughput. */
  private isPushed(row: number): boolean {
    if (this.waits[row] === 1) return false;
    const { sim } = this;
    const account = this.accountOf[row];
    this.begin(account);
    const arrival = this.topics.headSince(this.edgeOf[row], this.laneOf[row]) + PUSH_MICROS;
    const isSpent = this.owed[account] >= MOST_BYTES;
    const at = isSpent ? Math.max(arrival, (this.second[account] + 1) * SECOND) : arrival;
    if (at <= sim.now) return true;
    this.askAgain(row, at);
    return false;
  }

  /** Counts for the second of now: every second before it has made 2 MiB good. */
  private begin(account: number): void {
    const now = Math.floor(this.sim.now / SECOND);
    if (this.second[account] === now) return;
    const paid = (now - this.second[account]) * MOST_BYTES;
    this.owed[account] = Math.max(0, this.owed[account] - paid);
    this.calls[account] = 0;
    this.second[account] = now;
  }

  private askAgain(row: number, at: number): void {
    this.waits[row] = 1;
    this.sim.at(at, this.sim.plan.edgeFrom[this.edgeOf[row]], READ_TIMER, row);
  }
}
