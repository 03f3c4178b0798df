import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import type { Addresses } from '../shared/addresses.ts';
import { Exchanges, type EdgeFields } from './behavior.ts';

const NONE = -1;
const WORD_SHIFT = 5;

/** The exchanges of a run; those of a design without letters that go at least once hand over all or nothing. */
export function exchangesOf(
  sim: Simulation,
  configs: readonly NodeConfig[],
  nodes: readonly number[],
  role: Uint8Array,
  edgeFields: readonly EdgeFields[],
  addresses: Addresses,
): Exchanges {
  const isSure = configs.some(({ fields }) => fields.deadLetterStrategy === 'at-least-once');
  const made = isSure ? PartingExchanges : Exchanges;
  return new made(sim, configs, nodes, role, edgeFields, addresses);
}

/**
 * Exchanges that may be given a message for some of the queues of its route only: a dead letter that goes at least once
 * is published again for those that have not confirmed it.
 */
class PartingExchanges extends Exchanges {
  private readonly words: number;
  /** Of each exchange: 1 while it works for some queues only, and these, as bits at their places in the route. */
  private isPart = new Uint8Array();
  private part = new Int32Array();

  constructor(...given: ConstructorParameters<typeof Exchanges>) {
    super(...given);
    const [{ columns, plan }] = given;
    this.words = (plan.nodeCount >>> WORD_SHIFT) + 1;
    columns.u8(this, 'isPart', plan.nodeCount);
    columns.i32(this, 'part', plan.nodeCount * this.words);
  }

  override offer(sim: Simulation, node: number, message: number): boolean {
    const { nextPart } = this;
    if (nextPart === null || this.isBusy(node)) return super.offer(sim, node, message);
    // What comes meanwhile by way of its queues is no part.
    this.nextPart = null;
    this.isPart[node] = 1;
    const first = node * this.words;
    this.part.fill(0, first, first + this.words);
    for (const place of nextPart) this.part[first + (place >>> WORD_SHIFT)] |= 1 << place;
    return super.offer(sim, node, message);
  }

  protected override goOn(sim: Simulation, node: number): void {
    if (this.isPart[node] === 0) {
      super.goOn(sim, node);
      return;
    }
    const message = this.message[node];
    const route = this.routeOf(node, sim.messages.address[message]);
    const last = route.findLastIndex((_, at) => this.isWanted(node, at));
    for (let place = this.place[node]; place <= last; place++) {
      if (!this.isWanted(node, place)) continue;
      const offered = place < last ? sim.messages.copy(message) : message;
      if (place < last) sim.metrics.copied++;
      if (!sim.send(route[place].edge, offered, node)) {
        this.offered[node] = offered;
        this.place[node] = place;
        return;
      }
      this.delivered(sim, route[place]);
    }
    this.isPart[node] = 0;
    this.message[node] = NONE;
    sim.roomFreed(node);
  }

  private isWanted(node: number, place: number): boolean {
    return (this.part[node * this.words + (place >>> WORD_SHIFT)] & (1 << place)) !== 0;
  }
}
