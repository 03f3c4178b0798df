import type { Columns } from '../lib/columns.ts';
import { SlotPool } from '../lib/slot-pool.ts';

const NONE = -1;

/**
 * Senders that found their target full, first come first served at each target. A sender is an edge and a tag of
 * its own choice (which worker, which message).
 */
export class Waiters {
  /** Of each node as target: how many wait for it. */
  count = new Int32Array();
  head = new Int32Array();
  tail = new Int32Array();
  edge = new Int32Array();
  tag = new Int32Array();
  next = new Int32Array();
  private readonly columns: Columns;
  private readonly pool: SlotPool;
  /** Filled by `shift`. */
  foundEdge = NONE;
  foundTag = NONE;

  constructor(columns: Columns, nodes: number, limit: number) {
    this.columns = columns;
    columns.i32(this, 'count', nodes);
    columns.i32(this, 'head', nodes).fill(NONE);
    columns.i32(this, 'tail', nodes).fill(NONE);
    columns.i32(this, 'edge', 64);
    columns.i32(this, 'tag', 64);
    columns.i32(this, 'next', 64);
    this.pool = new SlotPool(columns, 64, limit, 'senders waiting');
    this.pool.onGrow = (capacity) => {
      for (const field of ['edge', 'tag', 'next'] as const) this.columns.grow(this, field, capacity);
    };
  }

  push(target: number, edge: number, tag: number): void {
    const entry = this.fill(edge, tag, NONE);
    const tail = this.tail[target];
    if (tail === NONE) this.head[target] = entry;
    else this.next[tail] = entry;
    this.tail[target] = entry;
    this.count[target]++;
  }

  /** Back to the first place: it was called and found no room. */
  pushFront(target: number, edge: number, tag: number): void {
    const head = this.head[target];
    const entry = this.fill(edge, tag, head);
    this.head[target] = entry;
    if (head === NONE) this.tail[target] = entry;
    this.count[target]++;
  }

  /** Takes the first into `foundEdge` and `foundTag`; false if nobody waits. */
  shift(target: number): boolean {
    const entry = this.head[target];
    if (entry === NONE) return false;
    this.foundEdge = this.edge[entry];
    this.foundTag = this.tag[entry];
    const after = this.next[entry];
    this.head[target] = after;
    if (after === NONE) this.tail[target] = NONE;
    this.count[target]--;
    this.pool.give(entry);
    return true;
  }

  /** Takes one out of the line, wherever it stands; false if it does not wait. */
  remove(target: number, edge: number, tag: number): boolean {
    let before = NONE;
    for (let entry = this.head[target]; entry !== NONE; entry = this.next[entry]) {
      if (this.edge[entry] === edge && this.tag[entry] === tag) {
        const after = this.next[entry];
        if (before === NONE) this.head[target] = after;
        else this.next[before] = after;
        if (after === NONE) this.tail[target] = before;
        this.count[target]--;
        this.pool.give(entry);
        return true;
      }
      before = entry;
    }
    return false;
  }

  private fill(edge: number, tag: number, next: number): number {
    const entry = this.pool.take();
    this.edge[entry] = edge;
    this.tag[entry] = tag;
    this.next[entry] = next;
    return entry;
  }
}
