import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import type { Batches } from './batches.ts';

const NONE = -1;
const FIRST_REQUESTS = 64;
const INTEGERS = ['edge', 'batch', 'lastBatch', 'timer', 'next'] as const;

/** The requests of all Kafka clients that are on their way, in a list for each edge, oldest first. */
export class Requests {
  edge = new Int32Array();
  /** Its first batch; `Batches.next` leads on. */
  batch = new Int32Array();
  /** The event that writes it to the log, NONE once it has. */
  timer = new Int32Array();
  next = new Int32Array();
  /** 1 if its answer will not be there in time. */
  overdue = new Uint8Array();
  /** Of each edge: its oldest request. */
  first = new Int32Array();
  private last = new Int32Array();
  private lastBatch = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, edges: number, limit: number) {
    for (const field of INTEGERS) columns.i32(this, field, FIRST_REQUESTS);
    columns.u8(this, 'overdue', FIRST_REQUESTS);
    for (const field of ['first', 'last'] as const) columns.i32(this, field, edges).fill(NONE);
    this.pool = new SlotPool(columns, FIRST_REQUESTS, limit, 'requests of producers');
    this.pool.onGrow = (size) => {
      for (const field of [...INTEGERS, 'overdue']) columns.grow(this, field, size);
    };
  }

  open(edge: number): number {
    const request = this.pool.take();
    this.edge[request] = edge;
    this.batch[request] = NONE;
    this.lastBatch[request] = NONE;
    this.timer[request] = NONE;
    this.next[request] = NONE;
    this.overdue[request] = 0;
    const last = this.last[edge];
    if (last === NONE) this.first[edge] = request;
    else this.next[last] = request;
    this.last[edge] = request;
    return request;
  }

  add(request: number, batch: number, { next }: Batches): void {
    next[batch] = NONE;
    if (this.batch[request] === NONE) this.batch[request] = batch;
    else next[this.lastBatch[request]] = batch;
    this.lastBatch[request] = batch;
  }

  /** Takes the oldest request of an edge out of its list. */
  shift(edge: number): void {
    const after = this.next[this.first[edge]];
    this.first[edge] = after;
    if (after === NONE) this.last[edge] = NONE;
  }

  free(request: number): void {
    this.pool.give(request);
  }
}
