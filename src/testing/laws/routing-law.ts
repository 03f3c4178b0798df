import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Wiring } from '../../kinds/exchange/routing.ts';
import { kindIndex } from '../../kinds/registry.ts';
import type { Address, Addresses } from '../../kinds/shared/addresses.ts';
import { hold, type Law, type Scene } from './law.ts';

const EXCHANGE = kindIndex('exchange');

/** A message on its way from the exchange that it was published to. */
interface Publish {
  expected: ReadonlySet<number>;
  got: Set<number>;
  /** The dead letter that stays in its queue until all have it, while a copy goes to some; the message itself for others. */
  letter: number;
  isPart: boolean;
}

/**
 * Exchanges: each queue that the bindings reach gets one copy of a message and no other queue any, and a message that
 * reaches none ends where it was published. A dead letter that goes at least once may do so in parts, and is kept until
 * all have it. Who is reached is worked out anew for each message.
 */
export class RoutingLaw implements Law {
  private readonly scene: Scene;
  private readonly wiring: readonly Wiring[];
  private readonly addresses: readonly Address[];
  /** By exchange: what it works on. */
  private readonly open = new Map<number, Publish>();
  /** Offers that are under way, one within the other: what an exchange began to publish by each. */
  private readonly offers: (Publish | null)[] = [];
  /** Letters that only some of their queues have. */
  private readonly begun = new Map<number, Publish>();
  /** Such letters that are gone since the last event, be it that the last of their queues pushed them out at once. */
  private gone: Publish[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
    this.wiring = Reflect.get(scene.kinds.exchanges, 'wiring') as Wiring[];
    this.addresses = (Reflect.get(scene.kinds.exchanges, 'addresses') as Addresses).list;
  }

  reaching(edge: number, message: number): void {
    const { sim, kinds } = this.scene;
    const to = sim.plan.edgeTo[edge];
    const isFree = this.isExchange(to) && kinds.held(sim, to) === 0;
    this.offers.push(isFree ? this.publish(edge, message) : null);
  }

  /** Who goes to the end of a line is not offered. */
  reached(edge: number, _message: number, accepted: boolean): void {
    const to = this.scene.sim.plan.edgeTo[edge];
    const publish = this.offers.pop()!;
    if (publish !== null && !accepted && this.open.get(to) === publish) this.open.delete(to);
  }

  private publish(edge: number, message: number): Publish {
    const { sim, kinds } = this.scene;
    const exchange = sim.plan.edgeTo[edge];
    this.close(exchange);
    const stays = kinds.queues.letterOf(edge, message);
    const letter = stays === NO_MESSAGE ? message : stays;
    const expected = this.queuesFrom(exchange, this.addresses[sim.messages.address[message]]);
    const got = this.begun.get(letter)?.got ?? new Set();
    const publish = { expected, got, letter, isPart: letter !== message };
    this.open.set(exchange, publish);
    return publish;
  }

  freed(message: number): void {
    const letter = this.begun.get(message);
    if (!letter) return;
    this.gone.push(letter);
    this.begun.delete(message);
  }

  /** The tag of a copy is the exchange that hands it over. */
  sent(edge: number, _message: number, tag: number, accepted: boolean): void {
    const { plan } = this.scene.sim;
    if (!accepted || !this.isExchange(plan.edgeFrom[edge])) return;
    const queue = plan.edgeTo[edge];
    const publish = this.open.get(tag)!;
    hold(publish.expected.has(queue), 'I4: a copy for a queue that is not bound', tag, queue);
    hold(!publish.got.has(queue), 'I4: a second copy for one queue', tag, queue);
    publish.got.add(queue);
  }

  afterEvent(): void {
    const { sim, kinds } = this.scene;
    for (const node of this.open.keys()) if (kinds.held(sim, node) === 0) this.close(node);
    for (const { got, expected } of this.gone)
      hold(got.size === expected.size, 'I4: a letter is gone that a queue lacks', got.size, expected.size);
    this.gone = [];
  }

  /** An exchange is done with what it worked on last. */
  private close(node: number): void {
    const publish = this.open.get(node);
    if (!publish) return;
    const { expected, got, letter, isPart } = publish;
    this.open.delete(node);
    if (isPart && got.size < expected.size) {
      this.begun.set(letter, publish);
      return;
    }
    hold(got.size === expected.size, 'I4: a bound queue got no copy', node, expected.size, got.size);
    this.begun.delete(letter);
  }

  private queuesFrom(start: number, address: Address): Set<number> {
    const queues = new Set<number>();
    const seen = new Set<number>();
    const visit = (exchange: number): void => {
      if (seen.has(exchange)) return;
      seen.add(exchange);
      const { bindings, alternate } = this.wiring[exchange];
      const ways = bindings.filter((binding) => binding.matches(address));
      for (const { to } of ways.length > 0 || !alternate ? ways : [alternate]) {
        if (this.isExchange(to)) visit(to);
        else queues.add(to);
      }
    };
    visit(start);
    return queues;
  }

  private isExchange(node: number): boolean {
    return this.scene.kindOf[node] === EXCHANGE;
  }
}
