import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { CUT, LATE, WORKER, PHASE } from '../../kinds/consumer-group/workers.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const QUEUE = kindIndex('queue');
const GROUP = kindIndex('consumer-group');
/** In the row of a worker whose message came along a queue, and is not settled. */
const NOT_SETTLED = -1;

/**
 * Queues: first deliveries follow arrivals, what comes back goes before everything that arrived after it, and as
 * many messages are unsettled as workers have in hand.
 */
export function queueLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { messages, plan } = sim;
  /** Of each queue: number of arrival by message. */
  const arrivalsOf = Array.from({ length: plan.nodeCount }, () => new Map<number, number>());
  const earlier = new Map<number, number>();
  /** Of each message: the number of the last arrival within its offer, as where it makes room others may come before it. */
  const offeredUntil = new Map<number, number>();
  const lastTaken = new Map<number, number>();
  let arrivals = 0;
  const isQueue = (node: number) => kindOf[node] === QUEUE;
  // Queues with several lines are the business of the law of priorities.
  const isOneLine = (node: number) =>
    isQueue(node) && fields[node].queueType === 'classic' && Number(fields[node].maxPriority) === 0;
  const deathsIn = (queue: number) => Object.values(kinds.queues.deaths(queue)).reduce((a, b) => a + b);
  let deathsBefore = 0;
  /** When a message came at the latest, as a number of arrival: behind all that came within its offer. */
  const latestOf = (message: number, number: number) => {
    const until = offeredUntil.get(message) ?? arrivals;
    return until > number ? until + 0.5 : number;
  };
  return {
    // Numbered before the offer, within which a worker may take it; a refused offer was no arrival.
    reaching(edge, message) {
      const before = arrivalsOf[plan.edgeTo[edge]].get(message);
      if (before !== undefined) earlier.set(message, before);
      arrivalsOf[plan.edgeTo[edge]].set(message, arrivals++);
      offeredUntil.delete(message);
    },
    reached(edge, message, accepted) {
      const before = earlier.get(message);
      earlier.delete(message);
      if (accepted) offeredUntil.set(message, arrivals - 1);
      if (!accepted && before !== undefined) arrivalsOf[plan.edgeTo[edge]].set(message, before);
    },
    // What comes back while a consumer still has it, comes back as the message that it was.
    copied: (original, copy) => copyNumbers([...arrivalsOf, offeredUntil], original, copy),
    taken(edge, _lane, message) {
      const queue = plan.edgeFrom[edge];
      if (!isOneLine(queue) || message < 0) return;
      const arrival = arrivalsOf[queue];
      const number = arrival.get(message) ?? -1;
      const redelivered = (messages.flags[message] & MESSAGE_FLAG.redelivered) !== 0;
      const last = lastTaken.get(queue) ?? -1;
      const latest = latestOf(message, number);
      hold(redelivered || latest > last, 'I22: a later arrival was served first', queue, number, last);
      lastTaken.set(queue, Math.max(last, number));
      const head = kinds.queues.head(queue);
      const isNumbered = head >= 0 && arrival.has(head);
      const next = isNumbered ? latestOf(head, arrival.get(head)!) : Infinity;
      hold(number < next, 'I22: an earlier arrival still waits', queue, number, next);
    },
    beforeGiveBack(edge) {
      if (isQueue(plan.edgeFrom[edge])) deathsBefore = deathsIn(plan.edgeFrom[edge]);
    },
    gaveBack(edge, _lane, message) {
      const queue = plan.edgeFrom[edge];
      // What dies on its return, or lets another die, is not to be seen again here.
      if (!isQueue(queue) || deathsIn(queue) > deathsBefore) return;
      const flagged = (messages.flags[message] & MESSAGE_FLAG.redelivered) !== 0;
      hold(flagged, 'I21: what comes back is not marked', queue);
    },
    afterEvent() {
      const inHand = inHandOf({ sim, kinds, kindOf });
      for (let node = 0; node < plan.nodeCount; node++) {
        if (!isQueue(node)) continue;
        const unsettled = kinds.queues.unsettled(node);
        hold(
          unsettled === inHand[node],
          'I14: unsettled is not what is in hand',
          node,
          unsettled,
          inHand[node],
        );
      }
    },
  };
}

/** A copy has the numbers of what it was made of. */
function copyNumbers(maps: readonly Map<number, number>[], original: number, copy: number): void {
  for (const numbers of maps) {
    const number = numbers.get(original);
    if (number !== undefined) numbers.set(copy, number);
  }
}

/** Of each queue: messages that workers have in hand, or that wait with the members of a group. */
function inHandOf({ sim, kinds, kindOf }: Pick<Scene, 'sim' | 'kinds' | 'kindOf'>): Int32Array {
  const { plan } = sim;
  const isQueue = (node: number) => kindOf[node] === QUEUE;
  const { workers, prefetch, timeouts, connections } = kinds.consumers;
  const inHand = new Int32Array(plan.nodeCount);
  for (let edge = 0; edge < plan.edgeCount; edge++) {
    if (!isQueue(plan.edgeFrom[edge])) continue;
    inHand[plan.edgeFrom[edge]] += prefetch?.waitingOf(edge) ?? 0;
    inHand[plan.edgeFrom[edge]] += connections.unheardAlong(edge);
    const members = timeouts?.has(edge) ? workers.memberCount[plan.edgeTo[edge]] : 0;
    for (let local = 0; local < members; local++)
      inHand[plan.edgeFrom[edge]] -= timeouts!.lateOf(edge, local);
  }
  for (let edge = 0; edge < plan.edgeCount; edge++) {
    inHand[plan.edgeFrom[edge]] += kinds.links.acknowledgementsOn(edge);
  }
  for (let node = 0; node < plan.nodeCount; node++) {
    if (kindOf[node] !== GROUP) continue;
    const first = workers.firstWorker[node];
    for (let worker = first; worker < first + kinds.consumers.workerCount(node); worker++) {
      const edge = workers.of(worker, WORKER.edge);
      const fromChannel = workers.of(worker, WORKER.phase) !== PHASE.idle && edge >= 0;
      // What is late is the queue’s again, though a worker has it.
      const isUnsettled = [NOT_SETTLED, CUT, LATE].includes(workers.of(worker, WORKER.row));
      if (fromChannel && isUnsettled) inHand[plan.edgeFrom[edge]]++;
    }
  }
  return inHand;
}
