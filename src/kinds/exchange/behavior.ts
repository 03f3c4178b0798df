import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import type { EnginePlan } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import { EDGE_ROLE } from '../shared/edge-roles.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { bindingTest, routeFrom, type Binding, type Delivery, type Way, type Wiring } from './routing.ts';

const NONE = -1;

/** Fields of the edges of a run, defaults filled in; none for an edge whose port gives it none. */
export type EdgeFields = Readonly<Record<string, Json>>;

/**
 * Exchanges: no time, no memory. The exchange that a message was published to works out all queues it reaches, also
 * by way of other exchanges, and hands each its copy, in turn. A queue that is full and blocks holds it back; it then
 * takes no further message until every copy is through. Others on the way only count what passes.
 */
export class Exchanges implements NodeBehavior {
  /** Places in its route to which an exchange hands what it takes next, null for all; only a `PartingExchanges` looks. */
  nextPart: readonly number[] | null = null;
  private readonly addresses: Addresses;
  private readonly wiring: readonly (Wiring | undefined)[];
  /** By exchange, then by address, filled in as they are met: what never changes need not be worked out twice. */
  private readonly routes: readonly (readonly Delivery[] | undefined)[][];
  /** Of a message not through yet: the message, what stands in line (it, or a copy), and its place in the route. */
  protected message = new Int32Array();
  protected offered = new Int32Array();
  protected place = new Int32Array();
  private returned = new Float64Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    edgeFields: readonly EdgeFields[],
    addresses: Addresses,
  ) {
    const { columns, plan } = sim;
    this.addresses = addresses;
    const wiring: (Wiring | undefined)[] = configs.map(() => undefined);
    for (const node of nodes)
      wiring[node] = wiringOf(plan, role, node, configs[node].fields.type, edgeFields);
    this.wiring = wiring;
    this.routes = configs.map(() => []);
    columns.i32(this, 'message', plan.nodeCount).fill(NONE);
    columns.i32(this, 'offered', plan.nodeCount).fill(NONE);
    columns.i32(this, 'place', plan.nodeCount);
    columns.f64(this, 'returned', plan.nodeCount);
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    if (this.message[node] !== NONE) return false;
    sim.metrics.count(node, METRIC.in);
    this.message[node] = message;
    this.place[node] = 0;
    this.goOn(sim, node);
    return true;
  }

  /** A queue has room. The edge may leave another exchange than the one that hands over, which is the tag. */
  room(sim: Simulation, edge: number, publishedTo: number): void {
    if (!sim.resend(edge, this.offered[publishedTo], publishedTo)) return;
    const route = this.routeOf(publishedTo, sim.messages.address[this.message[publishedTo]]);
    this.delivered(sim, route[this.place[publishedTo]]);
    this.offered[publishedTo] = NONE;
    this.place[publishedTo]++;
    this.goOn(sim, publishedTo);
  }

  setField(): void {}

  inject(): void {}

  heal(): void {}

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    into.amount = this.returned[node];
  }

  held(_sim: Simulation, node: number): number {
    if (this.message[node] === NONE) return 0;
    return this.offered[node] === this.message[node] ? 1 : 2;
  }

  /** Whether an exchange still works on a message. */
  isBusy(node: number): boolean {
    return this.message[node] !== NONE;
  }

  /** Unroutable messages that went back to their senders; they are among the dropped ones. */
  returnedBy(node: number): number {
    return this.returned[node];
  }

  /** Hands over the copies that are left; then whoever stands in line may publish. */
  protected goOn(sim: Simulation, node: number): void {
    const { messages, metrics } = sim;
    const message = this.message[node];
    const route = this.routeOf(node, messages.address[message]);
    if (route.length === 0) this.endUnroutable(sim, node, message);
    for (let place = this.place[node]; place < route.length; place++) {
      let offered = message;
      if (place < route.length - 1) {
        offered = messages.copy(message);
        metrics.copied++;
      }
      if (!sim.send(route[place].edge, offered, node)) {
        this.offered[node] = offered;
        this.place[node] = place;
        return;
      }
      this.delivered(sim, route[place]);
    }
    this.message[node] = NONE;
    sim.roomFreed(node);
  }

  protected delivered({ metrics, transfers }: Simulation, { edge, hops }: Delivery): void {
    for (const hop of hops) {
      transfers.passed[hop]++;
      metrics.count(transfers.from[hop], METRIC.out);
      metrics.count(transfers.to[hop], METRIC.in);
    }
    metrics.count(transfers.from[edge], METRIC.out);
  }

  private endUnroutable(sim: Simulation, node: number, message: number): void {
    const { messages, metrics } = sim;
    metrics.count(node, METRIC.dropped);
    if (this.addresses.list[messages.address[message]].mandatory) this.returned[node]++;
    if (sim.trace.messages) sim.trace.add(sim.now, TRACE.dropped, node, messages.serial[message], 0, 0);
    messages.free(message);
  }

  /** The ways of a message with an address from an exchange, one for each queue. */
  routeOf(node: number, address: number): readonly Delivery[] {
    return (this.routes[node][address] ??= routeFrom(
      node,
      this.addresses.list[address],
      (of) => this.wiring[of],
    ));
  }
}

function wiringOf(
  plan: EnginePlan,
  role: Uint8Array,
  node: number,
  type: Json,
  edgeFields: readonly EdgeFields[],
): Wiring {
  const bindings: Binding[] = [];
  let alternate: Way | undefined;
  for (let at = plan.outStart[node]; at < plan.outStart[node + 1]; at++) {
    const edge = plan.outEdges[at];
    const way = { edge, to: plan.edgeTo[edge] };
    if (role[edge] === EDGE_ROLE.unroutable) alternate = way;
    else bindings.push({ ...way, matches: bindingTest(type, edgeFields[edge]) });
  }
  return { bindings, alternate };
}
