import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { GroupTransactions } from './group-transactions.ts';
import type { Guarantees } from './guarantees.ts';
import {
  PHASE,
  SETTLED,
  WORKER,
  WORKER_SHIFT,
  WORKER_TIME,
  WORKER_TIME_SHIFT,
  type Workers,
} from './workers.ts';

/** Third value of a row of the trace that tells of an acknowledgement without work. */
export const SKIPPED = 1;
/** The same of a message that was lost in the hands of a member that died. */
export const IN_HAND = 1;

/** What watched work needs of work as such. */
export interface SettlingWork {
  /** Those of groups that read, process and write; null if there are none. */
  readonly transactions: GroupTransactions | null;
  /** The message needs its place in the channel no more; `isWork` unless nothing was done for it. */
  settle(sim: Simulation, node: number, worker: number, isWork: boolean): void;
  /** The worker is done with a message: it takes the next, or rests. */
  next(sim: Simulation, node: number, worker: number): void;
}

/** The steps that work takes in addition where a group states a delivery guarantee; no other group comes here. */
export class WatchedWork {
  private readonly work: SettlingWork;
  private readonly workers: Workers;
  private readonly guarantees: Guarantees;
  private readonly doneOf: () => Float64Array;
  private readonly skipTimer: number;

  /** `skipTimer` is the event type that leads to `skip`. */
  constructor(
    work: SettlingWork,
    workers: Workers,
    guarantees: Guarantees,
    doneOf: () => Float64Array,
    skipTimer: number,
  ) {
    this.work = work;
    this.workers = workers;
    this.guarantees = guarantees;
    this.doneOf = doneOf;
    this.skipTimer = skipTimer;
  }

  /** A worker has a message in hand; false if the work on it is left out, as it is known to be done. */
  begins(sim: Simulation, node: number, worker: number, message: number): boolean {
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    cells[at | WORKER.serial] = sim.messages.serial[message];
    cells[at | WORKER.key] = sim.messages.key[message];
    if (this.guarantees.commitsFirst(node)) {
      // What a poll returned was committed by the poll.
      if (cells[at | WORKER.row] === SETTLED) return true;
      this.work.settle(sim, node, worker, true);
      cells[at | WORKER.settledRow] = cells[at | WORKER.row];
      cells[at | WORKER.row] = SETTLED;
    } else if (this.guarantees.recognises(node, cells[at | WORKER.serial])) {
      // In an event of its own: a thousand known messages in a row are not a thousand calls deep.
      this.workers.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.begunAt] = sim.now;
      cells[at | WORKER.phase] = PHASE.serving;
      cells[at | WORKER.handle] = sim.after(0, node, this.skipTimer, worker);
      return false;
    }
    return true;
  }

  /** A message that is known to be done is acknowledged and goes no further. */
  skip(sim: Simulation, node: number, worker: number): void {
    const { cells } = this.workers;
    const { messages, metrics } = sim;
    const at = worker << WORKER_SHIFT;
    const message = cells[at | WORKER.message];
    this.guarantees.skipped(node);
    metrics.count(node, METRIC.out);
    this.doneOf()[cells[at | WORKER.member]]++;
    metrics.acknowledge(node, sim.now - messages.bornAt[message]);
    if (sim.trace.messages)
      sim.trace.add(sim.now, TRACE.acknowledged, node, messages.serial[message], worker, SKIPPED);
    messages.free(message);
    // It is read twice but not done twice.
    this.work.settle(sim, node, worker, false);
    this.work.next(sim, node, worker);
  }

  /** The work on a message is done. */
  succeeded(sim: Simulation, node: number, worker: number): void {
    const { cells, times } = this.workers;
    const at = worker << WORKER_SHIFT;
    const enteredAt = times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.enteredAt];
    const [serial, key] = [cells[at | WORKER.serial], cells[at | WORKER.key]];
    if (this.work.transactions?.has(node))
      this.work.transactions.note(cells[at | WORKER.member], serial, key, enteredAt);
    else this.guarantees.processed(sim, node, serial, key, enteredAt);
  }

  /** A message that was committed before the work on it was done is gone with its worker. */
  loseInHand(sim: Simulation, node: number, worker: number, message: number): void {
    const { messages, metrics } = sim;
    metrics.count(node, METRIC.dropped);
    if (sim.trace.messages)
      sim.trace.add(sim.now, TRACE.dropped, node, messages.serial[message], worker, IN_HAND);
    this.guarantees.lost(sim, node, messages.serial[message], messages.key[message]);
    messages.free(message);
  }
}
