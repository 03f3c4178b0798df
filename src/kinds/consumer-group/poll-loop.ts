import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import type { PartitionRows } from './partition-rows.ts';
import { PollBuffer } from './poll-buffer.ts';
import type { Work } from './work.ts';
import { SETTLED, WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

const NONE = -1;

/** Event that wakes the other workers of a member whose poll returned more than one record. */
interface PollTimers {
  polled: number;
}

/** What polling asks of the logs, where some group waits for enough bytes. */
export interface FetchLog {
  onMore: (sim: Simulation, edge: number, lane: number) => void;
  awaitMore(edge: number, lane: number, waits: boolean): void;
  /** Bytes that a group may take, counted up to `most`. */
  unreadBytes(edge: number, lane: number, most: number): number;
  /** When the record was written that a group takes next; NaN for none. */
  headSince(edge: number, lane: number): number;
}

/** What polling needs of a group. */
interface PollParts {
  work: Work;
  workers: Workers;
  rows: PartitionRows;
  /** Rows of all partitions that a group reads. */
  rowsOf(node: number): readonly number[];
}

/** How a group polls, times in microseconds. */
interface PollSettings {
  node: number;
  most: number;
  leastBytes: number;
  longestWait: number;
}

/** Null for a group that takes record by record. */
function pollSettings(node: number, config: NodeConfig): PollSettings | null {
  const most = numberOf(config, 'maxPollRecords');
  const leastBytes = numberOf(config, 'fetchMinBytes');
  const longestWait = microsOf(config, 'fetchMaxWait');
  return config.fields.polling === 'batch' ? { node, most, leastBytes, longestWait } : null;
}

/** The poll loops of those groups that have one; null if none has. */
export function pollLoop(
  sim: Simulation,
  configs: readonly NodeConfig[],
  nodes: readonly number[],
  parts: PollParts,
  timers: PollTimers,
): PollLoop | null {
  const settings = nodes.flatMap((node) => pollSettings(node, configs[node]) ?? []);
  return settings.length > 0 ? new PollLoop(sim, settings, parts, timers) : null;
}

/**
 * Members that poll as Kafka's consumer does: poll() returns up to max.poll.records, the records of one partition
 * after those of another, and the member polls again when all of them are done. Offsets are committed within poll(),
 * and the time between two polls is that of a whole batch.
 */
export class PollLoop {
  private readonly work: Work;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly rowsOf: (node: number) => readonly number[];
  private readonly timers: PollTimers;
  private readonly buffer: PollBuffer;
  /** Of each node: most records of one poll, 0 for a group that does not poll in batches. */
  private most = new Int32Array();
  /** Of each node: polls that returned something, and the records that they returned. */
  private polls = new Float64Array();
  private records = new Float64Array();
  /** Of each member: its last poll. */
  private polledAt = new Float64Array();
  /** Of each member: when it is woken within a poll that returns nothing, to commit. */
  private wakesAt = new Float64Array();
  /** Of each node: `fetch.min.bytes` and `fetch.max.wait.ms`. */
  private leastBytes = new Float64Array();
  private longestWait = new Float64Array();
  /** Of each member: when it sent its fetch, 1 while it waits for the answer, and when that comes at the latest. */
  private fetchedAt = new Float64Array();
  private waits = new Uint8Array();
  private answeredAt = new Float64Array();
  private log: FetchLog | null = null;

  constructor(sim: Simulation, settings: readonly PollSettings[], parts: PollParts, timers: PollTimers) {
    const { columns, plan } = sim;
    this.work = parts.work;
    this.workers = parts.workers;
    this.rows = parts.rows;
    this.rowsOf = parts.rowsOf;
    this.timers = timers;
    this.buffer = new PollBuffer(columns, this.workers.totalMembers, plan.limits.messages);
    columns.i32(this, 'most', plan.nodeCount);
    columns.f64(this, 'polls', plan.nodeCount);
    columns.f64(this, 'records', plan.nodeCount);
    columns.f64(this, 'polledAt', this.workers.totalMembers);
    columns.f64(this, 'wakesAt', this.workers.totalMembers);
    for (const field of ['leastBytes', 'longestWait']) columns.f64(this, field, plan.nodeCount);
    for (const field of ['fetchedAt', 'answeredAt']) columns.f64(this, field, this.workers.totalMembers);
    columns.u8(this, 'waits', this.workers.totalMembers);
    for (const { node, most, leastBytes, longestWait } of settings) {
      this.most[node] = most;
      this.leastBytes[node] = leastBytes;
      this.longestWait[node] = longestWait;
    }
  }

  /** Where groups fetch that wait for enough bytes; null if none does. */
  fetchFrom(log: FetchLog | null): void {
    this.log = log;
    if (log === null) return;
    log.onMore = (sim, edge, lane) => {
      const member = this.rows.owner[this.rows.firstRow[edge] + lane];
      if (member !== NONE && this.waits[member] === 1) this.work.open(sim, sim.transfers.to[edge], member);
    };
  }

  /** Whether a member waits for the answer to a fetch, as there are too few bytes for one, or for the end of a transaction. */
  isWaiting(member: number): boolean {
    return this.waits[member] === 1 || this.work.transactions?.isEnding(member) === true;
  }

  /** Whether a group polls in batches. */
  isBatched(node: number): boolean {
    return this.most[node] > 0;
  }

  /** Whether a member still has records of its last poll, in work or not begun. */
  isInBatch(node: number, member: number): boolean {
    return this.isBatched(node) && (this.buffer.length[member] > 0 || this.workers.busyOf[member] > 0);
  }

  /** When a member last asked for records: now, unless it is at work. */
  lastPoll(node: number, member: number, now: number): number {
    return this.isInBatch(node, member) ? this.polledAt[member] : now;
  }

  /** Records that members of a group have in their buffers, by walking them. */
  held(node: number): number {
    const { buffer, workers } = this;
    const first = workers.firstMember[node];
    let count = 0;
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      for (let slot = buffer.first[member]; slot !== NONE; slot = buffer.next[slot]) count++;
    }
    return this.isBatched(node) ? count : 0;
  }

  /** Records that a member has in its buffer. */
  bufferedBy(member: number): number {
    return this.buffer.length[member];
  }

  /** Rows of which a member of a group has records that no worker has begun. */
  bufferedRows(node: number): ReadonlySet<number> {
    const { buffer, workers, rows } = this;
    const found = new Set<number>();
    const first = workers.firstMember[node];
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      for (let slot = buffer.first[member]; slot !== NONE; slot = buffer.next[slot]) {
        const row = buffer.row[slot];
        if (row >= 0 && buffer.generation[slot] === rows.generation[row]) found.add(row);
      }
    }
    return found;
  }

  /** Whether a member has a record of a partition in its buffer that is committed already. */
  hasSettled(member: number, row: number): boolean {
    const { buffer } = this;
    for (let slot = buffer.first[member]; slot !== NONE; slot = buffer.next[slot]) {
      if (buffer.row[slot] === ~row) return true;
    }
    return false;
  }

  /** Records that a poll of a group returned on average, and how many polls returned any; null without one. */
  figures(node: number): { polls: number; recordsPerPoll: number | null } | null {
    if (!this.isBatched(node)) return null;
    const polls = this.polls[node];
    return { polls, recordsPerPoll: polls > 0 ? this.records[node] / polls : null };
  }

  /** The next record for a worker: of the last poll, or of a new one if that is done. NO_MESSAGE for none. */
  fetch(sim: Simulation, node: number, worker: number): number {
    const { workers } = this;
    const member = workers.of(worker, WORKER.member);
    if (this.buffer.length[member] === 0) {
      // The worker that asks is the only one with nothing to do: poll() is called when all is done.
      if (workers.busyOf[member] > 1) return NO_MESSAGE;
      this.poll(sim, node, member);
      if (this.buffer.length[member] > 1 && workers.concurrency[node] > 1) {
        sim.after(0, node, this.timers.polled, member);
      }
    }
    return this.hand(worker, member);
  }

  /** A member that takes nothing new works on at what it has; false if nothing of its last poll is left. */
  worksOn(sim: Simulation, node: number, member: number): boolean {
    const { workers } = this;
    while (this.buffer.length[member] > 0) {
      const worker = workers.occupy(node, member);
      if (worker === NONE) break;
      const message = this.hand(worker, member);
      sim.metrics.busyBy(node, 1);
      this.work.begin(sim, node, worker, message);
    }
    return this.isInBatch(node, member);
  }

  /** The process of a member is dead: what it had not begun goes back to the log, or is lost if it was committed. */
  abandon(sim: Simulation, node: number, member: number): void {
    const { buffer, rows } = this;
    const { messages, metrics } = sim;
    if (!this.isBatched(node)) return;
    this.beginAnew(sim, member);
    this.work.transactions?.died(sim, member);
    for (let slot = buffer.shift(member); slot !== NONE; slot = buffer.shift(member)) {
      const message = buffer.message[slot];
      const row = buffer.row[slot];
      if (row < 0) {
        this.work.watched.loseInHand(sim, node, NONE, message);
      } else if (buffer.generation[slot] !== rows.generation[row]) {
        metrics.copied--;
        metrics.add(node, METRIC.in, -1);
        messages.free(message);
      } else {
        metrics.count(node, METRIC.out);
        sim.giveBack(rows.edge[row], rows.lane[row], message);
      }
    }
  }

  /** The process of a member is a new one: it counts the interval of its commits anew, and has sent no fetch. */
  beginAnew(sim: Simulation, member: number): void {
    this.work.commits.forget(member);
    this.waits[member] = 0;
    this.fetchedAt[member] = sim.now;
  }

  private poll(sim: Simulation, node: number, member: number): void {
    const { rows, buffer } = this;
    const { commits } = this.work;
    this.polledAt[member] = sim.now;
    if (this.work.transactions?.endsFirst(sim, node, member)) return;
    if (commits.isDueAtPoll(sim, node, member)) this.commit(sim, node, member);
    if (!this.isAnswered(sim, node, member)) return;
    const most = this.most[node];
    const inOrder = this.workers.concurrency[node] === 1;
    for (let count = 0; count < most; count++) {
      const message = rows.takeOn(sim, member, inOrder);
      if (message === NO_MESSAGE) break;
      const row = rows.takenRow;
      buffer.push(member, message, row, rows.takenSequence, rows.generation[row]);
    }
    const count = buffer.length[member];
    if (count === 0) {
      this.awaitCommit(sim, node, member);
      return;
    }
    rows.rotate(member);
    this.fetchedAt[member] = sim.now;
    this.polls[node]++;
    this.records[node] += count;
    sim.metrics.add(node, METRIC.in, count);
    this.work.transactions?.begin(sim, node, member);
    if (this.work.guarantees.commitsFirst(node)) this.settleFirst(sim, node, member);
  }

  /**
   * Whether the broker has answered a member's fetch, with enough bytes or because it waited long enough. The fetch
   * was sent when the last one was answered, and is sent again when nothing came.
   */
  private isAnswered(sim: Simulation, node: number, member: number): boolean {
    const { rows, log } = this;
    const least = this.leastBytes[node];
    if (log === null || least <= 1) return true;
    let bytes = 0;
    let since = Infinity;
    const mine: number[] = [];
    rows.eachReady(member, (row) => {
      bytes += log.unreadBytes(rows.edge[row], rows.lane[row], least - bytes);
      since = Math.min(since, log.headSince(rows.edge[row], rows.lane[row]));
      mine.push(row);
    });
    const wait = this.longestWait[node];
    const sent = this.fetchedAt[member];
    const due = sent + (Math.floor(Math.max(0, since - sent) / wait) + 1) * wait;
    const waits = bytes > 0 && bytes < least && sim.now < due;
    this.waits[member] = waits ? 1 : 0;
    for (const row of mine) log.awaitMore(rows.edge[row], rows.lane[row], waits);
    if (waits && this.answeredAt[member] !== due) {
      this.answeredAt[member] = due;
      sim.at(due, node, this.timers.polled, member);
    }
    return !waits;
  }

  /** A member that waits for records commits all the same. */
  private awaitCommit(sim: Simulation, node: number, member: number): void {
    const { rows } = this;
    const at = this.work.commits.nextInPoll(node, member);
    if (at === Infinity || at <= sim.now || this.wakesAt[member] === at) return;
    if (!this.rowsOf(node).some((row) => rows.owner[row] === member && rows.hasUnsettled(row))) return;
    this.wakesAt[member] = at;
    sim.at(at, node, this.timers.polled, member);
  }

  /** Commits what is done of the partitions that a member reads. */
  private commit(sim: Simulation, node: number, member: number): void {
    const { rows } = this;
    for (const row of this.rowsOf(node)) if (rows.owner[row] === member) rows.settle(sim, row);
  }

  /** Commits all that the poll has returned, before any work on it. */
  private settleFirst(sim: Simulation, node: number, member: number): void {
    const { buffer, rows } = this;
    const touched = new Set<number>();
    for (let slot = buffer.first[member]; slot !== NONE; slot = buffer.next[slot]) {
      const row = buffer.row[slot];
      touched.add(row);
      sim.metrics.add(node, METRIC.duplicates, rows.finish(row, buffer.sequence[slot]));
      buffer.row[slot] = ~row;
    }
    for (const row of touched) rows.settle(sim, row);
  }

  private hand(worker: number, member: number): number {
    const { buffer, rows } = this;
    const slot = buffer.shift(member);
    if (slot === NONE) return NO_MESSAGE;
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const row = buffer.row[slot];
    cells[at | WORKER.row] = row < 0 ? SETTLED : row;
    cells[at | WORKER.settledRow] = ~row;
    cells[at | WORKER.edge] = rows.edge[row < 0 ? ~row : row];
    cells[at | WORKER.sequence] = buffer.sequence[slot];
    cells[at | WORKER.generation] = buffer.generation[slot];
    return buffer.message[slot];
  }
}
