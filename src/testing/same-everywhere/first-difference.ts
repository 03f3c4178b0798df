import type { EventReport, SameCase } from './case-run.ts';
import { checkpointsOf, type Answers, type CaseAnswer, type CaseError, type Request } from './driver.ts';

/** Puts a request to the driver in one engine. */
export type Ask = <Kind extends Request['ask']>(
  request: Extract<Request, { ask: Kind }>,
) => Promise<Answers[Kind]>;

/** Counts asked for at once while the place is narrowed down: 2,000 events take three rounds. */
const FANOUT = 16;

/**
 * Where two engines part, as a sentence: the first event after which their hashes differ, or what differs although
 * all events are the same. Null if the answers agree.
 */
export async function firstDifference(
  of: SameCase,
  [left, right]: readonly [Ask, Ask],
  [a, b]: readonly [CaseAnswer | CaseError, CaseAnswer | CaseError],
): Promise<string | null> {
  if ('error' in a || 'error' in b) {
    const said = (answer: CaseAnswer | CaseError) => ('error' in answer ? answer.error : 'ran to its end');
    return `${said(a)} | ${said(b)}`;
  }
  const at = a.checkpoints.findIndex((hash, i) => hash !== b.checkpoints[i]);
  if (at >= 0) {
    const counts = checkpointsOf(of);
    const number = await narrow(of, [left, right], at === 0 ? 0 : counts[at - 1], counts[at]);
    const events = await Promise.all([left, right].map((ask) => ask({ ask: 'event', of, number })));
    return eventsSentence(number, events[0], events[1]);
  }
  const isSame = a.events === b.events && a.figures === b.figures && a.arithmetic === b.arithmetic;
  return isSame ? null : await figuresSentence(of, left, right);
}

/**
 * The smallest count of events after which the hashes differ, given one where they agree and one where they do not.
 * A difference in a rolling hash never heals, so that everything from the first one on differs.
 */
async function narrow(of: SameCase, asks: readonly [Ask, Ask], same: number, differs: number) {
  while (differs - same > 1) {
    const width = differs - same;
    const parts = Math.min(FANOUT, width);
    const after = Array.from({ length: parts }, (_, i) => same + Math.floor((width * (i + 1)) / parts));
    const [a, b] = await Promise.all(asks.map((ask) => ask({ ask: 'hashes', of, after })));
    const at = a.findIndex((hash, i) => hash !== b[i]);
    if (at < 0) throw new Error(`The runs differed after ${differs} events, but not when run again.`);
    differs = after[at];
    if (at > 0) same = after[at - 1];
  }
  return differs;
}

function eventsSentence(number: number, a: EventReport | null, b: EventReport | null): string {
  const tell = (event: EventReport | null) =>
    event === null
      ? 'no such event'
      : `${event.timeMicros} µs, ${event.node}, ${event.type}, argument ${event.arg}, hash ${event.hash}`;
  const isBefore = a !== null && b !== null && a.hashBefore !== b.hashBefore;
  const where = isBefore
    ? `What is done from outside before event ${number} differs`
    : `Event ${number} is the first to differ`;
  return `${where}: ${tell(a)} | ${tell(b)}`;
}

async function figuresSentence(of: SameCase, left: Ask, right: Ask): Promise<string> {
  const [a, b] = await Promise.all([left, right].map((ask) => ask({ ask: 'figures', of })));
  const longer = a.length > b.length ? a : b;
  const at = longer.findIndex((_, i) => a[i] !== b[i]);
  return `All events are the same, but a figure is not: ${a[at] ?? 'nothing'} | ${b[at] ?? 'nothing'}`;
}
