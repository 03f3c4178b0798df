import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeGauge } from '../node-behavior.ts';
import type { Addresses } from '../shared/addresses.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { CLOUD_COUNT } from './cloud-counts.ts';
import { CLOUD_LOSS } from './endings.ts';
import { OrderedBrokers } from './ordered-brokers.ts';
import { filterTakes, readSubjects, takesSubject } from './subjects.ts';

/** What says to streams which messages are theirs and whose. */
export interface SubjectParts {
  edgeFields: readonly Readonly<Record<string, Json>>[];
  addresses: Addresses;
}

/** Who takes what is published to a subject of a stream; null for a subject that is none of the stream's. */
type Takers = readonly number[] | null;

/** Whether a broker is a stream that says which subjects are its. */
export function hasSubjects({ kind, fields }: NodeConfig): boolean {
  return (
    kind === 'cloud-broker' &&
    fields.profile === 'jetstream' &&
    readSubjects(fields.subjects as string).length > 0
  );
}

/**
 * The managed brokers of a design in which some streams of JetStream have subjects: what is of none of them is not
 * stored (no response from stream), and each consumer gets what its FilterSubject takes. What none takes stays in the
 * stream, in a line that nobody reads; in one with interest retention it is dropped at once.
 */
export class SubjectBrokers extends OrderedBrokers {
  private readonly addresses: Addresses;
  private readonly subjects = new Map<number, readonly string[]>();
  private readonly filters: readonly string[];
  /** By stream, then by address: who takes it. What never changes need not be worked out twice. */
  private readonly takers: (Takers | undefined)[][] = [];

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    { edgeFields, addresses }: SubjectParts,
  ) {
    super(sim, configs, nodes, role);
    this.addresses = addresses;
    this.filters = edgeFields.map(({ filterSubject }) =>
      ((filterSubject as string | undefined) ?? '').trim(),
    );
    for (const node of nodes.filter((each) => hasSubjects(configs[each]))) {
      this.subjects.set(node, readSubjects(configs[node].fields.subjects as string));
      this.takers[node] = [];
    }
  }

  override offer(sim: Simulation, node: number, message: number): boolean {
    const own = this.takers[node];
    if (own === undefined) return super.offer(sim, node, message);
    const { messages, metrics } = sim;
    const address = messages.address[message];
    const takers = (
      own[address] === undefined ? (own[address] = this.takersOf(sim, node, address)) : own[address]
    )!;
    metrics.count(node, METRIC.in);
    messages.flags[message] &= ~MESSAGE_FLAG.dying;
    if (takers === null) {
      this.counts.add(node, CLOUD_COUNT.unwanted);
      this.endings.drop(sim, node, message, CLOUD_LOSS.noStream);
    } else if (this.repeats(sim, node, message)) {
      this.counts.add(node, CLOUD_COUNT.deduplicated);
      this.endings.drop(sim, node, message, CLOUD_LOSS.deduplicated);
    } else if (takers.length === 0) {
      this.counts.add(node, CLOUD_COUNT.unwanted);
      this.endings.drop(sim, node, message, CLOUD_LOSS.noInterest);
    } else this.spread(sim, node, message, takers);
    return true;
  }

  /** What nobody will read does not wait for anybody. */
  override gauge(sim: Simulation, node: number, into: NodeGauge): void {
    super.gauge(sim, node, into);
    into.amount -= this.waitingForNobody(node);
  }

  private spread(sim: Simulation, node: number, message: number, takers: readonly number[]): void {
    const { messages, metrics } = sim;
    messages.enteredAt[message] = sim.now;
    if (sim.trace.messages) {
      const waiting = metrics.of(node, METRIC.queued) + 1;
      sim.trace.add(sim.now, TRACE.entered, node, messages.serial[message], waiting, 0);
    }
    const last = takers.length - 1;
    for (let place = 0; place < last; place++) {
      metrics.copied++;
      this.counts.add(node, CLOUD_COUNT.fanned);
      this.store(sim, node, takers[place], messages.copy(message));
    }
    this.store(sim, node, takers[last], message);
  }

  private takersOf({ plan }: Simulation, node: number, address: number): Takers {
    const { routingKey } = this.addresses.list[address];
    if (!takesSubject(this.subjects.get(node)!, routingKey)) return null;
    const { of, unread } = this.subscriptions;
    const edges = [...plan.outEdges.subarray(plan.outStart[node], plan.outStart[node + 1])];
    const own = edges.filter((edge) => of[edge] >= 0 && filterTakes(this.filters[edge], routingKey));
    if (own.length > 0) return own.map((edge) => of[edge]);
    return unread.has(node) ? [unread.get(node)!] : [];
  }
}
