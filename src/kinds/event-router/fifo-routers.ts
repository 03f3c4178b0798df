import type { Json } from '../../design/types.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Addresses } from '../shared/addresses.ts';
import { DedupWindow } from '../shared/dedup-window.ts';
import { choiceOf, type NodeConfig } from '../shared/node-config.ts';
import { EventRouters, ROUTER_LOSS, type Subscription } from './behavior.ts';
import { SUBSCRIPTION_COUNT, type SubscriptionResults } from './subscription-counts.ts';

const NONE = -1;
const SECOND = 1_000_000;
/** Messages that SNS takes of a FIFO topic in a second, where the topic is the scope of the limit. */
const MOST_PUBLISHED = 3000;
/** SNS recognises a deduplication id for five minutes; nobody can set that. */
const DEDUP_MICROS = 300_000_000;
/** The event type at which a second begins, and a topic takes messages again. */
const SECOND_BEGINS = 2;
const SCOPES = ['topic', 'message-group'] as const;
const DEDUP_IDS = ['message', 'key'] as const;

/** What a FIFO topic turned away: repetitions, and publishes beyond its limit. */
export interface FifoTopicResults {
  deduplicated: number;
  refused: number;
}

/** Whether a node is a FIFO topic of SNS. */
export function isFifoTopic({ kind, fields }: NodeConfig): boolean {
  return kind === 'event-router' && fields.profile === 'sns-fifo';
}

/**
 * The event routers of a design with a FIFO topic. Each of its subscriptions gets the messages of a group, which have the
 * same key, in order: while one is tried again, those behind it wait. Repetitions are taken and dropped. Beyond its limit
 * a publish is refused; its sender tries again when the next second begins, and sends nothing else meanwhile.
 */
