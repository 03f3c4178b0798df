import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { GIVEN_BACK } from '../../kinds/shared/given-back.ts';
import { hold, type Law, type Scene } from './law.ts';

const QUEUE = kindIndex('queue');
const MOST_COUNTED = 0xffff;

/** Whether a queue holds a message for a while that was given back to it in this way (the lane), unless it dies. */
export function isDelayed(fields: Scene['fields'][number], lane: number): boolean {
  if (fields.queueType !== 'quorum') return false;
  const type = lane === GIVEN_BACK.released ? 'returned' : 'failed';
  return fields.delayedRetryType === 'all' || fields.delayedRetryType === type;
}

/**
 * Delayed retries of quorum queues: what came back is not at the head and not delivered before its time, which counts
 * the failures of the message, it is ready at that very time, and as many wait as have not had theirs. With counts and
 * clocks of its own.
 */
export function delayedRetryLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { messages, plan } = sim;
  /** Of each message: how often a consumer failed at it since it came into its queue, and when its retry is due. */
  const failures = new Map<number, number>();
  const before = new Map<number, number>();
  const waiting = new Map<number, { queue: number; due: number }>();
  const queues = Array.from(kindOf.keys()).filter(
    (node) => kindOf[node] === QUEUE && fields[node].delayedRetryType !== 'disabled',
  );
  const isOf = (queue: number) => queues.includes(queue);
  const micros = (queue: number, field: string) => Math.round(Number(fields[queue][field]) * 1000);
  return {
    // Counts begin anew with an arrival, within which a worker may fail already; a refused offer was none.
    reaching(edge, message) {
      if (kindOf[plan.edgeTo[edge]] !== QUEUE) return;
      before.set(message, failures.get(message) ?? 0);
      failures.delete(message);
    },
    reached(edge, message, accepted) {
      if (kindOf[plan.edgeTo[edge]] === QUEUE && !accepted) failures.set(message, before.get(message)!);
    },
    copied(original, copy) {
      if (failures.has(original)) failures.set(copy, failures.get(original)!);
    },
    freed(message) {
      failures.delete(message);
      waiting.delete(message);
    },
    beforeGiveBack(edge, lane, message) {
      const queue = plan.edgeFrom[edge];
      if (!isOf(queue) || message < 0 || (messages.flags[message] & MESSAGE_FLAG.rejected) !== 0) return;
      const known = failures.get(message) ?? 0;
      const count = Math.min(known + (lane === GIVEN_BACK.released ? 0 : 1), MOST_COUNTED);
      failures.set(message, count);
      const limit = Number(fields[queue].deliveryLimit) || Infinity;
      if (count > limit || !isDelayed(fields[queue], lane)) return;
      const delay = Math.min(
        micros(queue, 'delayedRetryMin') * Math.max(1, count),
        micros(queue, 'delayedRetryMax'),
      );
      waiting.set(message, { queue, due: sim.now + delay });
    },
    taken(edge, _lane, message) {
      if (message < 0 || !isOf(plan.edgeFrom[edge])) return;
      const due = waiting.get(message)?.due ?? 0;
      hold(due <= sim.now, 'I15: retried before its time', plan.edgeFrom[edge], due, sim.now);
      waiting.delete(message);
    },
    afterEvent() {
      for (const queue of queues) {
        const head = kinds.queues.head(queue);
        const due = (head < 0 ? undefined : waiting.get(head)?.due) ?? 0;
        hold(due <= sim.now, 'I15: ready before its time', queue, due, sim.now);
        // What is due at this instant may have had its turn or not, and what is ready is not waiting any more.
        const mine = [...waiting.values()].filter((each) => each.queue === queue);
        const later = mine.filter((each) => each.due > sim.now).length;
        const now = mine.filter((each) => each.due === sim.now).length;
        const delayed = kinds.queues.delayedIn(queue);
        const isRight = delayed >= later && delayed <= later + now;
        hold(isRight, 'I15: messages that wait for their retry', queue, delayed, later, now);
      }
    },
  };
}
