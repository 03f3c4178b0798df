import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { choiceOf, microsOf, type NodeConfig } from '../shared/node-config.ts';
import type { PartitionRows } from './partition-rows.ts';

const NONE = -1;
const COMMIT_MODES = ['each', 'interval'] as const;
const INTERVAL = 1;

/** When a group commits what it has done: record by record, or every so often as `enable.auto.commit` does. */
export class Commits {
  private readonly eventType: number;
  private readonly rows: PartitionRows;
  private mode = new Uint8Array();
  private interval = new Float64Array();
  private handle = new Int32Array();

  /** `eventType` is that of the commit's timer; its group calls `due` when it fires. */
  constructor(columns: Columns, nodes: number, rows: PartitionRows, eventType: number) {
    this.eventType = eventType;
    this.rows = rows;
    columns.u8(this, 'mode', nodes);
    columns.f64(this, 'interval', nodes);
    columns.i32(this, 'handle', nodes).fill(NONE);
  }

  configure(node: number, config: NodeConfig): void {
    // Who commits before the work commits each record: nothing may be read a second time.
    const commitsFirst = config.fields.guarantee === 'at-most-once';
    this.mode[node] = commitsFirst ? 0 : choiceOf(config, 'commit', COMMIT_MODES);
    this.interval[node] = microsOf(config, 'commitInterval');
  }

  /** There is something to commit in a row: at once, or at the next multiple of the interval. */
  recordDone(sim: Simulation, node: number, row: number): void {
    if (this.mode[node] !== INTERVAL) {
      this.rows.settle(sim, row);
    } else if (this.handle[node] === NONE) {
      const every = this.interval[node];
      const at = (Math.floor(sim.now / every) + 1) * every;
      this.handle[node] = sim.at(at, node, this.eventType, 0);
    }
  }

  /** The timer has fired: the caller commits all rows. */
  due(node: number): void {
    this.handle[node] = NONE;
  }
}
