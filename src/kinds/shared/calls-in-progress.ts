import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';

const NONE = -1;
const FIRST_CALLS = 64;
/** More calls at once than a design can have in progress; one that has more is stopped with a sentence. */
const MOST_CALLS = 8_000_000;

/**
 * The calls that nodes of a kind have at hand: who made each, and the event that ends it. A base and not a part, so
 * that a call is one load away. The calls in progress of a node are chained both ways.
 */
export class CallsInProgress {
  protected firstCall = new Int32Array();
  protected callEdge = new Int32Array();
  protected callTag = new Int32Array();
  protected callHandle = new Int32Array();
  protected callTime = new Float64Array();
  protected callBefore = new Int32Array();
  protected callAfter = new Int32Array();
  protected readonly pool: SlotPool;

  constructor(columns: Columns, nodes: number) {
    columns.i32(this, 'firstCall', nodes).fill(NONE);
    const whole = ['callEdge', 'callTag', 'callHandle', 'callBefore', 'callAfter'];
    for (const field of whole) columns.i32(this, field, FIRST_CALLS);
    columns.f64(this, 'callTime', FIRST_CALLS);
    this.pool = new SlotPool(columns, FIRST_CALLS, MOST_CALLS, 'calls in progress');
    this.pool.onGrow = (size) => {
      for (const field of [...whole, 'callTime']) columns.grow(this, field, size);
    };
  }

  /** Calls in progress, by walking them. */
  callsInProgress(node: number): number {
    let calls = 0;
    for (let call = this.firstCall[node]; call !== NONE; call = this.callAfter[call]) calls++;
    return calls;
  }

  protected link(node: number, call: number): void {
    const after = this.firstCall[node];
    this.callBefore[call] = NONE;
    this.callAfter[call] = after;
    if (after !== NONE) this.callBefore[after] = call;
    this.firstCall[node] = call;
  }

  protected unlink(node: number, call: number): void {
    const before = this.callBefore[call];
    const after = this.callAfter[call];
    if (before === NONE) this.firstCall[node] = after;
    else this.callAfter[before] = after;
    if (after !== NONE) this.callBefore[after] = before;
  }
}
