import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { hold, isCalled, type Law, type Scene } from './law.ts';

const TOPIC = kindIndex('topic');
const QUEUE = kindIndex('queue');
const CLOUD = kindIndex('cloud-broker');
const EXCHANGE = kindIndex('exchange');
const DEAD_PORT = kindDefinition('queue')!.ports.findIndex(({ id }) => id === 'dead');
const NOWHERE = -1;

/** What stays the same of a message and all its copies. */
interface Identity {
  key: number;
  size: number;
  type: number;
  bornAt: number;
}

/**
 * Custody: every message that takes a slot is in the hands of one node, from which it is only sent, taken, given back
 * or freed. What a node holds by this record is what it says it holds, and the time that messages spent in a queue
 * is the area under its length whenever it is empty.
 */
export class CustodyLaw implements Law {
  private readonly scene: Scene;
  private readonly holder = new Map<number, number>();
  private readonly held: Int32Array;
  /** Of each node: the sum of the times at which messages left it, less those at which they came. */
  private readonly spent: Float64Array;
  /** Who held a message before it was offered, for when it is refused. */
  private readonly sender = new Map<number, number>();
  private readonly offeredBy = new Map<number, number>();
  private readonly identities = new Map<number, Identity>();
  private takingFor = NOWHERE;

  constructor(scene: Scene) {
    this.scene = scene;
    const { nodeCount, edgeCount } = scene.sim.plan;
    this.held = new Int32Array(nodeCount + edgeCount);
    this.spent = new Float64Array(nodeCount + edgeCount);
  }

  created(message: number): void {
    hold(!this.holder.has(message), 'I2: a slot in use was given to a new message', message);
    const { marking } = this.scene.kinds.topics;
    this.give(message, marking >= 0 ? marking : this.scene.sim.currentNode);
  }

  copied(original: number, copy: number): void {
    const from = this.holderOf(original);
    hold(!this.holder.has(copy), 'I2: a slot in use was given to a copy', copy);
    this.give(copy, this.takingFor === NOWHERE ? from : this.takingFor);
    this.checkIdentity(original);
    this.checkIdentity(copy);
  }

  freed(message: number): void {
    this.holderOf(message);
    this.give(message, NOWHERE);
  }

  /** Handed over before the offer, within which a worker may take it on; a call leaves it with the caller. */
  beforeSend(edge: number, message: number): void {
    const { edgeFrom, edgeTo } = this.scene.sim.plan;
    const from = this.holderOf(message);
    const has = from === edgeFrom[edge] || (this.isExchange(from) && this.isExchange(edgeFrom[edge]));
    hold(has, 'I2: a message is sent by who does not have it', edge, from);
    this.checkIdentity(message);
    if (isCalled(this.scene.kindOf[edgeTo[edge]])) return;
    const { transfers } = this.scene.sim;
    if (!this.scene.kinds.links.isGated(this.scene.sim, edge)) return;
    this.sender.set(message, from);
    this.give(message, transfers.gateOf(edge));
  }

  sent(_edge: number, message: number, _tag: number, accepted: boolean): void {
    const from = this.sender.get(message);
    this.sender.delete(message);
    if (!accepted && from !== undefined) this.give(message, from);
  }

  /** The node at the end of an edge has it from the sender, or from the way. */
  reaching(edge: number, message: number): void {
    const { edgeTo } = this.scene.sim.plan;
    if (isCalled(this.scene.kindOf[edgeTo[edge]])) return;
    this.offeredBy.set(message, this.holderOf(message));
    this.give(message, edgeTo[edge]);
  }

  reached(_edge: number, message: number, accepted: boolean): void {
    const from = this.offeredBy.get(message);
    this.offeredBy.delete(message);
    if (!accepted && from !== undefined) this.give(message, from);
  }

  beforeTake(edge: number): void {
    const { edgeFrom, edgeTo } = this.scene.sim.plan;
    if (this.scene.kindOf[edgeFrom[edge]] === TOPIC) this.takingFor = edgeTo[edge];
  }

