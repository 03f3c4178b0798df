import { METRIC } from '../engine/metrics.ts';
import type { DesignNode, Problem } from '../design/types.ts';
import { groupDigits } from '../design/wording.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { LimitError } from '../lib/limit-error.ts';
import { showRate } from './problems/load-problems.ts';
import { showTime, toMs } from './time.ts';

/** Copies for each message of a producer from which on they, and not the producers, are what fills a design. */
const MANY_COPIES = 10;

/** Says why a run stopped before its horizon: when, which limit, which node it came from, and how it came to it. */
export function limitSentence(error: LimitError, sim: Simulation, nodes: readonly DesignNode[]): Problem {
  const acting = sim.currentNode >= 0 ? nodes[sim.currentNode] : undefined;
  const time = showTime(toMs(sim.now));
  const limit = groupDigits(error.limit);
  const who = acting?.name ?? 'the design';
  const way = sim.currentNode < 0 ? null : wayBack(sim, sim.currentNode);
  const names = way?.map((node) => nodes[node].name).join(' → ');
  if (error.limitName === 'events in one run') {
    const message = `The run stopped at ${time}, after ${limit} events: one run may have no more. A shorter run or lower rates show the same.`;
    return { severity: 'error', code: 'limit-reached', message };
  }
  const message =
    error.limitName === 'events at one instant'
      ? `The run stopped at ${time}: time stands still at ${who}, where more than ${limit} events happen at one instant.` +
        (names ? ` What it sends comes back to it, in no time: ${names}.` : '')
      : `The run stopped at ${time}: ${who} needed more than ${limitText(error)}.` +
        `${cause(sim, names)}${fullestNode(sim, nodes)}`;
  const node = acting?.id;
  return { severity: 'error', code: 'limit-reached', message, ...(node === undefined ? {} : { node }) };
}

/** The limit that was reached, as an amount: "8,000,000 messages alive". */
export function limitText({ limitName, limit }: LimitError): string {
  const amount = groupDigits(limit);
  return limitName === 'memory in bytes' ? `${amount} bytes of memory` : `${amount} ${limitName}`;
}

/** Where so many messages came from: a loop that the acting node is in, fan-out, or simply how many it sends. */
function cause(sim: Simulation, names: string | undefined): string {
  const sent = sim.currentNode < 0 ? 0 : sim.metrics.of(sim.currentNode, METRIC.out);
  const rate = sim.now > 0 && sent > 0 ? showRate(sent / (sim.now / 1e6)) : null;
  if (names !== undefined && rate !== null) {
    return ` It sends ${rate}, and what it sends comes back to it: ${names}. Break the loop, or send less of it round.`;
  }
  const { produced, copied } = sim.metrics;
  if (produced > 0 && copied > MANY_COPIES * produced) {
    const each = groupDigits(Math.round(1 + copied / produced));
    return ` Each of the ${groupDigits(produced)} messages produced became ${each}, as every reader of a topic gets a copy.`;
  }
  return rate === null ? '' : ` It sends ${rate}.`;
}

/** A shortest way along edges from a node back to it, both ends included; null if there is none. */
function wayBack({ plan }: Simulation, start: number): number[] | null {
  const cameFrom = new Int32Array(plan.nodeCount).fill(-1);
  const line = [start];
  for (let at = 0; at < line.length; at++) {
    for (let place = plan.outStart[line[at]]; place < plan.outStart[line[at] + 1]; place++) {
      const to = plan.edgeTo[plan.outEdges[place]];
      if (cameFrom[to] >= 0) continue;
      cameFrom[to] = line[at];
      if (to !== start) {
        line.push(to);
        continue;
      }
      const way = [start];
      do way.unshift(cameFrom[way[0]]);
      while (way[0] !== start);
      return way;
    }
  }
  return null;
}

function fullestNode(sim: Simulation, nodes: readonly DesignNode[]): string {
  let most = 0;
  let fullest = '';
  nodes.forEach(({ name }, node) => {
    const waiting = sim.metrics.of(node, METRIC.queued);
    if (waiting <= most) return;
    most = waiting;
    fullest = name;
  });
  return most > 0 ? ` Most messages wait in ${fullest}: ${groupDigits(most)}.` : '';
}
