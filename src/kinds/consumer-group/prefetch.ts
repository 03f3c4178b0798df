import { METRIC } from '../../engine/metrics.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import type { Connections } from './connections.ts';
import type { ConsumerTimeouts } from './consumer-timeouts.ts';
import { TAKES, type Membership } from './membership.ts';
import { endUnseen } from './second-lives.ts';
import { SingleActive, type Consumer } from './single-active.ts';
import { WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

const NONE = -1;

/** What prefetching needs of the work of a group. */
export interface BeginningWork {
  begin(sim: Simulation, node: number, worker: number, message: number): void;
}

/** What prefetching is made of. */
export interface PrefetchParts {
  workers: Workers;
  membership: Membership;
  queueEdges: EdgeRows;
  /** Null if no queue takes back what is not acknowledged in time. */
  timeouts: ConsumerTimeouts | null;
  connections: Connections;
}

/**
 * Consumers as RabbitMQ knows them: a member on a queue, with a limit on what it has and has not acknowledged. The queue
 * deals its messages out in turn among those below their limits, busy or not. What a member cannot work on yet waits
 * with it, first in first out, and goes back to the queue if it dies. One that hangs gets messages up to its limit all the
 * same, and keeps them. Members of such a group are never `open`.
 */
export class Prefetch {
  private readonly workers: Workers;
  private readonly membership: Membership;
  private readonly queueEdges: EdgeRows;
  private readonly single: SingleActive;
  /** What a member has and does not work on yet; a row for each edge from a queue and member. */
  private readonly waiting: MessageLists;
  private readonly firstRow: Int32Array;
  /** Of each group: most messages of a row; 0 for a group that is not one of these. */
  private readonly limit: Float64Array;
  /** Of each row: messages that are not acknowledged. */
  private unacknowledged = new Int32Array();
  /** Of each edge: the number of the member that gets the next message. */
  private turn = new Int32Array();
  /** Of each member: place of the queue that it takes from next, and messages begun so far. */
  private queueTurn = new Int32Array();
  private begun = new Int32Array();
  private work!: BeginningWork;
  private returned!: MessageLists;
  private readonly timeouts: ConsumerTimeouts | null;
  private readonly connections: Connections;

  constructor(
    sim: Simulation,
    groups: { configs: readonly NodeConfig[]; nodes: readonly number[]; limits: Float64Array },
    parts: PrefetchParts,
  ) {
    const { columns, plan, messages } = sim;
    this.workers = parts.workers;
    this.membership = parts.membership;
    this.queueEdges = parts.queueEdges;
    this.timeouts = parts.timeouts;
    this.connections = parts.connections;
    this.listenTo(parts.connections, this.timeouts);
    this.limit = groups.limits;
    this.firstRow = new Int32Array(plan.edgeCount).fill(NONE);
    let rows = 0;
    for (const node of groups.nodes) {
      for (const edge of this.edgesInto(node)) {
        this.firstRow[edge] = rows;
        rows += this.workers.memberCount[node];
      }
      const first = this.workers.firstMember[node];
      this.membership.takesAhead.fill(TAKES.ahead, first, first + this.workers.memberCount[node]);
    }
    this.waiting = new MessageLists(columns, messages, rows);
    this.single = new SingleActive(sim, groups.configs, this.firstRow);
    columns.i32(this, 'unacknowledged', rows);
    columns.i32(this, 'turn', plan.edgeCount);
    columns.i32(this, 'queueTurn', this.workers.totalMembers);
    columns.i32(this, 'begun', this.workers.totalMembers);
  }

  /** Who works on messages, and the list of those that came back for a retry. */
  attach(work: BeginningWork, returned: MessageLists): void {
    this.work = work;
    this.returned = returned;
  }

  has(node: number): boolean {
    return this.limit[node] > 0;
  }

  /** Messages that members of a group have and do not work on yet, found by walking. */
  walk(node: number): number {
    let count = 0;
    if (!this.has(node)) return 0;
    for (const edge of this.edgesInto(node)) {
      for (let local = 0; local < this.workers.memberCount[node]; local++) {
        count += this.waiting.walk(this.firstRow[edge] + local);
      }
    }
    return count;
  }

  /** The same along one edge. */
  waitingOf(edge: number): number {
    const node = this.single.edgeTo[edge];
    let count = 0;
    if (!this.has(node)) return 0;
    for (let local = 0; local < this.workers.memberCount[node]; local++) {
      count += this.waiting.length(this.firstRow[edge] + local);
    }
    return count;
  }

  /** Unacknowledged messages of a member along an edge, for the laws. */
  unacknowledgedOf(edge: number, local: number): number {
    return this.unacknowledged[this.firstRow[edge] + local];
  }

  /** Most that a member of a group may have along an edge. */
  limitOf(node: number): number {
    return this.limit[node];
  }

  /** Whether somebody would get the next message along an edge. */
  hasRoom(node: number, edge: number): boolean {
    return this.next(node, edge) !== NONE;
  }

  /** The member that alone gets messages of a queue, or of the subscription of a group or broker; null for none. */
  activeOf(node: number): Consumer | null {
    return this.single.activeOf(node);
  }

  /** Whether one consumer at a time gets what comes along an edge. */
  isSingle(edge: number): boolean {
    return this.single.isSingle(edge);
  }

  /** The same of the subscription that an edge leads from, and how often another took over there. */
  activeAlong(edge: number): Consumer | null {
    return this.single.activeAlong(edge);
  }

  failoversAlong(edge: number): number {
    return this.single.failoversAlong(edge);
  }

  /** How often another consumer took over as the only one. */
  failovers(queue: number): number {
    return this.single.failovers(queue);
  }

  /** A queue has a message for a consumer; false if all have as many as they may. */
  deliver(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (!this.has(node)) return false;
    const local = this.next(node, edge);
    if (local === NONE) return false;
    this.turn[edge] = local + 1 === this.workers.memberCount[node] ? 0 : local + 1;
    this.receive(sim, node, edge, local, message);
    this.begin(sim, node, this.workers.firstMember[node] + local);
    return true;
  }

  /** A member takes messages from now on. */
  open(sim: Simulation, node: number, member: number): void {
    const local = member - this.workers.firstMember[node];
    for (const edge of this.edgesInto(node)) {
      if (this.single.isSingle(edge)) this.single.comes(sim, edge, local);
      this.refill(sim, node, edge, local);
    }
    this.begin(sim, node, member);
  }

  /** A worker of a member is done with its message and rests. */
  freed(sim: Simulation, node: number, member: number, worker: number): void {
    const edge = this.workers.of(worker, WORKER.edge);
    const local = member - this.workers.firstMember[node];
    if (edge !== NONE) {
      const wasLate = this.timeouts?.leave(worker) === true;
      if (!wasLate) this.unacknowledged[this.firstRow[edge] + local]--;
      else if (this.single.isSingle(edge) && this.isInTime(edge, local)) this.single.comes(sim, edge, local);
      this.refill(sim, node, edge, local);
    }
    this.begin(sim, node, member);
  }

  /** Something has come back for a retry: whoever has a free worker takes it. */
  beginReturned(sim: Simulation, node: number): void {
    if (!this.has(node)) return;
    const first = this.workers.firstMember[node];
    for (let member = first; member < first + this.workers.memberCount[node]; member++) {
      if (this.returned.length(node) === 0) return;
      this.begin(sim, node, member);
    }
  }

  /** Workers of a member that died, in the order in which they began their messages. */
  inOrder(workers: number[]): number[] {
    return workers.sort((a, b) => this.workers.of(a, WORKER.sequence) - this.workers.of(b, WORKER.sequence));
  }

  /** A member has died and its workers have given back what they had: so does it with what waits. */
  abandon(sim: Simulation, node: number, member: number): void {
    const local = member - this.workers.firstMember[node];
    for (const edge of this.edgesInto(node)) {
      const row = this.firstRow[edge] + local;
      this.giveBack(sim, node, edge, row);
      this.unacknowledged[row] = 0;
    }
    for (const edge of this.edgesInto(node)) {
      if (this.single.isSingle(edge) && this.single.goes(edge, local)) this.failOver(sim, edge);
    }
  }

  /** All along an edge will be delivered again: what no member works on yet is dropped, and asked for anew. */
  clear(sim: Simulation, node: number, edge: number): void {
    const members = this.has(node) ? this.workers.memberCount[node] : 0;
    for (let local = 0; local < members; local++) {
      const row = this.firstRow[edge] + local;
      this.unacknowledged[row] -= this.waiting.length(row);
      this.giveBack(sim, node, edge, row);
      this.refill(sim, node, edge, local);
      this.begin(sim, node, this.workers.firstMember[node] + local);
    }
  }

  /** What waits with a member goes back to the queue. */
  private giveBack(sim: Simulation, node: number, edge: number, row: number): void {
    for (let message = this.waiting.shift(row); message !== NO_MESSAGE; message = this.waiting.shift(row)) {
      sim.metrics.queuedBy(node, -1);
      if (this.timeouts?.has(edge) && this.timeouts.end(edge, sim.messages.delivery[message])) {
        endUnseen(sim, node, message);
        continue;
      }
      sim.metrics.count(node, METRIC.out);
      sim.giveBack(edge, 0, message);
    }
  }

  /** The next consumer in the order of their coming takes over, if one is alive. */
  private failOver(sim: Simulation, edge: number): void {
    const { workers, membership, single } = this;
    const heir = single.heirOf(edge, (node, local, along) => {
      if (local >= workers.memberCount[node] || !this.isInTime(along, local)) return false;
      if (this.connections.isCut(along, local)) return false;
      return membership.isSentTo(workers.firstMember[node] + local);
    });
    single.elect(sim, edge, heir === null ? NONE : this.firstRow[heir.edge] + heir.local);
    if (heir === null) return;
    this.refill(sim, heir.node, heir.edge, heir.local);
    this.begin(sim, heir.node, workers.firstMember[heir.node] + heir.local);
  }

  /** What is taken back from a member counts as settled, and another is the active consumer where there is one. */
  private listenTo(connections: Connections, timeouts: ConsumerTimeouts | null): void {
    const settled = (node: number, edge: number, local: number) => {
      if (this.has(node)) this.unacknowledged[this.firstRow[edge] + local]--;
    };
    connections.onHeard = settled;
    connections.onLost = (sim, node, edge, local) => this.lose(sim, node, edge, local);
    if (!timeouts) return;
    timeouts.onLate = settled;
    timeouts.onBack = (sim, node, edge, local) => {
      const wasActive = this.has(node) && this.single.isSingle(edge) && this.single.isActive(edge, local);
      if (wasActive) this.failOver(sim, edge);
    };
  }

  /** The connection of a consumer is closed: what it has not begun goes back, and another is the active one. */
  private lose(sim: Simulation, node: number, edge: number, local: number): void {
    if (!this.has(node)) return;
    const row = this.firstRow[edge] + local;
    this.giveBack(sim, node, edge, row);
    this.unacknowledged[row] = 0;
    if (this.single.isSingle(edge) && this.single.goes(edge, local)) this.failOver(sim, edge);
  }

  /** Whether a consumer has nothing for too long; else it gets nothing more. */
  private isInTime(edge: number, local: number): boolean {
    return this.timeouts === null || this.timeouts.lateOf(edge, local) === 0;
  }

  /** The number of the member that gets the next message along an edge, NONE if nobody may have more. */
  private next(node: number, edge: number): number {
    const count = this.workers.memberCount[node];
    for (let asked = 0, local = this.turn[edge]; asked < count; asked++) {
      if (this.mayHaveMore(node, edge, local)) return local;
      local = local + 1 === count ? 0 : local + 1;
    }
    return NONE;
  }

  private mayHaveMore(node: number, edge: number, local: number): boolean {
    if (!this.membership.isSentTo(this.workers.firstMember[node] + local)) return false;
    if (this.unacknowledged[this.firstRow[edge] + local] >= this.limit[node]) return false;
    if (!this.isInTime(edge, local)) return false;
    return !this.single.isSingle(edge) || this.single.isActive(edge, local);
  }

  /** The queue sends what it has, as far as the limit allows. */
  private refill(sim: Simulation, node: number, edge: number, local: number): void {
    while (this.mayHaveMore(node, edge, local)) {
      const message = sim.take(edge, 0);
      if (message === NO_MESSAGE) return;
      this.receive(sim, node, edge, local, message);
    }
  }

  private receive(sim: Simulation, node: number, edge: number, local: number, message: number): void {
    const row = this.firstRow[edge] + local;
    this.unacknowledged[row]++;
    this.waiting.push(row, message);
    if (this.timeouts?.has(edge)) {
      const member = this.workers.firstMember[node] + local;
      sim.messages.delivery[message] = this.timeouts.begin(sim, edge, member, message);
    }
    sim.metrics.count(node, METRIC.in);
    sim.metrics.queuedBy(node, 1);
  }

  /** Free workers of a member begin with what it has, what came back for a retry first. */
  private begin(sim: Simulation, node: number, member: number): void {
    const { workers } = this;
    if (this.membership.takes[member] === 0) return;
    while (workers.busyOf[member] < workers.concurrency[node]) {
      const edge = this.returned.length(node) > 0 ? NONE : this.fullEdge(node, member);
      if (edge === NONE && this.returned.length(node) === 0) return;
      const worker = workers.occupy(node, member);
      const at = worker << WORKER_SHIFT;
      workers.cells[at | WORKER.edge] = edge;
      workers.cells[at | WORKER.row] = NONE;
      workers.cells[at | WORKER.sequence] = this.begun[member]++;
      const message = edge === NONE ? this.returned.shift(node) : this.shift(sim, node, edge, member);
      if (edge !== NONE && this.timeouts?.has(edge))
        this.timeouts.take(worker, sim.messages.delivery[message]);
      if (edge !== NONE) this.connections.began(sim, edge, worker, message);
      sim.metrics.busyBy(node, 1);
      this.work.begin(sim, node, worker, message);
    }
  }

  private shift(sim: Simulation, node: number, edge: number, member: number): number {
    sim.metrics.queuedBy(node, -1);
    return this.waiting.shift(this.firstRow[edge] + member - this.workers.firstMember[node]);
  }

  /** The next in turn of the edges along which a member has something waiting, NONE for none. */
  private fullEdge(node: number, member: number): number {
    const edges = this.edgesInto(node);
    const local = member - this.workers.firstMember[node];
    for (let asked = 0; asked < edges.length; asked++) {
      const place = (this.queueTurn[member] + asked) % edges.length;
      if (this.waiting.length(this.firstRow[edges[place]] + local) === 0) continue;
      this.queueTurn[member] = place + 1;
      return edges[place];
    }
    return NONE;
  }

  private edgesInto(node: number): Int32Array {
    return this.queueEdges.edges.subarray(this.queueEdges.start[node], this.queueEdges.start[node + 1]);
  }
}
