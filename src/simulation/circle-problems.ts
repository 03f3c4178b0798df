import type { Design, DesignEdge, DesignNode, Json, Problem } from '../design/types.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { edgesBy } from './connection-problems.ts';

/**
 * Circles of edges in which every message that goes round comes back. Where every hop takes no time at all, time
 * would stand still (an error), as in one of full queues that dead-letter into each other; else the circle only ever fills up (a warning).
 */
export function circleProblems(design: Design): Problem[] {
  const nodes = new Map(
    design.nodes.filter((node) => kindDefinition(node.kind)).map((node) => [node.id, node]),
  );
  const edges = design.edges.filter((edge) => nodes.has(edge.from) && nodes.has(edge.to));
  const endless = edges.filter((edge) => passesEverything(nodes.get(edge.from)!, edge));
  const slowCalls = new Set(edges.filter((edge) => isSlowCall(nodes.get(edge.to)!)).map((edge) => edge.from));
  const instant = endless.filter((edge) => !slowCalls.has(edge.from) && takesNoTime(nodes.get(edge.from)!));
  const instantCircle = findCircle(instant);
  if (instantCircle) {
    const message =
      `Time would stand still in the circle ${showCircle(instantCircle, nodes)}: ` +
      'every message comes back at the same instant, as every service time in it is 0 ms.';
    return [{ severity: 'error', code: 'zero-delay-circle', message, ...placeOf(instantCircle) }];
  }
  const overflowCircle = findCircle(edges.filter((edge) => handsOnOverflow(nodes.get(edge.from)!, edge)));
  if (overflowCircle) {
    const message =
      `Time would stand still in the circle ${showCircle(overflowCircle, nodes)}: ` +
      'when all are full, each hands its overflow to the next at the same instant.';
    return [{ severity: 'error', code: 'zero-delay-circle', message, ...placeOf(overflowCircle) }];
  }
  const circle = findCircle(endless);
  if (!circle) return [];
  const message = `The circle ${showCircle(circle, nodes)} only fills up: every message that goes round it comes back.`;
  return [{ severity: 'warning', code: 'endless-circle', message, ...placeOf(circle) }];
}

/** Whether every message that a node handles leaves along this edge (or a copy of it does). */
function passesEverything(node: DesignNode, edge: DesignEdge): boolean {
  const fields = resolveFields(node);
  const failure = fields.failureProbability ?? 0;
  const port = kindDefinition(node.kind)?.ports.find((candidate) => candidate.id === edge.fromPort);
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

/** A distribution that can only give 0. */
function isZero(distribution: Json): boolean {
  const { mean, max, min, values, shape } = distribution as Record<string, Json>;
  if (shape === 'uniform') return max === 0;
  if (shape === 'pareto') return min === 0;
  if (Array.isArray(values)) return values.every((value) => value === 0);
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

function showCircle(circle: readonly DesignEdge[], nodes: ReadonlyMap<string, DesignNode>): string {
  const names = circle.map((edge) => nodes.get(edge.from)!.name);
  return [...names, names[0]].join(' → ');
}

function placeOf(circle: readonly DesignEdge[]): { node: string; edge: string } {
  return { node: circle[0].from, edge: circle[0].id };
}
