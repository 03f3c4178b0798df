import type { Simulation } from '../../engine/simulation.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import type { Intake } from './intake.ts';
import type { PartitionRows } from './partition-rows.ts';
import type { Work } from './work.ts';
import { PHASE, type Workers } from './workers.ts';

const NONE = -1;

/** What becomes of the work in hand when a member dies: a queue gets its messages back, a topic its records. */
export class Abandonment {
  private readonly work: Work;
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly intake: Intake;

  constructor(work: Work, workers: Workers, rows: PartitionRows, intake: Intake) {
    this.work = work;
    this.workers = workers;
    this.rows = rows;
    this.intake = intake;
  }

  /** Takes everything out of the hands of a member that died. */
  abandonAll(sim: Simulation, node: number, member: number): void {
    const { workers } = this;
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + (member - workers.firstMember[node]) * size;
    for (let worker = first; worker < first + size; worker++) {
      if (workers.phase[worker] !== PHASE.idle) this.abandon(sim, node, worker);
    }
    this.work.workOnReturned(sim, node);
  }

  private abandon(sim: Simulation, node: number, worker: number): void {
    const { workers } = this;
    const { messages, metrics } = sim;
    const phase = workers.phase[worker];
    const message = workers.message[worker];
    if (phase === PHASE.serving || phase === PHASE.backingOff) sim.cancel(workers.handle[worker]);
    if (phase === PHASE.waiting) {
      sim.cancelWait(this.work.edgeBefore(node, worker), workers.tag(node, worker));
      if (workers.offered[worker] !== message) {
        messages.free(workers.offered[worker]);
        metrics.copied--;
      }
    }
    // A try that a crash cuts short does not count against the limit.
    if (phase !== PHASE.backingOff && messages.attempts[message] > 0) messages.attempts[message]--;
    workers.epoch[worker]++;
    workers.release(node, worker, false);
    metrics.busyBy(node, -1);
    this.handBack(sim, node, worker, message);
  }

  private handBack(sim: Simulation, node: number, worker: number, message: number): void {
    const { workers, rows } = this;
    const row = workers.row[worker];
    const edge = workers.edge[worker];
    if (row !== NONE && workers.generation[worker] !== rows.generation[row]) {
      // Another member has this record already: the second life of it ends here, unseen.
      sim.metrics.copied--;
      sim.metrics.in[node]--;
      sim.messages.free(message);
    } else if (edge === NONE) {
      sim.messages.flags[message] |= MESSAGE_FLAG.redelivered;
      this.intake.returned.push(node, message);
    } else {
      sim.metrics.out[node]++;
      sim.giveBack(edge, row === NONE ? 0 : rows.lane[row], message);
    }
  }
}
