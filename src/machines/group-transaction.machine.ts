import { setup } from 'xstate';

/**
 * The transactions of one member of a group that reads, processes and writes (its transactional.id). Ages and answers
 * are counted outside and come in as events.
 */
export const groupTransactionMachine = setup({
  types: {
    events: {} as
      /** A poll has returned records. */
      | { type: 'BEGUN' }
      /** It is old enough, and the member has nothing in hand: it asks for the commit. */
      | { type: 'ASK' }
      /** The coordinator does not hear that, or hears it from one that is no longer of the group. */
      | { type: 'NOT_HEARD' }
      | { type: 'COMMITTED' }
      /** Another process has taken its place or its partitions, or the transaction was open for too long. */
      | { type: 'ABORTED' }
      /** The process is gone. */
      | { type: 'DIED' },
  },
}).createMachine({
  id: 'group-transaction',
  description: 'The transactions of a member that commits what it reads with what it writes, one at a time.',
  initial: 'none',
  states: {
    none: {
      description: 'No transaction; the next poll that returns records begins one.',
      on: { BEGUN: 'open' },
    },
    open: {
      description: 'What it writes, and how far it has read, count once this is committed.',
      on: { ASK: 'committing', COMMITTED: 'none', ABORTED: 'none', DIED: 'left-open' },
    },
    committing: {
      description: 'It waits for the coordinator, and does not poll.',
      on: { COMMITTED: 'none', NOT_HEARD: 'open', ABORTED: 'none', DIED: 'left-open' },
    },
    'left-open': {
      description: 'Its process is gone: its next one ends it, or the coordinator after its timeout.',
      on: { ABORTED: 'none' },
    },
  },
});
