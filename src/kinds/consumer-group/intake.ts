import { METRIC } from '../../engine/metrics.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import type { PartitionRows } from './partition-rows.ts';
import type { PollLoop } from './poll-loop.ts';
import { WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

const NONE = -1;
/** In `onlyQueue`: the group polls its topics in batches. */
const POLLS = -2;

/** Where the workers of a group get their messages: what came back for a retry first, then queues and topics. */
export class Intake {
  /** Messages whose wait for a retry is over, first in first out, to be taken before fresh ones. */
  readonly returned: MessageLists;
  /** Those of all groups that poll in batches; null if none does. */
  polls: PollLoop | null = null;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly queueEdges: EdgeRows;
  /** For groups on both topics and queues: which of the two is asked first next time. */
  private queuesFirst = new Uint8Array();
  private readsBoth = new Uint8Array();
  private queueTurn = new Int32Array();
  /** The edge of a group that takes from one queue and nothing else, POLLS for one that polls, else NONE. */
  private onlyQueue = new Int32Array();

  constructor(
    sim: Simulation,
    workers: Workers,
    rows: PartitionRows,
    queueEdges: EdgeRows,
    topicEdges: EdgeRows,
  ) {
    const { columns, plan } = sim;
    this.workers = workers;
    this.rows = rows;
    this.queueEdges = queueEdges;
    this.returned = new MessageLists(columns, sim.messages, plan.nodeCount);
    columns.u8(this, 'queuesFirst', plan.nodeCount);
    columns.u8(this, 'readsBoth', plan.nodeCount);
    columns.i32(this, 'queueTurn', plan.nodeCount);
    columns.i32(this, 'onlyQueue', plan.nodeCount).fill(NONE);
    for (let node = 0; node < plan.nodeCount; node++) {
      const hasQueues = queueEdges.start[node] < queueEdges.start[node + 1];
      const hasTopics = topicEdges.start[node] < topicEdges.start[node + 1];
      this.queueTurn[node] = queueEdges.start[node];
      this.queuesFirst[node] = hasTopics ? 0 : 1;
      this.readsBoth[node] = hasQueues && hasTopics ? 1 : 0;
      const isOnly = !hasTopics && queueEdges.start[node] + 1 === queueEdges.start[node + 1];
      if (isOnly) this.onlyQueue[node] = queueEdges.edges[queueEdges.start[node]];
    }
  }

  /** The groups that poll in batches fetch by way of their polls. */
  pollsBy(polls: PollLoop, nodes: readonly number[]): void {
    this.polls = polls;
    for (const node of nodes) if (polls.isBatched(node)) this.onlyQueue[node] = POLLS;
  }

  /** Takes a message for a worker, what came back for a retry first; NO_MESSAGE if there is none. */
  fetch(sim: Simulation, node: number, worker: number): number {
    const { workers } = this;
    const only = this.onlyQueue[node];
    if (this.returned.length(node) > 0) {
      const row = worker << WORKER_SHIFT;
      workers.cells[row | WORKER.edge] = NONE;
      workers.cells[row | WORKER.row] = NONE;
      return this.returned.shift(node);
    }
    if (only !== NONE) {
      if (only === POLLS) return this.fromPolls(sim, node, worker);
      const message = sim.take(only, 0);
      if (message === NO_MESSAGE) return NO_MESSAGE;
      const row = worker << WORKER_SHIFT;
      workers.cells[row | WORKER.edge] = only;
      workers.cells[row | WORKER.row] = NONE;
      sim.metrics.count(node, METRIC.in);
      return message;
    }
    const queuesFirst = this.queuesFirst[node] === 1;
    let message = queuesFirst ? this.fromQueues(sim, node, worker) : this.fromTopics(sim, worker);
    if (this.readsBoth[node] === 1) {
      // Asked in turn, so that a long queue and a long log both move.
      this.queuesFirst[node] ^= 1;
      if (message === NO_MESSAGE) {
        message = queuesFirst ? this.fromTopics(sim, worker) : this.fromQueues(sim, node, worker);
      }
    }
    if (message !== NO_MESSAGE) sim.metrics.count(node, METRIC.in);
    return message;
  }

  /** In turn from queues and from the polls of topics; a poll counts all that it returns as taken in. */
  private fromPolls(sim: Simulation, node: number, worker: number): number {
    const queuesFirst = this.queuesFirst[node] === 1;
    if (this.readsBoth[node] === 1) this.queuesFirst[node] ^= 1;
    const polled = queuesFirst ? NO_MESSAGE : this.polls!.fetch(sim, node, worker);
    if (polled !== NO_MESSAGE) return polled;
    const message = this.fromQueues(sim, node, worker);
    if (message !== NO_MESSAGE) sim.metrics.count(node, METRIC.in);
    return message === NO_MESSAGE && queuesFirst ? this.polls!.fetch(sim, node, worker) : message;
  }

  private fromTopics(sim: Simulation, worker: number): number {
    const { workers, rows } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const message = rows.take(sim, cells[at | WORKER.member]);
    if (message === NO_MESSAGE) return NO_MESSAGE;
    const row = rows.takenRow;
    cells[at | WORKER.row] = row;
    cells[at | WORKER.edge] = rows.edge[row];
    cells[at | WORKER.sequence] = rows.takenSequence;
    cells[at | WORKER.generation] = rows.generation[row];
    return message;
  }

  private fromQueues(sim: Simulation, node: number, worker: number): number {
    const { start } = this.queueEdges;
    if (start[node] + 1 >= start[node + 1]) return this.askQueues(sim, node, worker);
    for (;;) {
      const came = this.cameTo(sim, node);
      const message = this.askQueues(sim, node, worker);
      // What one of them dead-letters when it is asked may go to one that was asked before.
      if (message !== NO_MESSAGE || this.cameTo(sim, node) === came) return message;
    }
  }

  /** Messages that came to the queues of a group. */
  private cameTo({ metrics, plan }: Simulation, node: number): number {
    const { start, edges } = this.queueEdges;
    let came = 0;
    for (let at = start[node]; at < start[node + 1]; at++)
      came += metrics.of(plan.edgeFrom[edges[at]], METRIC.in);
    return came;
  }

  private askQueues(sim: Simulation, node: number, worker: number): number {
    const first = this.queueEdges.start[node];
    const end = this.queueEdges.start[node + 1];
    let place = this.queueTurn[node];
    for (let asked = first; asked < end; asked++) {
      const edge = this.queueEdges.edges[place];
      place = place + 1 === end ? first : place + 1;
      const message = sim.take(edge, 0);
      if (message === NO_MESSAGE) continue;
      this.queueTurn[node] = place;
      const row = worker << WORKER_SHIFT;
      this.workers.cells[row | WORKER.edge] = edge;
      this.workers.cells[row | WORKER.row] = NONE;
      return message;
    }
    return NO_MESSAGE;
  }
}
