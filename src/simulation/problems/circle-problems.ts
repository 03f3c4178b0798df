import { groupDigits } from '../../design/wording.ts';
import type { Design, DesignEdge, DesignNode, Json, Problem } from '../../design/types.ts';
import { resolveEdgeFields } from '../../kinds/edge-fields.ts';
import { isUnfiltered } from '../../kinds/event-router/content-filter.ts';
import { takesEverything } from '../../kinds/exchange/routing.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { DEATHS_KEPT } from '../../kinds/shared/deaths.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { edgesBy } from './connection-problems.ts';
import { pastExchanges } from './past-exchanges.ts';
import { showRate } from './load-problems.ts';
import { findLoops } from './loops.ts';
import { MessageFlow } from '../message-flow.ts';

/**
 * Loops of edges from which as many messages come back as go in, or more. Where every hop takes no time at all, time
 * would stand still (an error), as in one of full queues that dead-letter into each other; else the loop only ever
 * fills up, or grows by a factor every round (a warning).
 */
export function circleProblems(design: Design): Problem[] {
  const nodes = new Map(
    design.nodes.filter((node) => kindDefinition(node.kind)).map((node) => [node.id, node]),
  );
  const edges = design.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to));
  const flow = new MessageFlow(design);
  const endless = pastExchanges(
    edges.filter((edge) => passesEverything(nodes.get(edge.from)!, edge)),
    nodes,
  );
  const slowCalls = new Set(edges.filter((edge) => isSlowCall(nodes.get(edge.to)!)).map((edge) => edge.from));
  const instant = endless.filter((edge) => !slowCalls.has(edge.from) && takesNoTime(nodes.get(edge.from)!));
  const instantCircle = findCircle(instant);
  if (instantCircle) {
    const message =
      `Time would stand still in the loop ${showCircle(instantCircle, flow)}: ` +
      'every message comes back at the same instant, as every service time in it is less than a microsecond.';
    return [{ severity: 'error', code: 'zero-delay-circle', message, ...placeOf(instantCircle) }];
  }
  const overflowCircle = findCircle(edges.filter((edge) => handsOnOverflow(nodes.get(edge.from)!, edge)));
  // In a shorter one a queue drops what comes back to where it died.
  if (overflowCircle && overflowCircle.length > DEATHS_KEPT) {
    const message =
      `Time would stand still in the loop ${showCircle(overflowCircle, flow)}: ` +
      'when all are full, each hands its overflow to the next at the same instant.';
    return [{ severity: 'error', code: 'zero-delay-circle', message, ...placeOf(overflowCircle) }];
  }
  return endlessLoops(flow, edges);
}

/** A loop that gives back this much or more for 1 is taken to give back all. */
const ALL = 1 - 1e-6;

function endlessLoops(flow: MessageFlow, edges: readonly DesignEdge[]): Problem[] {
  // Rates are known of a node once it came.
  for (const _ of flow.inOrder());
  return findLoops(edges, (edge) => flow.perMessage(edge)).flatMap(
    ({ edges: loop, round, gain }): Problem[] => {
      if (gain === null || gain < ALL) return [];
      const enters = rateInto(flow, loop);
      const comes = enters === null ? '' : `${showRate(enters)} come in from outside, and `;
      const way = showCircle(round, flow);
      const sender = flow.node(round[0].from).name;
      const back =
        gain < 2 - ALL
          ? `The loop ${way} only fills up: ${comes}each message that goes through ${sender} comes back. Break the loop, or let some leave it.`
          : `The loop ${way} grows ${factor(gain)} times every round: ${comes}each message that goes through ${sender} comes back as ${factor(gain)}. Break the loop, or send fewer of them round.`;
      return [{ severity: 'warning', code: 'endless-circle', message: back, ...placeOf(round) }];
    },
  );
}

/** Messages a second that come into a loop from outside; null if that is not certain. */
function rateInto(flow: MessageFlow, loop: readonly DesignEdge[]): number | null {
  const inside = new Set(loop.map(({ to }) => to));
  let sum = 0;
  for (const node of inside) {
    for (const edge of flow.edgesInto(node)) {
      const rate = inside.has(edge.from) ? 0 : flow.rateAlong(edge);
      if (rate === null) return null;
      sum += rate;
    }
  }
  return sum;
}

