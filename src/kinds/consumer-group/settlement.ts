import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Commits } from './commits.ts';
import type { Connections } from './connections.ts';
import { MEMBER, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import { CUT, LATE, SETTLED, WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

const NONE = -1;
/** A bit for each state in which the group no longer takes what a member commits. */
const STRUCK_OFF = (1 << MEMBER.expelled) | (1 << MEMBER['struck-off']);

/** A message that is done needs its place in the channel no more: a queue hears of it, a partition gets an offset to commit. */
export class Settlement {
  /** Called when a record of a partition that its reader gives up is done. */
  onGivenUp: (sim: Simulation, node: number, member: number) => void = () => {};
  private readonly workers: Workers;
  private readonly rows: PartitionRows;
  private readonly membership: Membership;
  private readonly commits: Commits;
  private readonly connections: Connections;
  private readonly work: { open(sim: Simulation, node: number, member: number): void };

  constructor(
    parts: {
      workers: Workers;
      rows: PartitionRows;
      membership: Membership;
      commits: Commits;
      connections: Connections;
    },
    work: { open(sim: Simulation, node: number, member: number): void },
  ) {
    this.workers = parts.workers;
    this.rows = parts.rows;
    this.membership = parts.membership;
    this.commits = parts.commits;
    this.connections = parts.connections;
    this.work = work;
  }

  /** Tells the channel of the message that a worker has done; `isWork` unless nothing was done, as it was known to be. */
  settle(sim: Simulation, node: number, worker: number, isWork: boolean): void {
    const { workers, rows } = this;
    const { cells } = workers;
    const at = worker << WORKER_SHIFT;
    const row = cells[at | WORKER.row];
    const edge = cells[at | WORKER.edge];
    if (row < 0) {
      if (row === SETTLED) this.doneSettled(sim, node, worker);
      else if (row === LATE) this.doneLate(sim, node, isWork);
      else if (row === CUT) this.connections.done(worker, isWork);
      else if (edge !== NONE) sim.settle(edge, cells[at | WORKER.message], isWork ? 1 : 0);
      return;
    }
    const member = cells[at | WORKER.member];
    const lost =
      cells[at | WORKER.generation] !== rows.generation[row] ||
      ((STRUCK_OFF >>> this.membership.stateOf[member]) & 1) === 1;
    if (lost) {
      // A member that was struck off cannot commit: the new reader does this work again.
      if (isWork) sim.metrics.count(node, METRIC.duplicates);
      return;
    }
    const twice = rows.finish(row, cells[at | WORKER.sequence]);
    if (isWork) sim.metrics.add(node, METRIC.duplicates, twice);
    // Who cannot reach the broker commits when it can again.
    if (!this.membership.isUnreached(member)) this.commits.recordDone(sim, node, row);
    if (!rows.isHeld(row)) return;
    if (rows.resume(row)) this.work.open(sim, node, member);
    else this.onGivenUp(sim, node, member);
  }

  /** A queue has taken the message back already, and somebody else does this work again. */
  private doneLate(sim: Simulation, node: number, isWork: boolean): void {
    if (isWork) sim.metrics.count(node, METRIC.duplicates);
  }

  /** A record that was committed before the work on it is done: its reader may be waiting to let go of the partition. */
  private doneSettled(sim: Simulation, node: number, worker: number): void {
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const row = cells[at | WORKER.settledRow];
    cells[at | WORKER.settledRow] = NONE;
    const member = cells[at | WORKER.member];
    if (row >= 0 && this.rows.owner[row] === member && this.rows.isGivenUp(row))
      this.onGivenUp(sim, node, member);
  }
}
