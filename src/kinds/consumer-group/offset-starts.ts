import { TRACE } from '../../engine/trace.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { canGrow, choiceOf, type NodeConfig } from '../shared/node-config.ts';
import { OFFSET_RESET, OFFSET_RESETS } from '../shared/offset-reset.ts';
import { MEMBER, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import { MEMBER_TIMER } from './roster.ts';
import type { Workers } from './workers.ts';

const NONE = -1;
/**
 * What a row lacks: nothing, a committed offset, or one that the log still has, as its start or its end has moved. Where
 * only what was read, and not committed, is beyond the end, its next reader lacks nothing.
 */
const HAS_OFFSET = 0;
const NEVER_COMMITTED = 1;
const OUT_OF_RANGE = 2;
const BEYOND_END = 3;
const READ_BEYOND = 4;
/** Why an offset is not valid, by number; the trace of a member that ends by it adds them to threefold partitions. */
export const OFFSET_FLAWS = ['never-committed', 'deleted', 'cut-off'] as const;
const FLAW_OF: readonly number[] = [NONE, 0, 1, 2, 2];
/** States of a member that polls, and so hears that it has no valid offset. */
const POLLS: readonly number[] = [
  MEMBER.reading,
  MEMBER.paused,
  MEMBER.rejoining,
  MEMBER.syncing,
  MEMBER.revoking,
  MEMBER['finishing-work'],
];

/** What the logs do for a group that begins a partition without a valid offset. */
interface ResetLog {
  /** The group goes to where its policy says. */
  reset(sim: Simulation, edge: number, lane: number): void;
}

/**
 * Where groups begin a partition of which they have committed nothing, or whose log has moved on. By the policy `none`
 * that is an error of whoever reads it: the member ends, the next reader finds the same, and so on to the last. Made
 * only where partitions may be added, or a group has that policy.
 */
export class OffsetStarts {
  log: ResetLog | null = null;
  /** Called when a member ends by the error that it has no offset. */
  onFailed: (sim: Simulation, node: number, member: number) => void = () => {};
  private readonly rows: PartitionRows;
  private readonly membership: Membership;
  private readonly workers: Workers;
  private readonly policy: Uint8Array;
  private lacks = new Uint8Array();
  private failed = new Int32Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    parts: { rows: PartitionRows; membership: Membership; workers: Workers },
  ) {
    this.rows = parts.rows;
    this.membership = parts.membership;
    this.workers = parts.workers;
    this.policy = Uint8Array.from(configs, (config) =>
      config.fields.offsetReset === undefined ? 0 : choiceOf(config, 'offsetReset', OFFSET_RESETS),
    );
    sim.columns.u8(this, 'lacks', this.rows.owner.length);
    sim.columns.i32(this, 'failed', sim.plan.nodeCount);
  }

  /** Nobody has committed anything of a partition, as it will be added only later. */
  isNew(edge: number, lane: number): void {
    this.lacks[this.rows.firstRow[edge] + lane] = NEVER_COMMITTED;
  }

  /** Retention has deleted what a group would read next. */
  outOfRange(sim: Simulation, edge: number, lane: number): void {
    const row = this.rows.firstRow[edge] + lane;
    if (!this.isStrict(sim, row)) return;
    this.lacks[row] = OUT_OF_RANGE;
    if (this.rows.owner[row] !== NONE) this.fail(sim, row);
  }

  /**
   * An unclean election has cut off records that a group has read, or even committed. Its reader finds that out when it
   * hears of the new leader (KIP-320): by any other policy it goes on from where the logs differ.
   */
  cutOff(sim: Simulation, edge: number, lane: number, hadCommitted: boolean): void {
    const row = this.rows.firstRow[edge] + lane;
    if (!this.isStrict(sim, row) || (this.lacks[row] !== HAS_OFFSET && !hadCommitted)) return;
    this.lacks[row] = hadCommitted ? BEYOND_END : READ_BEYOND;
    if (this.rows.owner[row] === NONE) return;
    this.rows.giveUp(row);
    this.fail(sim, row);
  }

  /** A partition has another reader, or is dealt to the same one again; false if that one cannot begin it. */
  assigned(sim: Simulation, row: number): boolean {
    if (this.lacks[row] === NEVER_COMMITTED && this.rows.hasCommitted(row)) this.lacks[row] = HAS_OFFSET;
    if (this.lacks[row] === READ_BEYOND) this.lacks[row] = HAS_OFFSET;
    if (this.lacks[row] === HAS_OFFSET) return true;
    const edge = this.rows.edge[row];
    if (!this.isStrict(sim, row)) {
      this.log!.reset(sim, edge, this.rows.lane[row]);
      return true;
    }
    this.fail(sim, row);
    return false;
  }

  /** A member that was out of reach goes on: it hears of every partition of its own without an offset. */
  goesOn(sim: Simulation, rows: readonly number[], member: number): void {
    for (const row of rows) {
      if (this.rows.owner[row] === member && this.lacks[row] !== HAS_OFFSET && this.isStrict(sim, row))
        this.fail(sim, row);
    }
  }

  /** The reader of a row polls, and the broker has no offset for it. */
  polled(sim: Simulation, node: number, row: number): void {
    const member = this.rows.owner[row];
    if (member === NONE || this.lacks[row] === HAS_OFFSET) return;
    if (!POLLS.includes(this.membership.stateOf[member])) return;
    this.failed[node]++;
    const number = member - this.workers.firstMember[node] + 1;
    const what = this.rows.lane[row] * OFFSET_FLAWS.length + FLAW_OF[this.lacks[row]];
    sim.trace.add(sim.now, TRACE.noOffset, node, number, this.rows.edge[row], what);
    this.onFailed(sim, node, member);
  }

  /** Whether nobody can begin a partition: its next reader ends by that. */
  isStuck(sim: Simulation, row: number): boolean {
    return this.lacks[row] !== HAS_OFFSET && this.isStrict(sim, row);
  }

  /** Members of a group that ended as they had no offset. */
  failures(node: number): number {
    return this.failed[node];
  }

  private isStrict(sim: Simulation, row: number): boolean {
    return this.policy[sim.plan.edgeTo[this.rows.edge[row]]] === OFFSET_RESET.none;
  }

  /** Not within the event in which it is dealt out, as everybody else hears of it then, too. */
  private fail(sim: Simulation, row: number): void {
    sim.after(0, sim.plan.edgeTo[this.rows.edge[row]], MEMBER_TIMER.noOffset, row);
  }
}

/** Whether some group of a design can find itself without an offset. */
export function needsOffsetStarts(configs: readonly NodeConfig[]): boolean {
  return configs.some((config) => canGrow(config) || config.fields.offsetReset === 'none');
}
