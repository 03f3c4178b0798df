import type { Json } from '../../design/types.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { DeadLetterKey } from './dead-letter-keys.ts';
import type { HeaderTable } from './header-match.ts';
import { choiceOf, type NodeConfig } from './node-config.ts';
import { readRoutingKeys, type WeightedKey } from './routing-keys.ts';

/** What a message says to an exchange. */
export interface Address {
  routingKey: string;
  headers: HeaderTable;
  /** Comes back if it reaches no queue. */
  mandatory: boolean;
}

const UNROUTABLE = ['drop', 'return'] as const;
const RETURN = 1;

/** The addresses that a node with these fields gives its messages, one for each routing key, and their weights. */
export function addressesOf(config: NodeConfig): { addresses: Address[]; weights: number[] } {
  const keys = readRoutingKeys(config.fields.routingKey as string) as readonly WeightedKey[];
  const headers = headerTable(config.fields.headers);
  const mandatory = choiceOf(config, 'unroutable', UNROUTABLE) === RETURN;
  return {
    addresses: keys.map(({ key }) => ({ routingKey: key, headers, mandatory })),
    weights: keys.map(({ weight }) => weight),
  };
}

/** Headers of the design as a table that does not take `constructor` for a header. */
export function headerTable(headers: Json): HeaderTable {
  return new Map(Object.entries(headers as Record<string, string | number | boolean | null>));
}

/**
 * Every address of a run. They are all known when it is built, so that a message carries one small integer and what
 * an exchange does with it is worked out once.
 */
export class Addresses {
  /** By the integer that a message carries. */
  readonly list: Address[] = [];
  /** Of each producer: its first address, and the sums of the weights up to and including each of its own. */
  private readonly first: Int32Array;
  private readonly sums: Float64Array[] = [];
  /** Of each queue with a dead-letter exchange: what each address becomes when its message dies there. */
  private readonly dead = new Map<number, Int32Array>();

  constructor(
    configs: readonly NodeConfig[],
    producers: readonly number[],
    deadLetters: readonly DeadLetterKey[] = [],
  ) {
    this.first = new Int32Array(configs.length);
    for (const node of producers) {
      const { addresses, weights } = addressesOf(configs[node]);
      this.first[node] = this.list.length;
      this.list.push(...addresses);
      let sum = 0;
      this.sums[node] = Float64Array.from(weights, (weight) => (sum += weight));
    }
    if (deadLetters.length > 0) this.addDead(deadLetters);
  }

  /** The address that a message with this one has when it has died in a queue; null where no exchange will look at it. */
  deadOf(queue: number, address: number): number | null {
    return this.dead.get(queue)?.[address] ?? null;
  }

  /** The address of the next message of a producer. Draws only where there are several to choose from. */
  draw(sim: Simulation, node: number): number {
    const sums = this.sums[node];
    const last = sums.length - 1;
    if (last === 0) return this.first[node];
    const drawn = sim.random.uniform(sim.stream(node, PURPOSE.route)) * sums[last];
    let at = 0;
    while (at < last && drawn >= sums[at]) at++;
    return this.first[node] + at;
  }

  /** A dead letter has the key of its queue, or keeps its own, and never comes back to its sender. */
  private addDead(deadLetters: readonly DeadLetterKey[]): void {
    const known = new Map<HeaderTable, Map<string, number>>();
    const addressOf = (routingKey: string, headers: HeaderTable): number => {
      if (!known.has(headers)) known.set(headers, new Map());
      const keys = known.get(headers)!;
      if (!keys.has(routingKey)) {
        keys.set(routingKey, this.list.length);
        this.list.push({ routingKey, headers, mandatory: false });
      }
      return keys.get(routingKey)!;
    };
    const keys = new Set(deadLetters.map(({ key }) => key));
    // The list grows meanwhile.
    const given = this.list.slice();
    for (const { routingKey, headers } of given) {
      for (const key of keys) addressOf(key || routingKey, headers);
      addressOf(routingKey, headers);
    }
    for (const { queue, key } of deadLetters) {
      const becomes = this.list.map(({ routingKey, headers }) => addressOf(key || routingKey, headers));
      this.dead.set(queue, Int32Array.from(becomes));
    }
  }
}
