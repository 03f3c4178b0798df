import { compileMachine, nextState } from '../../machines/compile-machine.ts';
import { retryMachine } from '../../machines/retry.machine.ts';
import { LETTER_REASON } from '../shared/letter-reasons.ts';

const table = compileMachine(retryMachine);
/** States of a message on its way through its tries, and what a failure may be, by name. */
export const RETRY_STATE = table.state;
export const RETRY_EVENT = table.event;

/**
 * Where a message goes whose try failed. No byte is kept for it: where a message is says which state it is in, and a
 * failure is always one of a try.
 */
export function afterFailure(event: number): number {
  return nextState(table, RETRY_STATE.attempting, event);
}

/** Why a message is given up, for those who read it among the dead letters. */
export function reasonOf(event: number): number {
  switch (event) {
    case RETRY_EVENT.UNREADABLE:
      return LETTER_REASON.unreadable;
    case RETRY_EVENT.REJECTED:
      return LETTER_REASON.rejected;
    case RETRY_EVENT.FATAL:
      return LETTER_REASON.fatal;
    default:
      return LETTER_REASON.exhausted;
  }
}
