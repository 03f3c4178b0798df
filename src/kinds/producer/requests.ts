import type { Columns } from '../../lib/columns.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import type { Batches } from './batches.ts';

const NONE = -1;
const FIRST_REQUESTS = 64;
const TIMES = ['wayBack', 'sentAt', 'dueAt'] as const;
const INTEGERS = ['edge', 'batch', 'lastBatch', 'timer', 'next', 'expiry'] as const;

/**
 * The requests of Kafka clients that are on their way, in a list for each connection, oldest first: an edge, or one of
 * the connections of an edge to a cluster.
 */
export class Requests {
  edge = new Int32Array();
  /** Its first batch; `Batches.next` leads on. */
  batch = new Int32Array();
  /** The event that writes it to the log, NONE once it has. */
  timer = new Int32Array();
  next = new Int32Array();
  /** 1 if its answer will not be there in time. */
  overdue = new Uint8Array();
  /** To a cluster: the event at which the client waits no more, where it is, and the way of its answer in microseconds. */
  expiry = new Int32Array();
  phase = new Uint8Array();
  wayBack = new Float64Array();
  /** When it was sent and when it is written, in microseconds; Infinity if the network has swallowed it. */
  sentAt = new Float64Array();
  dueAt = new Float64Array();
  /** Of each edge: its oldest request. */
  first = new Int32Array();
  private last = new Int32Array();
  private lastBatch = new Int32Array();
  private readonly pool: SlotPool;

  constructor(columns: Columns, edges: number, limit: number) {
    for (const field of INTEGERS) columns.i32(this, field, FIRST_REQUESTS);
    for (const field of ['overdue', 'phase'] as const) columns.u8(this, field, FIRST_REQUESTS);
    for (const field of TIMES) columns.f64(this, field, FIRST_REQUESTS);
    for (const field of ['first', 'last'] as const) columns.i32(this, field, edges).fill(NONE);
    this.pool = new SlotPool(columns, FIRST_REQUESTS, limit, 'requests of producers');
    this.pool.onGrow = (size) => {
      for (const field of [...INTEGERS, ...TIMES, 'overdue', 'phase']) columns.grow(this, field, size);
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
    this.expiry[request] = NONE;
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

  /** Visits every batch of the requests of an edge, or of a connection. */
  eachBatch(edge: number, { next }: Batches, visit: (batch: number) => void): void {
    for (let request = this.first[edge]; request !== NONE; request = this.next[request]) {
      for (let batch = this.batch[request]; batch !== NONE; batch = next[batch]) visit(batch);
    }
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
