import { setup } from 'xstate';

/**
 * The tries of one message, or of one step of a saga. Attempts, policies and waits are counted outside and come in as
 * events.
 */
export const retryMachine = setup({
  types: {
    events: {} as
      /** The try succeeded. */
      | { type: 'SUCCEEDED' }
      /** It failed; whoever works on it keeps it and tries again after a wait. */
      | { type: 'FAILED_WAITS_HERE' }
      /** It failed; it is tried again after a wait, and others go first meanwhile. */
      | { type: 'FAILED_STEPS_ASIDE' }
      /** It failed; it goes to the retry topic of its next try. */
      | { type: 'FAILED_TO_RETRY_TOPIC' }
      /** It failed; its broker gets it back and delivers it again. */
      | { type: 'FAILED_HANDED_BACK' }
      /** It failed, and no try is left. */
      | { type: 'NO_TRY_LEFT' }
      /** It failed in a way that no other try can mend. */
      | { type: 'FATAL' }
      /** It cannot be read. */
      | { type: 'UNREADABLE' }
      /** It failed, and its reader rejects it at the first failure. */
      | { type: 'REJECTED' }
      /** The wait is over, or the broker delivers it again. */
      | { type: 'NEXT_TRY' },
  },
}).createMachine({
  id: 'retry',
  description: 'The tries of one message, from the first to its end.',
  initial: 'attempting',
  states: {
    attempting: {
      description: 'Somebody works on it.',
      on: {
        SUCCEEDED: 'done',
        FAILED_WAITS_HERE: 'backing-off',
        FAILED_STEPS_ASIDE: 'set-aside',
        FAILED_TO_RETRY_TOPIC: 'in-retry-topic',
        FAILED_HANDED_BACK: 'handed-back',
        NO_TRY_LEFT: 'dead',
        FATAL: 'dead',
        UNREADABLE: 'dead',
        REJECTED: 'dead',
      },
    },
    'backing-off': {
      description: 'Waits for its next try and keeps its worker.',
      on: { NEXT_TRY: 'attempting' },
    },
    'set-aside': {
      description: 'Waits for its next try without a worker.',
      on: { NEXT_TRY: 'attempting' },
    },
    'in-retry-topic': {
      description: 'Waits in the retry topic of its next try.',
      on: { NEXT_TRY: 'attempting' },
    },
    'handed-back': {
      description: 'Is with its broker again, which delivers it once more.',
      on: { NEXT_TRY: 'attempting' },
    },
    done: { description: 'A try succeeded.' },
    dead: { description: 'Given up: to the dead letters, or dropped where there are none.' },
  },
});
