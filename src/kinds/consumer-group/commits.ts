import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { choiceOf, microsOf, type NodeConfig } from '../shared/node-config.ts';
import type { PartitionRows } from './partition-rows.ts';

const NONE = -1;
const COMMIT_MODES = ['each', 'interval', 'batch', 'transaction'] as const;
const EACH = 0;
const INTERVAL = 1;
const BATCH = 2;
/** As `enable.auto.commit` really does: within poll(), if the interval has passed. */
const IN_POLL = 4;

/** When a group commits what it has done: record by record, every so often, or within poll(); in transactions elsewhere. */
export class Commits {
  private readonly eventType: number;
  private readonly rows: PartitionRows;
  private mode = new Uint8Array();
  private interval = new Float64Array();
  private handle = new Int32Array();
  /** Of each member: the poll from which on it commits by itself, 0 before its first one. */
  private nextAt = new Float64Array();

  /** `eventType` is that of the commit's timer; its group calls `due` when it fires. */
  constructor(columns: Columns, nodes: number, members: number, rows: PartitionRows, eventType: number) {
    this.eventType = eventType;
    this.rows = rows;
    columns.u8(this, 'mode', nodes);
    columns.f64(this, 'interval', nodes);
    columns.i32(this, 'handle', nodes).fill(NONE);
    columns.f64(this, 'nextAt', members);
  }

  configure(node: number, config: NodeConfig): void {
    // Who commits before the work commits each record: nothing may be read a second time.
    const commitsFirst = config.fields.guarantee === 'at-most-once';
    const mode = commitsFirst ? EACH : choiceOf(config, 'commit', COMMIT_MODES);
    const polls = config.fields.polling === 'batch';
    if (mode === BATCH) this.mode[node] = polls ? BATCH : EACH;
    else this.mode[node] = mode === INTERVAL && polls ? IN_POLL : mode;
    this.interval[node] = microsOf(config, 'commitInterval');
  }

  /** There is something to commit in a row: at once, or at the next multiple of the interval. */
  recordDone(sim: Simulation, node: number, row: number): void {
    const mode = this.mode[node];
    if (mode === EACH) {
      this.rows.settle(sim, row);
    } else if (mode === INTERVAL && this.handle[node] === NONE) {
      const every = this.interval[node];
      const at = (Math.floor(sim.now / every) + 1) * every;
      this.handle[node] = sim.at(at, node, this.eventType, 0);
    }
  }

  /** Whether a poll commits what the polls before it have returned. */
  isDueAtPoll(sim: Simulation, node: number, member: number): boolean {
    const mode = this.mode[node];
    if (mode !== IN_POLL) return mode === BATCH;
    const isDue = this.nextAt[member] > 0 && sim.now >= this.nextAt[member];
    if (isDue || this.nextAt[member] === 0) this.nextAt[member] = sim.now + this.interval[node];
    return isDue;
  }

  /** When a member that waits in poll() commits, Infinity if it does so at no time of its own. */
  nextInPoll(node: number, member: number): number {
    return this.mode[node] === IN_POLL ? this.nextAt[member] : Infinity;
  }

  /** The process of a member is gone; its next one counts the interval anew. */
  forget(member: number): void {
    this.nextAt[member] = 0;
  }

  /** The timer has fired: the caller commits all rows. */
  due(node: number): void {
    this.handle[node] = NONE;
  }
}