export class FifoRouters extends EventRouters {
  /** By node: the ids that it has seen, and whether they are keys. */
  private readonly windows = new Map<number, { window: DedupWindow; byKey: boolean }>();
  /** Messages a second of each node, Infinity for any number. */
  private readonly most: Float64Array;
  private second = new Float64Array();
  private came = new Float64Array();
  private refused = new Float64Array();
  private deduplicated = new Float64Array();
  /** 1 while an event comes at the next second. */
  private waits = new Uint8Array();
  /** Of each subscription of a FIFO topic: the row of its first group; a row for messages without one, too. */
  private readonly firstRow: Int32Array;
  private readonly groups: number;
  /** Of each row: 1 while a delivery is tried again, and what waits behind it. */
  private isHeld = new Uint8Array();
  private readonly behind: MessageLists;

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    edgeFields: readonly Readonly<Record<string, Json>>[],
    addresses: Addresses,
  ) {
    super(sim, configs, nodes, role, edgeFields, addresses);
    const { columns, plan } = sim;
    const fifo = nodes.filter((node) => isFifoTopic(configs[node]));
    this.most = new Float64Array(plan.nodeCount).fill(Infinity);
    this.firstRow = new Int32Array(plan.edgeCount).fill(NONE);
    this.groups = 1 + Math.max(1, ...configs.map(({ fields }) => Number(fields.keyCount ?? 0)));
    let rows = 0;
    for (const node of fifo) {
      if (choiceOf(configs[node], 'fifoScope', SCOPES) === 0) this.most[node] = MOST_PUBLISHED;
      const byKey = choiceOf(configs[node], 'dedupId', DEDUP_IDS) === 1;
      this.windows.set(node, { window: new DedupWindow(columns, DEDUP_MICROS), byKey });
      for (const { edge } of this.subscriptions.get(node)!) {
        this.firstRow[edge] = rows;
        rows += this.groups;
      }
    }
    for (const field of ['second', 'came', 'refused', 'deduplicated'])
      columns.f64(this, field, plan.nodeCount);
    columns.u8(this, 'waits', plan.nodeCount);
    columns.u8(this, 'isHeld', rows);
    this.behind = new MessageLists(columns, sim.messages, rows);
  }

  override offer(sim: Simulation, node: number, message: number): boolean {
    const known = this.windows.get(node);
    if (!known) return super.offer(sim, node, message);
    if (!this.mayCome(sim, node)) return false;
    const { key, serial } = sim.messages;
    const id = known.byKey ? key[message] : serial[message];
    if (id >= 0 && known.window.repeats(id, sim.now)) {
      sim.metrics.count(node, METRIC.in);
      this.deduplicated[node]++;
      this.drop(sim, node, message, ROUTER_LOSS.repeated);
    } else super.offer(sim, node, message);
    // Whoever stands behind this one in the line may publish now, too.
    if (this.most[node] < Infinity) sim.roomFreed(node);
    return true;
  }

  override fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === SECOND_BEGINS) {
      this.waits[node] = 0;
      sim.roomFreed(node);
      return;
    }
    const { deliveries } = this;
    const edge = deliveries.edge[arg];
    const row = this.firstRow[edge] === NONE ? NONE : this.rowOf(sim, edge, deliveries.message[arg]);
    super.fire(sim, node, type, arg);
    if (row === NONE || deliveries.isOpen[arg] === 1) return;
    this.isHeld[row] = 0;
    this.deliverBehind(sim, node, edge, row);
  }

  override held(sim: Simulation, node: number): number {
    const own = this.subscriptions.get(node) ?? [];
    return super.held(sim, node) + own.reduce((sum, { edge }) => sum + this.waitingAlong(edge), 0);
  }

  override results(edge: number): SubscriptionResults | null {
    const found = super.results(edge);
    return found && { ...found, pending: found.pending + this.waitingAlong(edge) };
  }

  override fifoResults(node: number): FifoTopicResults | null {
    if (!this.windows.has(node)) return null;
    return { deduplicated: this.deduplicated[node], refused: this.refused[node] };
  }

  protected override deliver(sim: Simulation, node: number, to: Subscription, message: number): void {
    if (this.firstRow[to.edge] === NONE) {
      super.deliver(sim, node, to, message);
      return;
    }
    this.counts.add(to.edge, SUBSCRIPTION_COUNT.matched);
    const row = this.rowOf(sim, to.edge, message);
    if (this.isHeld[row] === 0) {
      this.begin(sim, node, to.edge, row, message);
      return;
    }
    this.behind.push(row, message);
    sim.metrics.queuedBy(node, 1);
  }

  private begin(sim: Simulation, node: number, edge: number, row: number, message: number): void {
    const { deliveries } = this;
    let delivery: number;
    if (this.network.isCut(edge)) {
      delivery = deliveries.open(message, edge, sim.now);
      this.attempt(sim, node, delivery);
    } else {
      sim.metrics.count(node, METRIC.attempts);
      if (this.hand(sim, node, edge, message)) return;
      delivery = deliveries.open(message, edge, sim.now);
      deliveries.tries[delivery] = 1;
      this.failed(sim, node, delivery);
    }
    this.isHeld[row] = deliveries.isOpen[delivery];
  }

  private deliverBehind(sim: Simulation, node: number, edge: number, row: number): void {
    while (this.isHeld[row] === 0) {
      const message = this.behind.shift(row);
      if (message === NO_MESSAGE) return;
      sim.metrics.queuedBy(node, -1);
      this.begin(sim, node, edge, row, message);
    }
  }

  /** Whether a topic takes one more message in this second, which counts from now on. */
  private mayCome(sim: Simulation, node: number): boolean {
    const second = Math.floor(sim.now / SECOND);
    if (this.second[node] !== second) {
      this.second[node] = second;
      this.came[node] = 0;
    }
    if (this.came[node] < this.most[node]) {
      this.came[node]++;
      return true;
    }
    this.refused[node]++;
    if (this.waits[node] === 0) sim.at((second + 1) * SECOND, node, SECOND_BEGINS, 0);
    this.waits[node] = 1;
    return false;
  }

  private rowOf({ messages }: Simulation, edge: number, message: number): number {
    return this.firstRow[edge] + 1 + messages.key[message];
  }

  private waitingAlong(edge: number): number {
    if (this.firstRow[edge] === NONE) return 0;
    let count = 0;
    for (let row = this.firstRow[edge]; row < this.firstRow[edge] + this.groups; row++) {
      count += this.behind.walk(row);
    }
    return count;
  }
}
