import type { Simulation } from '../../engine/simulation.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';

const SECOND = 1_000_000;
/** Calls of one action that SQS answers for a FIFO queue in a second. */
const MOST_CALLS = 300;

/** Messages a second that a queue takes, and gives, by its quota of calls: Infinity without one. */
export function messagesPerSecond(config: NodeConfig): number {
  const isLimited = config.fields.profile === 'sqs-fifo' && config.fields.fifoThroughput === 'per-queue';
  return isLimited ? MOST_CALLS * numberOf(config, 'callBatch') : Infinity;
}

/** Calls that a queue refused so far, by action. */
export interface RefusedCalls {
  sends: number;
  receives: number;
  deletes: number;
}

/**
 * What is left in this second of the calls that SQS answers for each FIFO queue without high throughput: 300 of each
 * action, each with up to so many messages as its callers put into one.
 */
export class CallQuota {
  /** Of each node: messages a second, Infinity for any number. */
  private readonly most: Float64Array;
  /** The second that is counted, and how many messages came, went and were deleted in it. */
  private second = new Float64Array();
  private came = new Float64Array();
  private went = new Float64Array();
  private gone = new Float64Array();
  /** 1 while an event comes at the next second; calls refused so far. */
  private waits = new Uint8Array();
  private sends = new Float64Array();
  private receives = new Float64Array();
  private deletes = new Float64Array();

  constructor({ columns, plan }: Simulation, configs: readonly NodeConfig[], nodes: readonly number[]) {
    this.most = new Float64Array(plan.nodeCount).fill(Infinity);
    for (const node of nodes) this.most[node] = messagesPerSecond(configs[node]);
    for (const field of ['second', 'came', 'went', 'gone', 'sends', 'receives', 'deletes']) {
      columns.f64(this, field, plan.nodeCount);
    }
    columns.u8(this, 'waits', plan.nodeCount);
  }

  has(node: number): boolean {
    return this.most[node] < Infinity;
  }

  maySend(sim: Simulation, node: number): boolean {
    return this.second[node] !== secondOf(sim) || this.came[node] < this.most[node];
  }

  mayReceive(sim: Simulation, node: number): boolean {
    return this.second[node] !== secondOf(sim) || this.went[node] < this.most[node];
  }

  mayDelete(sim: Simulation, node: number): boolean {
    return this.second[node] !== secondOf(sim) || this.gone[node] < this.most[node];
  }

  sent(sim: Simulation, node: number): void {
    this.begin(sim, node);
    this.came[node]++;
  }

  received(sim: Simulation, node: number, messages: number): void {
    this.begin(sim, node);
    this.went[node] += messages;
  }

  deleted(sim: Simulation, node: number): void {
    this.begin(sim, node);
    this.gone[node]++;
  }

  refuseDelete(node: number): void {
    this.deletes[node]++;
  }

  refuseSend(node: number): void {
    this.sends[node]++;
  }

  refuseReceive(node: number): void {
    this.receives[node]++;
  }

  /** Whether an event must be made for the next second; from then on it is. */
  waitsForSecond(node: number): boolean {
    if (this.waits[node] === 1) return false;
    this.waits[node] = 1;
    return true;
  }

  nextSecond(sim: Simulation): number {
    return (secondOf(sim) + 1) * SECOND;
  }

  begun(node: number): void {
    this.waits[node] = 0;
  }

  /** Calls that a queue refused so far; null for one that refuses none. */
  refusedBy(node: number): RefusedCalls | null {
    if (!this.has(node)) return null;
    return { sends: this.sends[node], receives: this.receives[node], deletes: this.deletes[node] };
  }

  private begin(sim: Simulation, node: number): void {
    const second = secondOf(sim);
    if (this.second[node] === second) return;
    this.second[node] = second;
    this.came[node] = 0;
    this.went[node] = 0;
    this.gone[node] = 0;
  }
}

function secondOf({ now }: Simulation): number {
  return Math.floor(now / SECOND);
}
