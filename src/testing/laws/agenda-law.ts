import { hold, type Law, type Scene } from './law.ts';

interface Entry {
  time: number;
  priority: number;
  number: number;
  code: number;
  arg: number;
}

/**
 * The event queue beside a list that is searched from end to end: every event comes at its time, in order of (time,
 * priority, insertion), and none that was taken back comes at all. Tapped after the run has begun, it learns of the
 * first events when they come up.
 */
export function agendaLaw({ sim }: Scene): Law {
  const { queue } = sim;
  const pending = new Map<number, Entry>();
  let scheduled = 0;
  let unknown = queue.size;
  let atThisInstant = 0;
  return {
    scheduled(handle, time, priority, code, arg) {
      hold(Number.isSafeInteger(time) && time >= sim.now, 'I26: an event before its cause', sim.now, time);
      hold(!pending.has(handle), 'I30: two events with one handle', handle);
      pending.set(handle, { time, priority, number: scheduled++, code, arg });
    },
    cancelled(handle) {
      if (!pending.delete(handle)) unknown--;
    },
    popped() {
      atThisInstant = queue.time === sim.now ? atThisInstant + 1 : 0;
      const most = sim.plan.limits.eventsAtOneInstant;
      hold(atThisInstant <= most + 1, 'I31: time stands still', queue.time, atThisInstant, most);
      let first: [number, Entry] | undefined;
      for (const entry of pending) {
        if (!first || isBefore(entry[1], first[1])) first = entry;
      }
      const due = first?.[1];
      const isIt = due?.time === queue.time && due.code === queue.code && due.arg === queue.arg;
      if (!isIt && unknown > 0) {
        unknown--;
        hold(!due || queue.time <= due.time, 'I25: an event comes before an earlier one', queue.time, due);
        return;
      }
      hold(isIt, 'I30: another event comes than the next one', due, queue.time, queue.code, queue.arg);
      pending.delete(first![0]);
    },
    afterEvent() {
      hold(queue.size === pending.size + unknown, 'I30: events pending', queue.size, pending.size, unknown);
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.number < b.number;
}
