import type { Wiring } from '../../kinds/exchange/routing.ts';
import { kindIndex } from '../../kinds/registry.ts';
import type { Address, Addresses } from '../../kinds/shared/addresses.ts';
import { hold, type Law, type Scene } from './law.ts';

const EXCHANGE = kindIndex('exchange');

/** A message on its way from the exchange that it was published to. */
interface Publish {
  expected: ReadonlySet<number>;
  got: Set<number>;
}

/**
 * Exchanges: each queue that the bindings reach gets one copy of a message and no other queue any, and a message that
 * reaches none ends where it was published. Who is reached is worked out anew for each message.
 */
export class RoutingLaw implements Law {
  private readonly scene: Scene;
  private readonly wiring: readonly Wiring[];
  private readonly addresses: readonly Address[];
  /** By exchange: what it works on. */
  private readonly open = new Map<number, Publish>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.wiring = Reflect.get(scene.kinds.exchanges, 'wiring') as Wiring[];
    this.addresses = (Reflect.get(scene.kinds.exchanges, 'addresses') as Addresses).list;
  }

  reaching(edge: number, message: number): void {
    const { sim, kinds } = this.scene;
    const to = sim.plan.edgeTo[edge];
    if (!this.isExchange(to) || kinds.held(sim, to) > 0) return;
    const address = this.addresses[sim.messages.address[message]];
    this.open.set(to, { expected: this.queuesFrom(to, address), got: new Set() });
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
    for (const [node, { expected, got }] of this.open) {
      if (kinds.held(sim, node) > 0) continue;
      hold(got.size === expected.size, 'I4: a bound queue got no copy', node, expected.size, got.size);
      this.open.delete(node);
    }
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
