import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { DEATH } from '../../kinds/shared/deaths.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const QUEUE = kindIndex('queue');

/**
 * Messages that expire in queues: none is delivered when its time is over, none stays at the head then, and none goes
 * before. With a clock of its own for when each came.
 */
export function queueExpiryLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { messages, plan } = sim;
  const dueAt = new Map<number, number>();
  const before = new Map<number, number>();
  /** By queue and number of birth, the earliest time at which a message of it may expire. */
  const earliest = new Map<string, number>();
  const comings = new Map<string, number>();
  /** What is at the head of each queue to which nothing came and that gave nothing away since, and until when it may be. */
  const heads = new Map<number, { serial: number; due: number }>();
  const queues = Array.from(kindOf.keys()).filter((node) => kindOf[node] === QUEUE);
  const micros = (queue: number) => Math.round(Number(fields[queue].ttl) * 1000) || Infinity;
  const expires = ({ code, b }: TracedStep) =>
    code === TRACE.expired || (code === TRACE.deadLettered && b === DEATH.expired);
  return {
    reaching(edge, message) {
      const queue = plan.edgeTo[edge];
      if (kindOf[queue] !== QUEUE) return;
      before.set(message, dueAt.get(message) ?? Infinity);
      const due = sim.now + Math.min(micros(queue), messages.ttl[message] ?? Infinity);
      dueAt.set(message, due);
      const name = `${queue}/${messages.serial[message]}`;
      comings.set(name, (comings.get(name) ?? 0) + 1);
      if (due < Infinity) earliest.set(name, Math.min(due, earliest.get(name) ?? Infinity));
    },
    reached(edge, message, accepted) {
      if (kindOf[plan.edgeTo[edge]] === QUEUE && !accepted) dueAt.set(message, before.get(message)!);
      else heads.delete(plan.edgeTo[edge]);
    },
    // What a queue takes back while its consumer still has it keeps its time.
    copied(original, copy) {
      dueAt.set(copy, dueAt.get(original) ?? Infinity);
    },
    gaveBack(edge) {
      heads.delete(plan.edgeFrom[edge]);
    },
    taken(edge, _lane, message) {
      const queue = plan.edgeFrom[edge];
      if (kindOf[queue] !== QUEUE || message < 0) return;
      heads.delete(queue);
      const due = dueAt.get(message) ?? Infinity;
      hold(sim.now < due, 'I32: delivered when its time was over', queue, due);
    },
    traced(step) {
      if (kindOf[step.node] !== QUEUE || !expires(step)) return;
      const due = earliest.get(`${step.node}/${step.a}`) ?? Infinity;
      hold(due <= step.at, 'I32: expired before its time', step.node, step.at, due);
      const head = heads.get(step.node);
      // Where the same message came twice, the trace does not tell which of the two this is.
      if (head?.serial !== step.a || (comings.get(`${step.node}/${step.a}`) ?? 0) > 1) return;
      hold(head.due === step.at, 'I32: at the head longer than its time', step.node, step.at, head.due);
    },
    afterEvent() {
      for (const queue of queues) {
        const head = kinds.queues.head(queue);
        const due = head < 0 ? Infinity : (dueAt.get(head) ?? Infinity);
        // At its very time the timer may still have to ring, after other events of the instant.
        hold(due >= sim.now, 'I32: stays at the head when its time is over', queue, due, sim.now);
        heads.set(queue, { serial: head < 0 ? -1 : messages.serial[head], due });
      }
    },
  };
}
