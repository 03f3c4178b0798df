import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import type { Connections } from './connections.ts';
import type { Intake } from './intake.ts';
import type { PartitionRows } from './partition-rows.ts';
import type { Prefetch } from './prefetch.ts';
import type { Work } from './work.ts';
import { endUnseen } from './second-lives.ts';
import { LATE, PHASE, SETTLED, WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

const NONE = -1;

/** What becomes of the work in hand when a member dies: a queue gets its messages back, a topic its records. */
export class Abandonment {
  /** Called when a worker no longer stands in line before the end of an edge. */
  onLeftLine: (sim: Simulation, edge: number) => void = () => {};
  private readonly work: Work;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly intake: Intake;
  private readonly prefetch: Prefetch | null;
  private readonly connections: Connections;

  constructor(
    work: Work,
    parts: { workers: Workers; rows: PartitionRows; intake: Intake; connections: Connections },
    prefetch: Prefetch | null,
  ) {
    const { workers, rows, intake } = parts;
    this.connections = parts.connections;
    this.work = work;
    this.workers = workers;
    this.rows = rows;
    this.intake = intake;
    this.prefetch = prefetch;
  }

  /** Takes everything out of the hands of a member that died. */
  abandonAll(sim: Simulation, node: number, member: number): void {
    const { workers } = this;
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + (member - workers.firstMember[node]) * size;
    const ahead = this.prefetch?.has(node) ? this.prefetch : null;
    const busy: number[] = [];
    this.connections.memberEnds(sim, node, member);
    for (let worker = first; worker < first + size; worker++) {
      if (workers.of(worker, WORKER.phase) !== PHASE.idle) busy.push(worker);
    }
    // The broker gets them back in the order in which it sent them.
    for (const worker of this.connections.inOrder(sim, node, busy)) {
      this.work.timeouts?.leave(worker);
      this.connections.leave(sim, worker);
      this.abandon(sim, node, worker);
    }
    ahead?.abandon(sim, node, member);
    this.intake.polls?.abandon(sim, node, member);
    this.work.workOnReturned(sim, node);
  }

  private abandon(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { messages, metrics } = sim;
    const phase = workers.of(worker, WORKER.phase);
    const message = workers.of(worker, WORKER.message);
    if (phase === PHASE.serving || phase === PHASE.backingOff) sim.cancel(workers.of(worker, WORKER.handle));
    if (phase === PHASE.calling) this.work.abandonCall(sim, node, worker);
    if (phase === PHASE.waiting) {
      const edge = this.work.edgeBefore(node, worker);
      sim.cancelWait(edge, workers.tag(node, worker));
      this.onLeftLine(sim, edge);
      if (workers.of(worker, WORKER.offered) !== message) {
        messages.free(workers.of(worker, WORKER.offered));
        metrics.copied--;
      }
    }
    // A try that a crash cuts short does not count against the limit.
    if (workers.isTrying(worker) && messages.attempts[message] > 0) messages.attempts[message]--;
    workers.cells[(worker << WORKER_SHIFT) | WORKER.epoch]++;
    workers.release(node, worker, false);
    metrics.busyBy(node, -1);
    if (workers.of(worker, WORKER.row) === SETTLED) this.work.watched.loseInHand(sim, node, worker, message);
    else this.handBack(sim, node, worker, message);
  }

  private handBack(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers, rows } = this;
    const row = workers.of(worker, WORKER.row);
    const edge = workers.of(worker, WORKER.edge);
    if (row === LATE || (row !== NONE && workers.of(worker, WORKER.generation) !== rows.generation[row])) {
      // Another member has this record already, or may have the message.
      endUnseen(sim, node, message);
    } else if (edge === NONE) {
      sim.messages.flags[message] |= MESSAGE_FLAG.redelivered;
      this.intake.returned.push(node, message);
    } else {
      sim.metrics.count(node, METRIC.out);
      sim.giveBack(edge, row === NONE ? 0 : rows.lane[row], message);
    }
  }
}
