import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { groupDigits } from '../../design/wording.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { expires } from '../expected-loads.ts';
import { MessageFlow } from '../message-flow.ts';

/** A run of more events than this takes minutes on any machine. */
const MANY_EVENTS = 2e9;
/** Fan-out is worth a word when it makes this many copies of a message, and this many messages a second of all. */
const MANY_COPIES = 1000;
const MANY_PER_SECOND = 1e6;
/** From this many tries a message on, retries are named as the reason of an overload. */
const MANY_TRIES = 1.5;

/**
 * What arithmetic alone says about load: nodes that are offered more than they can do, fan-out that multiplies
 * beyond any bound, and designs that are too much to simulate in reasonable time. Rates flow from the producers along
 * the edges as far as they are certain; where they are not (loops, several groups that share a queue, failures of
 * what is called) nothing is said.
 */
export function loadProblems(design: Design): Problem[] {
  const flow = new MessageFlow(design);
  const fanOut = new FanOut(flow);
  const overloads: Problem[] = [];
  let eventsPerSecond = 0;
  for (const node of flow.inOrder()) {
    fanOut.add(node);
    const arrives = flow.arrivalRate(node.id);
    const can = flow.capacity(node);
    eventsPerSecond += (flow.sendRate(node.id) ?? 0) + (can === null ? 0 : Math.min(arrives ?? 0, can));
    if (arrives !== null && can !== null && can < arrives) overloads.push(overload(flow, node, arrives, can));
  }
  // The cause before what follows from it.
  const problems = [...fanOut.problems(), ...overloads];
  const events = eventsPerSecond * (design.scenario.horizonMs / 1000);
  if (events > MANY_EVENTS) {
    const message = `About ${groupDigits(Math.round(events / 1e9))} billion events or more: this run takes long. A shorter run or lower rates show the same.`;
    problems.push({ severity: 'info', code: 'many-events', message });
  }
  return problems;
}

function overload(flow: MessageFlow, node: DesignNode, arrives: number, can: number): Problem {
  const tries = flow.tries(node);
  const why = tries < MANY_TRIES ? '' : `, as a message takes ${round(tries)} tries on average`;
  const end = becomesOfRest(flow, node);
  const begin = end === null ? 'No bound' : 'Too much';
  const message = `${begin}: ${showRate(arrives)} arrive at ${node.name}, it can do ${showRate(can)}${end ?? ''}${why}.`;
  return { severity: 'warning', code: 'overload', message, node: node.id };
}

/** What becomes of messages that a node has no time for, as the end of a sentence; null if they pile up for ever. */
function becomesOfRest(flow: MessageFlow, node: DesignNode): string | null {
  // What answers every call refuses what it cannot do.
  if (node.kind === 'service') return ' and refuses the rest';
  const ends = new Set(flow.edgesInto(node.id).map(({ from }) => boundOf(flow.node(from))));
  if (ends.size === 0 || ends.has(null)) return null;
  return ends.size === 1 ? [...ends][0] : ', and the rest is lost or held back';
}

/** How a node that messages wait in keeps their number within bounds; null if it does not. */
function boundOf(node: DesignNode): string | null {
  if (expires(node)) return ', and the rest expires';
  const { capacity, capacityBytes, overflow } = resolveFields(node);
  if (!(Number(capacity) > 0 || Number(capacityBytes) > 0)) return null;
  return overflow === 'block' ? `, and who sends to ${node.name} is held back` : ', and the rest overflows';
}

/** Finds where copies of copies become more than anything can carry. */
class FanOut {
  private readonly flow: MessageFlow;
  /** Messages that come to each node for one of a producer, if nothing is in their way. */
  private readonly copies = new Map<string, number>();
  private worst: { node: DesignNode; rate: number; copies: number } | null = null;

  constructor(flow: MessageFlow) {
    this.flow = flow;
  }

  /** Takes the next node in order. */
  add(node: DesignNode): void {
    const { flow } = this;
    const into = flow.edgesInto(node.id);
    const sum = into.reduce(
      (all, edge) => all + (this.copies.get(edge.from) ?? 0) * flow.perMessage(edge),
      0,
    );
    const copies = into.length === 0 ? 1 : sum;
    this.copies.set(node.id, copies);
    const rate = flow.arrivalRate(node.id) ?? 0;
    if (copies < MANY_COPIES || rate < MANY_PER_SECOND || rate <= (this.worst?.rate ?? 0)) return;
    this.worst = { node, rate, copies };
  }

  problems(): Problem[] {
    if (!this.worst) return [];
    const { node, rate, copies } = this.worst;
    const message =
      `${node.name} gets ${showRate(rate)}: on its way there each message becomes ${groupDigits(Math.round(copies))}, ` +
      'as every reader of a topic gets a copy and sends on its own. Fewer readers on the way keep this in bounds.';
    return [{ severity: 'warning', code: 'fan-out', message, node: node.id }];
  }
}

/** `200/s`, in as many digits as one reads. */
export function showRate(perSecond: number): string {
  return `${round(perSecond)}/s`;
}

function round(amount: number): string {
  return groupDigits(amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(2)));
}