  taken(edge: number, _lane: number, message: number): void {
    const { edgeFrom, edgeTo } = this.scene.sim.plan;
    this.takingFor = NOWHERE;
    if (message < 0) return;
    const from = this.holderOf(message);
    const giver = this.scene.kindOf[edgeFrom[edge]] === TOPIC ? edgeTo[edge] : edgeFrom[edge];
    hold(from === giver, 'I2: a message is taken from who does not have it', edge, from);
    this.give(message, edgeTo[edge]);
    this.checkIdentity(message);
  }

  beforeGiveBack(edge: number, _lane: number, message: number): void {
    if (message < 0) return;
    const { edgeFrom, edgeTo } = this.scene.sim.plan;
    const from = this.holderOf(message);
    hold(from === edgeTo[edge], 'I2: a message is given back by who does not have it', edge, from);
    this.give(message, edgeFrom[edge]);
  }

  afterEvent(thorough: boolean): void {
    if (!thorough) return;
    const { sim, kinds, kindOf } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      const own = kindOf[node] === CLOUD ? kinds.clouds.stored(sim, node) : kinds.held(sim, node);
      const held = kindOf[node] === TOPIC ? kinds.topics.records(node) : own;
      const spares =
        (kinds.producers.clients?.spares(sim, node) ?? 0) + kinds.consumers.connections.spares(node);
      const says = held + kinds.deadLetters.stored(sim, node) + spares;
      hold(
        says === this.held[node],
        'I3: what a node holds is not what it was given',
        node,
        says,
        this.held[node],
      );
      if (kindOf[node] === QUEUE && says === 0) this.checkLittle(node);
    }
    for (let edge = 0; edge < sim.plan.edgeCount; edge++) {
      const [says, held] = [kinds.links.heldOn(edge), this.held[sim.transfers.gateOf(edge)]];
      hold(says === held, 'I3: what is under way is not what was sent', edge, says, held);
    }
  }

  /** Exact at times when the queue is empty; a message that waits to be dead-lettered is not in the queue's length. */
  private checkLittle(node: number): void {
    const { metrics, now, plan } = this.scene.sim;
    const evicts = plan.outEdges
      .subarray(plan.outStart[node], plan.outStart[node + 1])
      .some((edge) => plan.edgePort[edge] === DEAD_PORT);
    if (metrics.measuredFrom > 0 || evicts || now === 0) return;
    const area = metrics.queuedMean(node, now) * now;
    // What waits for its retry is in the queue, but not in its length.
    const { queueType, delayedRetryType } = this.scene.fields[node];
    const delays = queueType === 'quorum' && delayedRetryType !== 'disabled';
    const less = this.spent[node] - area;
    const slack = 1e-9 * Math.max(1, area);
    const isIt = less >= -slack && (delays || less <= slack);
    hold(isIt, 'I33: time spent in a queue is not the area under its length', node, area, this.spent[node]);
  }

  /** The exchange that a message was published to hands it over along the edges of others. */
  private isExchange(node: number): boolean {
    return this.scene.kindOf[node] === EXCHANGE;
  }

  private holderOf(message: number): number {
    const holder = this.holder.get(message);
    hold(holder !== undefined, 'I2: a message that has ended is used', message);
    return holder!;
  }

  private give(message: number, node: number): void {
    const { now } = this.scene.sim;
    const from = this.holder.get(message) ?? NOWHERE;
    if (from !== NOWHERE) {
      this.held[from]--;
      this.spent[from] += now;
    }
    if (node === NOWHERE) {
      this.holder.delete(message);
      return;
    }
    this.held[node]++;
    this.spent[node] -= now;
    this.holder.set(message, node);
  }

  private checkIdentity(message: number): void {
    const { serial, key, sizeBytes, type, bornAt } = this.scene.sim.messages;
    const now = { key: key[message], size: sizeBytes[message], type: type[message], bornAt: bornAt[message] };
    const known = this.identities.get(serial[message]);
    if (!known) {
      this.identities.set(serial[message], now);
      return;
    }
    const isSame = known.key === now.key && known.type === now.type && known.bornAt === now.bornAt;
    hold(isSame, 'I2: a message changes on its way', serial[message], known, now);
    hold(
      known.size === now.size,
      'I7: bytes appear or vanish on the way',
      serial[message],
      known.size,
      now.size,
    );
  }
}
