import { DEATHS_SHIFT, MESSAGE_FLAG, type Messages } from '../../engine/messages.ts';

/** Why a message leaves a queue other than by an acknowledgement, as RabbitMQ names it in `x-death`. */
export const DEATH = { rejected: 0, expired: 1, maxlen: 2, delivery_limit: 3 } as const;
export type DeathReason = keyof typeof DEATH;
export const DEATH_REASONS = Object.keys(DEATH) as readonly DeathReason[];

const REASON_BITS = 2;
const REASON_MASK = 3;
/** A place and a reason, plus one so that 0 is none; then how often. */
const TAG = 0;
const COUNT = 1;
const PAIR = 2;
/** How many pairs of a queue and a reason a message keeps. */
export const DEATHS_KEPT = (1 << DEATHS_SHIFT) / PAIR;

/**
 * Notes that a message died in a queue, the latest first, and returns how often it did so for this reason. What
 * `x-death` holds, as long as it is no more than eight pairs of a queue and a reason; then the oldest is forgotten.
 */
export function recordDeath(messages: Messages, message: number, queue: number, reason: number): number {
  const { deaths } = messages;
  const first = message << DEATHS_SHIFT;
  const last = first + (1 << DEATHS_SHIFT) - PAIR;
  const tag = ((queue << REASON_BITS) | reason) + 1;
  let at = first;
  while (at < last && deaths[at + TAG] !== 0 && deaths[at + TAG] !== tag) at += PAIR;
  const count = deaths[at + TAG] === tag ? deaths[at + COUNT] + 1 : 1;
  deaths.copyWithin(first + PAIR, first, at);
  deaths[first + TAG] = tag;
  deaths[first + COUNT] = count;
  return count;
}

/** One entry of `x-death`: a queue, why a message died there, and how often it did for this reason. */
export interface Death {
  queue: number;
  reason: DeathReason;
  times: number;
}

/** In which queues a message died, the latest first; empty where nothing in the design looks at it. */
export function deathsOf({ deaths }: Messages, message: number): Death[] {
  const found: Death[] = [];
  const first = message << DEATHS_SHIFT;
  for (let at = first; at < first + (1 << DEATHS_SHIFT) && deaths[at + TAG] > 0; at += PAIR) {
    const tag = deaths[at + TAG] - 1;
    const reason = DEATH_REASONS[tag & REASON_MASK];
    found.push({ queue: tag >> REASON_BITS, reason, times: deaths[at + COUNT] });
  }
  return found;
}

/** A message is new: it has died nowhere. */
export function forgetDeaths({ deaths }: Messages, message: number): void {
  const first = message << DEATHS_SHIFT;
  if (deaths[first + TAG] !== 0) deaths.fill(0, first, first + (1 << DEATHS_SHIFT));
}

/**
 * A message comes to a queue; true if it does so as a dead letter that ends a circle here. What is no dead letter is
 * new to the queues: who publishes it anew, by hand or as a consumer, makes it a message that has died nowhere.
 */
export function comesFullCircle(messages: Messages, message: number, queue: number): boolean {
  if ((messages.flags[message] & MESSAGE_FLAG.dying) === 0) {
    forgetDeaths(messages, message);
    return false;
  }
  messages.flags[message] &= ~MESSAGE_FLAG.dying;
  return hasDiedIn(messages, message, queue);
}

/**
 * Whether a dead letter has died in a queue before and since then only of itself: the broker does not put it there, as
 * it would go round for ever. A rejection on the way breaks the circle, as somebody meant it.
 */
export function hasDiedIn({ deaths }: Messages, message: number, queue: number): boolean {
  const first = message << DEATHS_SHIFT;
  const end = first + (1 << DEATHS_SHIFT);
  for (let at = first; at < end && deaths[at + TAG] > 0; at += PAIR) {
    const found = deaths[at + TAG] - 1;
    if ((found & REASON_MASK) === DEATH.rejected) return false;
    if (found >> REASON_BITS === queue) return true;
  }
  return false;
}
