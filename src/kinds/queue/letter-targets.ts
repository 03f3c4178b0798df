import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { hasDiedIn } from '../shared/deaths.ts';
import { EXTRA, INT, ROW_SHIFT } from './queue-row.ts';
import type { Room } from './room.ts';

const NONE = -1;

/** The ways that an exchange gives a dead letter with an address, and how it takes one for some of them only. */
export interface LetterRoutes {
  routeOf(exchange: number, address: number): readonly { edge: number }[];
  /** Places in its route to which an exchange hands what it takes next, null for all. */
  nextPart: readonly number[] | null;
  isBusy(exchange: number): boolean;
}

/** What takes the dead letters of queues that want to be sure: another queue, or those behind an exchange. */
export class LetterTargets {
  readonly routes: LetterRoutes;
  private readonly limits: Room;
  private readonly ints: Int32Array;
  /** Of each node 1 if it is an exchange. */
  private readonly isExchange: Uint8Array;

  constructor(
    configs: readonly NodeConfig[],
    parts: { limits: Room; ints: Int32Array; routes: LetterRoutes },
  ) {
    this.limits = parts.limits;
    this.ints = parts.ints;
    this.routes = parts.routes;
    this.isExchange = Uint8Array.from(configs, ({ kind }) => (kind === 'exchange' ? 1 : 0));
  }

  /** Whether an edge leads to no queue that would take a letter, or to one that would refuse it. */
  refuses(sim: Simulation, edge: number, letter: number): boolean {
    const target = sim.plan.edgeTo[edge];
    const ways = this.isExchange[target] === 1 ? this.waysOf(sim, target, letter) : [{ edge }];
    return !this.hasOpen(sim, ways, letter) || this.isRefusing(sim, ways, letter);
  }

  /** The exchange at the end of an edge, NONE if there is none or the network before it is in trouble. */
  exchangeAt({ plan, transfers }: Simulation, edge: number): number {
    const target = plan.edgeTo[edge];
    return this.isExchange[target] === 1 && transfers.target[edge] === target ? target : NONE;
  }

  /** Whether the exchange at the end of an edge takes a message at once. */
  isFree({ plan, transfers }: Simulation, edge: number): boolean {
    const exchange = plan.edgeTo[edge];
    return transfers.waiters.count[exchange] === 0 && !this.routes.isBusy(exchange);
  }

  waysOf({ messages }: Simulation, exchange: number, letter: number): readonly { edge: number }[] {
    return this.routes.routeOf(exchange, messages.address[letter]);
  }

  /** Whether a letter would not only go round in a circle on these ways. */
  hasOpen(sim: Simulation, ways: readonly { edge: number }[], letter: number): boolean {
    return ways.some(({ edge }) => !this.isCircle(sim, edge, letter));
  }

  /** Whether one of these queues would refuse a letter now. */
  isRefusing(sim: Simulation, ways: readonly { edge: number }[], letter: number): boolean {
    const bytes = sim.messages.sizeBytes[letter];
    return ways.some(
      ({ edge }) => !this.isCircle(sim, edge, letter) && this.limits.isRefusing(sim.plan.edgeTo[edge], bytes),
    );
  }

  /** A letter no longer stands in line before the queue at the end of an edge. */
  leftLine(sim: Simulation, edge: number): void {
    const target = sim.plan.edgeTo[edge];
    if (sim.plan.kindOf[target] === sim.plan.kindOf[sim.plan.edgeFrom[edge]])
      this.limits.hasLess(sim, target);
  }

  /** Whether the queue at the end of an edge takes a letter at once. */
  takes(sim: Simulation, edge: number, letter: number): boolean {
    const { plan, transfers, messages } = sim;
    const queue = plan.edgeTo[edge];
    const isInReach = transfers.target[edge] === queue && transfers.waiters.count[queue] === 0;
    if (!isInReach || this.isCircle(sim, edge, letter)) return false;
    return this.limits.letsIn(queue, messages.sizeBytes[letter]);
  }

  /** Whether a letter would be dropped by the queue at the end of an edge, as it has died there. */
  private isCircle({ messages, plan }: Simulation, edge: number, letter: number): boolean {
    const queue = plan.edgeTo[edge];
    const looks = (this.ints[(queue << ROW_SHIFT) | INT.extras] & EXTRA.circles) !== 0;
    return looks && hasDiedIn(messages, letter, queue);
  }
}
