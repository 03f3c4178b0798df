import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Links } from '../../kinds/shared/links/links.ts';
import { TRACE_ROW } from '../../engine/trace.ts';
import type { Law } from './law.ts';

/**
 * Listens to everything that passes between the engine and the kinds of one run, by standing in front of the
 * engine's methods on this very object. The engine itself has no switch for it and pays nothing.
 */
export function tap(sim: Simulation, links: Links, laws: readonly Law[]): { readTrace(): void } {
  sim.trace.messages = true;
  const readTrace = traceFeed(sim, laws);
  tapEdges(sim, laws, readTrace);
  tapChannels(sim, laws, readTrace);
  tapGates(sim, links, laws, readTrace);
  tapMessages(sim, laws);
  tapQueue(sim, laws, readTrace);
  return { readTrace };
}

function traceFeed(sim: Simulation, laws: readonly Law[]): () => void {
  const listeners = laws.filter((law) => law.traced);
  const { rows } = sim.trace;
  let next = 0;
  const { add } = sim.trace;
  const read = () => {
    while (rows.next > next) {
      const { first, next: after, values } = rows.read(next);
      if (first !== next) throw new Error('the trace was read too late');
      next = after;
      for (let at = 0; at < values.length; at += TRACE_ROW.size) {
        const [time, code, node, a, b, c] = values.subarray(at, at + TRACE_ROW.size);
        for (const law of listeners) law.traced!({ at: time, code, node, a, b, c });
      }
    }
  };
  // One event may tell more than the trace keeps, as when a reader passes over thousands of records.
  sim.trace.add = (...row) => {
    if (rows.next - next === rows.capacity) read();
    add.apply(sim.trace, row);
  };
  return read;
}

function tapEdges(sim: Simulation, laws: readonly Law[], readTrace: () => void): void {
  const { send, resend, deposit, cancelWait, reply, noteCommand } = sim;
  const isGated = (edge: number) => sim.transfers.target[edge] !== sim.transfers.to[edge];
  sim.send = (edge, message, tag) => {
    readTrace();
    const later = isGated(edge);
    for (const law of laws) law.beforeSend?.(edge, message);
    if (!later) for (const law of laws) law.reaching?.(edge, message);
    const accepted = send.call(sim, edge, message, tag);
    readTrace();
    if (!later) for (const law of laws) law.reached?.(edge, message, accepted);
    for (const law of laws) law.sent?.(edge, message, tag, accepted, false);
    return accepted;
  };
  sim.resend = (edge, message, tag) => {
    readTrace();
    const later = isGated(edge);
    for (const law of laws) law.beforeSend?.(edge, message);
    if (!later) for (const law of laws) law.reaching?.(edge, message);
    const accepted = resend.call(sim, edge, message, tag);
    readTrace();
    if (!later) for (const law of laws) law.reached?.(edge, message, accepted);
    for (const law of laws) law.sent?.(edge, message, tag, accepted, true);
    return accepted;
  };
  sim.deposit = (edge, message, tag) => {
    readTrace();
    for (const law of laws) law.beforeSend?.(edge, message);
    for (const law of laws) law.reaching?.(edge, message);
    deposit.call(sim, edge, message, tag);
    readTrace();
    for (const law of laws) law.reached?.(edge, message, true);
    for (const law of laws) {
      if (law.deposited) law.deposited(edge);
      else law.sent?.(edge, message, tag, true, false);
    }
  };
  sim.cancelWait = (edge, tag) => {
    cancelWait.call(sim, edge, tag);
    for (const law of laws) law.waitCancelled?.(edge, tag);
  };
  sim.reply = (edge, tag, succeeded) => {
    if (!isGated(edge)) for (const law of laws) law.replied?.(edge, tag);
    reply.call(sim, edge, tag, succeeded);
  };
  sim.noteCommand = (code, value) => {
    noteCommand.call(sim, code, value);
    for (const law of laws) law.commanded?.(code, value);
  };
}

function tapChannels(sim: Simulation, laws: readonly Law[], readTrace: () => void): void {
  const { deliver, take, settle, giveBack } = sim;
  sim.take = (edge, lane) => {
    readTrace();
    for (const law of laws) law.beforeTake?.(edge, lane);
    const message = take.call(sim, edge, lane);
    readTrace();
    for (const law of laws) law.taken?.(edge, lane, message);
    return message;
  };
  sim.deliver = (edge, message) => {
    readTrace();
    for (const law of laws) law.beforeTake?.(edge, 0);
    const accepted = deliver.call(sim, edge, message);
    for (const law of laws) law.taken?.(edge, 0, accepted ? message : NO_MESSAGE);
    return accepted;
  };
  sim.settle = (edge, lane, count) => {
    settle.call(sim, edge, lane, count);
    for (const law of laws) law.settled?.(edge, lane, count);
  };
  sim.giveBack = (edge, lane, message) => {
    readTrace();
    for (const law of laws) law.beforeGiveBack?.(edge, lane, message);
    giveBack.call(sim, edge, lane, message);
    for (const law of laws) law.gaveBack?.(edge, lane, message);
  };
}

function tapGates(
  { transfers }: Simulation,
  links: Links,
  laws: readonly Law[],
  readTrace: () => void,
): void {
  const { arrived, answered } = links;
  const { closeGate } = transfers;
  links.arrived = (run, edge, message, tag) => {
    readTrace();
    for (const law of laws) law.reaching?.(edge, message);
    const accepted = arrived.call(links, run, edge, message, tag);
    readTrace();
    for (const law of laws) law.reached?.(edge, message, accepted);
    return accepted;
  };
  links.answered = (run, edge, tag, succeeded) => {
    for (const law of laws) law.replied?.(edge, tag);
    answered.call(links, run, edge, tag, succeeded);
  };
  transfers.closeGate = (edge) => {
    closeGate.call(transfers, edge);
    for (const law of laws) law.lineMoved?.(edge, transfers.to[edge], transfers.gateOf(edge));
  };
}

function tapMessages({ messages }: Simulation, laws: readonly Law[]): void {
  const { create, copy, free } = messages;
  messages.create = (now) => {
    const message = create.call(messages, now);
    for (const law of laws) law.created?.(message);
    return message;
  };
  messages.copy = (original) => {
    const made = copy.call(messages, original);
    for (const law of laws) law.copied?.(original, made);
    return made;
  };
  messages.free = (message) => {
    free.call(messages, message);
    for (const law of laws) law.freed?.(message);
  };
}

function tapQueue(sim: Simulation, laws: readonly Law[], readTrace: () => void): void {
  const { queue } = sim;
  const { schedule, cancel, pop } = queue;
  queue.schedule = (time, priority, code, arg) => {
    const handle = schedule.call(queue, time, priority, code, arg);
    for (const law of laws) law.scheduled?.(handle, time, priority, code, arg);
    return handle;
  };
  queue.cancel = (handle) => {
    cancel.call(queue, handle);
    for (const law of laws) law.cancelled?.(handle);
  };
  queue.pop = (until) => {
    const found = pop.call(queue, until);
    if (!found) return false;
    readTrace();
    for (const law of laws) {
      law.lasted?.(queue.time);
      law.popped?.();
    }
    return true;
  };
}
