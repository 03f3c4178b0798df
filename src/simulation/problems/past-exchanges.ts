import type { DesignEdge, DesignNode } from '../../design/types.ts';
import { edgesBy } from './connection-problems.ts';

/**
 * The edges with those between exchanges left out, and one more from each exchange to each queue that it reaches by
 * way of them: a message visits an exchange once, so a loop of bindings is none of messages.
 */
export function pastExchanges(
  edges: readonly DesignEdge[],
  nodes: ReadonlyMap<string, DesignNode>,
): DesignEdge[] {
  const isExchange = (id: string) => nodes.get(id)?.kind === 'exchange';
  const isHop = ({ from, to }: DesignEdge) => isExchange(from) && isExchange(to);
  const kept = edges.filter((edge) => !isHop(edge));
  const hops = edges.filter(isHop);
  if (hops.length === 0) return kept;
  const [hopsFrom, keptFrom] = [edgesBy(hops, 'from'), edgesBy(kept, 'from')];
  for (const start of hopsFrom.keys()) {
    const reached = new Set([start]);
    // A set that grows while it is walked.
    for (const exchange of reached) {
      for (const { to } of hopsFrom.get(exchange) ?? []) reached.add(to);
      if (exchange === start) continue;
      for (const edge of keptFrom.get(exchange) ?? []) kept.push({ ...edge, from: start });
    }
  }
  return kept;
}