function factor(gain: number): string {
  return groupDigits(Number(gain.toPrecision(3)));
}

/** Whether every message that a node handles leaves along this edge (or a copy of it does). */
function passesEverything(node: DesignNode, edge: DesignEdge): boolean {
  const fields = resolveFields(node);
  const failure = fields.failureProbability ?? 0;
  const port = kindDefinition(node.kind)?.ports.find((candidate) => candidate.id === edge.fromPort);
  // What is dead comes back only when somebody sends it back.
  if (port?.roles.includes('unroutable') || port?.roles.includes('redriven')) return false;
  if (port?.roles.includes('routed')) {
    return takesEverything(fields.type, resolveEdgeFields(edge, { from: node, to: undefined }));
  }
  if (port?.roles.includes('notifications')) return isUnfiltered(fields.profile, edge);
  // Dead letters are everything only where everything fails; a queue's are its overflow, which is never all.
  if (port?.roles.includes('dead')) return failure === 1;
  return failure === 0;
}

/** What a channel cannot hold leaves along this edge, in no time; whether it does so now, a live field decides. */
function handsOnOverflow(node: DesignNode, edge: DesignEdge): boolean {
  const definition = kindDefinition(node.kind);
  const port = definition?.ports.find((candidate) => candidate.id === edge.fromPort);
  return definition?.family === 'channels' && port?.roles.includes('dead') === true;
}

function takesNoTime(node: DesignNode): boolean {
  const { serviceTime, backoff, failureProbability } = resolveFields(node);
  if (serviceTime === undefined) return true;
  return isZero(serviceTime) && (failureProbability === 0 || !backoff);
}

/** A call to a node that only answers, and takes its time over it. */
function isSlowCall(target: DesignNode): boolean {
  const answersOnly = !kindDefinition(target.kind)?.ports.some((port) => port.direction === 'out');
  return answersOnly && !takesNoTime(target);
}

/** Service times are rounded to whole microseconds; what is shorter than half of one takes no time. */
const NO_TIME_MS = 0.0005;

/** A distribution that can only give times that round to 0. */
function isZero(distribution: Json): boolean {
  const { mean, max, min, values, shape } = distribution as Record<string, Json>;
  if (shape === 'uniform') return (max as number) < NO_TIME_MS;
  if (shape === 'constant') return (mean as number) < NO_TIME_MS;
  if (shape === 'pareto') return min === 0;
  if (Array.isArray(values)) return values.every((value) => (value as number) < NO_TIME_MS);
  return mean === 0 && shape !== 'normal';
}

/** Edges that form a circle, or null. Depth first with a stack of its own: a chain may have 10,000 nodes. */
function findCircle(edges: readonly DesignEdge[]): DesignEdge[] | null {
  const outgoing = edgesBy(edges, 'from');
  const finished = new Set<string>();
  for (const start of outgoing.keys()) {
    const path: DesignEdge[] = [];
    const onPath = new Set([start]);
    const places = [0];
    let node = start;
    while (places.length > 0) {
      const edge = finished.has(node) ? undefined : outgoing.get(node)?.[places[places.length - 1]++];
      if (edge && onPath.has(edge.to)) {
        return [...path.slice(path.findIndex((step) => step.from === edge.to)), edge];
      }
      if (edge) {
        path.push(edge);
        places.push(0);
        node = edge.to;
        onPath.add(node);
      } else {
        finished.add(node);
        onPath.delete(node);
        places.pop();
        node = path.pop()?.from ?? start;
      }
    }
  }
  return null;
}

/** More nodes of a loop than this are not named. */
const NAMED = 8;

function showCircle(circle: readonly DesignEdge[], flow: MessageFlow): string {
  const names = circle.map((edge) => flow.node(edge.from).name);
  const more = names.length - NAMED;
  const shown = more > 0 ? [...names.slice(0, NAMED), `${groupDigits(more)} more`] : names;
  return [...shown, names[0]].join(' → ');
}

function placeOf(circle: readonly DesignEdge[]): { node: string; edge: string } {
  return { node: circle[0].from, edge: circle[0].id };
}
