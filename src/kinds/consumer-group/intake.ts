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
  private hasQueues = new Uint8Array();
  private readsLogs = new Uint8Array();
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
    columns.u8(this, 'hasQueues', plan.nodeCount);
    columns.u8(this, 'readsLogs', plan.nodeCount);
    columns.i32(this, 'queueTurn', plan.nodeCount);
    columns.i32(this, 'onlyQueue', plan.nodeCount).fill(NONE);
    for (let node = 0; node < plan.nodeCount; node++) {
      const hasQueues = queueEdges.start[node] < queueEdges.start[node + 1];
      const hasTopics = topicEdges.start[node] < topicEdges.start[node + 1];
      this.queueTurn[node] = queueEdges.start[node];
      this.queuesFirst[node] = hasTopics ? 0 : 1;
      this.hasQueues[node] = Number(hasQueues);
      this.readsLogs[node] = Number(hasTopics);
      const isOnly = !hasTopics && queueEdges.start[node] + 1 === queueEdges.start[node + 1];
      if (isOnly) this.onlyQueue[node] = queueEdges.edges[queueEdges.start[node]];
    }
  }

  /** The groups that poll in batches fetch by way of their polls. */
  pollsBy(polls: PollLoop, nodes: readonly number[]): void {
    this.polls = polls;
    // Where there are no topics, nothing polls.
    const isPolling = (node: number) => polls.isBatched(node) && this.readsLogs[node] === 1;
    for (const node of nodes.filter(isPolling)) this.onlyQueue[node] = POLLS;
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
    if (only >= 0) {
      const message = sim.take(only, 0);
      if (message === NO_MESSAGE) return NO_MESSAGE;
      const row = worker << WORKER_SHIFT;
      workers.cells[row | WORKER.edge] = only;
      workers.cells[row | WORKER.row] = NONE;
      sim.metrics.count(node, METRIC.in);
      return message;
    }
    return this.hasQueues[node] === 1 ? this.askAll(sim, node, worker) : this.fromLogs(sim, node, worker);
  }

  /** In turn from queues and from topics, so that a long queue and a long log both move. */
  private askAll(sim: Simulation, node: number, worker: number): number {
    const queuesFirst = this.queuesFirst[node] === 1;
    const readsLogs = this.readsLogs[node] === 1;
    if (readsLogs) this.queuesFirst[node] ^= 1;
    for (;;) {
      const came = this.cameTo(sim, node);
      let message = queuesFirst ? NO_MESSAGE : this.fromLogs(sim, node, worker);
      if (message === NO_MESSAGE) message = this.fromQueues(sim, node, worker);
      if (message === NO_MESSAGE && queuesFirst && readsLogs) message = this.fromLogs(sim, node, worker);
      // What a queue dead-letters when it is asked may go to a queue or a topic that was asked before.
      if (message !== NO_MESSAGE || this.cameTo(sim, node) === came) return message;
    }
  }

  /** From topics, by way of polls where the group polls in batches. A poll counts all that it returns as taken in. */
  private fromLogs(sim: Simulation, node: number, worker: number): number {
    const isPolled = this.onlyQueue[node] === POLLS;
    return isPolled ? this.polls!.fetch(sim, node, worker) : this.fromTopics(sim, node, worker);
  }

  private fromTopics(sim: Simulation, node: number, worker: number): number {
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
    sim.metrics.count(node, METRIC.in);
    return message;
  }

  /** Messages that came to the queues and topics of a group. */
  private cameTo({ metrics, plan }: Simulation, node: number): number {
    const { inEdges, inStart, edgeFrom } = plan;
    let came = 0;
    for (let at = inStart[node]; at < inStart[node + 1]; at++)
      came += metrics.of(edgeFrom[inEdges[at]], METRIC.in);
    return came;
  }

  private fromQueues(sim: Simulation, node: number, worker: number): number {
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
      sim.metrics.count(node, METRIC.in);
      return message;
    }
    return NO_MESSAGE;
  }
}
