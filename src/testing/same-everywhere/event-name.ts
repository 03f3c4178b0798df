import { GUARD_TIMER } from '../../kinds/shared/call-guard/guard-timer.ts';
import { MEMBER_TIMER } from '../../kinds/consumer-group/roster.ts';
import { WORK_TIMER } from '../../kinds/consumer-group/work.ts';

/** As the engine packs node and type into the code of an event. */
const TYPE_MASK = 31;
const WAKE = 31;

const OF_THE_RUN: Readonly<Record<string, number>> = { 'warm-up over': 0, 'scheduled fault': 1 };
const BY_KIND: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  producer: { arrival: 0, ...GUARD_TIMER },
  topic: { retention: 0 },
  database: { answer: 0 },
  'consumer-group': { ...WORK_TIMER, ...MEMBER_TIMER, ...GUARD_TIMER },
};

/** What an event is called, "consumer-group served"; its number where it has no name. No kind: the run itself. */
export function eventName(kind: string | undefined, code: number): string {
  const type = code & TYPE_MASK;
  if (type === WAKE) return `${kind} wake`;
  const names = kind === undefined ? OF_THE_RUN : BY_KIND[kind];
  const name = Object.keys(names ?? {}).find((key) => names[key] === type) ?? `type ${type}`;
  return kind === undefined ? name : `${kind} ${name}`;
}
