import type { Distribution } from '../design/fields.ts';
import type { Design, DesignNode } from '../design/types.ts';
import { meanDraw } from '../kinds/field-oddities.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { isGroup, isLog, isQueue } from '../kinds/kind-roles.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { MessageFlow, permitsPerSecond } from './message-flow.ts';
import { expectedLoad, unknownLoad, type Load } from './verdict/verdict.ts';

/** What a node is offered and can do by its fields alone. */
export interface Expectation {
  load: Load;
  /** How many of its workers can be busy at all, and how many calls a second its rate limit lets through. */
  workers: number;
  permittedPerSecond: number;
}

/** The loads of a design before it has run, by id; a figure that its fields do not make certain is NaN. */
export function expectedLoads(design: Design): ReadonlyMap<string, Expectation> {
  const flow = new MessageFlow(design);
  const loads = new Map<string, Expectation>();
  const countsBytes = design.nodes.some((node) => Number(resolveFields(node).capacityBytes ?? 0) > 0);
  const meanBytes = countsBytes ? meanSize(design) : NaN;
  const seen: DesignNode[] = [];
  for (const node of flow.inOrder()) seen.push(node);
  for (const node of seen) {
    loads.set(node.id, {
      load: loadOf(flow, node, meanBytes),
      workers: flow.workers(node),
      permittedPerSecond: permitsPerSecond(resolveFields(node)),
    });
  }
  return loads;
}

function loadOf(flow: MessageFlow, node: DesignNode, meanBytes: number): Load {
  const isSource = kindDefinition(node.kind)?.family === 'sources';
  const offered = isSource ? flow.sendRate(node.id) : flow.arrivalRate(node.id);
  const capacity = isQueue(node.kind) ? readersCapacity(flow, node) : flow.capacity(node);
  if (capacity === null) return { ...unknownLoad(), offeredPerSecond: offered ?? NaN };
  const room = isQueue(node.kind) ? roomOf(node, meanBytes) : Infinity;
  const load = expectedLoad(offered ?? NaN, capacity, room);
  const readsLog = flow.edgesInto(node.id).some(({ from }) => isLog(flow.node(from).kind));
  // What a node with workers has no time for lies in the queue or log before it, or waits in its callers.
  const grows = (isQueue(node.kind) && !expires(node)) || readsLog;
  if (grows) return load;
  const refusedShare = node.kind === 'service' ? Math.max(0, 1 - capacity / load.offeredPerSecond) : 0;
  return { ...load, growthPerSecond: NaN, refusedShare };
}

/** Seconds for which messages wait in a node at most, so that no more can gather than come in that time, or Infinity. */
export function livesFor(node: DesignNode): number {
  const ttlMs = isQueue(node.kind) ? Number(resolveFields(node).ttl ?? 0) : 0;
  return ttlMs > 0 ? ttlMs / 1000 : Infinity;
}

/** Whether messages wait in a node for so long only. */
export function expires(node: DesignNode): boolean {
  return livesFor(node) < Infinity;
}

/** Messages for which a queue has room, by whichever of its limits is reached first. */
function roomOf(node: DesignNode, meanBytes: number): number {
  const { capacity, capacityBytes } = resolveFields(node);
  const inBytes = Number(capacityBytes) > 0 ? Number(capacityBytes) / meanBytes : Infinity;
  return Math.min(Number(capacity) || Infinity, inBytes);
}

/** Bytes of a message, on average over the producers of a design. */
function meanSize({ nodes }: Design): number {
  const sizes = nodes.flatMap((node) => {
    const { size } = resolveFields(node);
    return size === undefined ? [] : [meanDraw(size as unknown as Distribution)];
  });
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}

/** What the readers of a queue can do together; null where one of them has other work, too. */
function readersCapacity(flow: MessageFlow, node: DesignNode): number | null {
  const readers = flow.edgesOut(node.id).filter(({ to }) => isGroup(flow.node(to).kind));
  if (readers.length === 0 || readers.some(({ to }) => flow.edgesInto(to).length > 1)) return null;
  return readers.reduce((sum, { to }) => sum + (flow.capacity(flow.node(to)) ?? NaN), 0);
}
