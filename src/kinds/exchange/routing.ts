import type { Json } from '../../design/types.ts';
import { headerTable, type Address } from '../shared/addresses.ts';
import { headersMatch } from '../shared/header-match.ts';
import { topicMatches } from '../shared/topic-pattern.ts';

/** An edge that leads on from an exchange, to a queue or to another exchange. */
export interface Way {
  edge: number;
  to: number;
}

/** A way that only some messages take. */
export interface Binding extends Way {
  matches(address: Address): boolean;
}

/** What an exchange knows. Bindings are in the order of their edges. */
export interface Wiring {
  bindings: readonly Binding[];
  /** Taken when no binding matches. */
  alternate?: Way;
}

/** One copy for one queue. */
export interface Delivery {
  /** The edge to the queue. */
  edge: number;
  /** Edges between exchanges that a copy of the message passes here for the first time, in the order it passes them. */
  hops: readonly number[];
}

type Fields = Readonly<Record<string, Json>>;

/** What a binding of an exchange of this type compares; `fields` are those of the edge, defaults filled in. */
export function bindingTest(type: Json, fields: Fields): (address: Address) => boolean {
  const key = fields.bindingKey as string;
  switch (type) {
    case 'direct':
      return ({ routingKey }) => routingKey === key;
    case 'topic':
      return ({ routingKey }) => topicMatches(key, routingKey);
    case 'headers': {
      const wanted = new Map([...headerTable(fields.headers), ['x-match', fields.match as string] as const]);
      return ({ headers }) => headersMatch(wanted, headers);
    }
    default:
      return () => true;
  }
}

/** Whether a binding takes every message that there could be, so that no run need be looked at. */
export function takesEverything(type: Json, { bindingKey, headers, match }: Fields): boolean {
  if (type === 'fanout') return true;
  if (type === 'topic') return bindingKey === '#';
  return type === 'headers' && headerTable(headers).size === 0 && (match as string).startsWith('all');
}

/**
 * The copies that a message makes on its way from an exchange: one for each queue that can be reached by bindings that
 * match, an alternate exchange where none does, each exchange visited once (RabbitMQ, rabbit_exchange:route). Empty
 * for an unroutable message.
 */
export function routeFrom(
  start: number,
  address: Address,
  wiringOf: (node: number) => Wiring | undefined,
): Delivery[] {
  const visited = new Set([start]);
  const pathTo = new Map<number, readonly number[]>();
  const open: { node: number; path: readonly number[] }[] = [{ node: start, path: [] }];
  // A list that grows while it is walked: exchanges nearer to the start come first.
  for (const { node, path } of open) {
    for (const way of waysFrom(wiringOf(node)!, address)) {
      const longer = [...path, way.edge];
      if (!wiringOf(way.to)) {
        if (!pathTo.has(way.to)) pathTo.set(way.to, longer);
      } else if (!visited.has(way.to)) {
        visited.add(way.to);
        open.push({ node: way.to, path: longer });
      }
    }
  }
  const passed = new Set<number>();
  return [...pathTo.values()].map((path) => {
    const hops = path.slice(0, -1).filter((edge) => !passed.has(edge));
    for (const edge of hops) passed.add(edge);
    return { edge: path.at(-1)!, hops };
  });
}

function waysFrom({ bindings, alternate }: Wiring, address: Address): readonly Way[] {
  const matching = bindings.filter((binding) => binding.matches(address));
  return matching.length === 0 && alternate ? [alternate] : matching;
}
