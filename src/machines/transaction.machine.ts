import { setup } from 'xstate';

/**
 * The transactions of one Kafka producer, as its TransactionManager goes through them. Sizes, times and answers are
 * counted outside and come in as events.
 */
export const transactionMachine = setup({
  types: {
    events: {} as
      /** The first message of a transaction. */
      | { type: 'BEGUN' }
      /** The last message of the transaction is with the client, or its time is up. */
      | { type: 'ALL_SENT' }
      /** Every message is answered, and the application commits. */
      | { type: 'COMMIT' }
      /** Every message is answered or given up; the application aborts, or has to. */
      | { type: 'ABORT' }
      /** The producer forgets the transaction, as one that died and came up anew. */
      | { type: 'LEAVE' }
      /** The coordinator says that it is done. */
      | { type: 'ENDED' },
  },
}).createMachine({
  id: 'transaction',
  description: 'The transactions of a Kafka producer, one at a time.',
  initial: 'ready',
  states: {
    ready: { description: 'No transaction; the next message begins one.', on: { BEGUN: 'in-transaction' } },
    'in-transaction': {
      description: 'Every message belongs to the open transaction.',
      on: { ALL_SENT: 'flushing' },
    },
    flushing: {
      description: 'Waits for the answers to all messages of the transaction; send() waits.',
      on: { COMMIT: 'committing', ABORT: 'aborting', LEAVE: 'leaving' },
    },
    committing: {
      description: 'The coordinator writes the commit into every partition; send() waits.',
      on: { ENDED: 'ready' },
    },
    aborting: {
      description: 'The coordinator writes the abort into every partition; send() waits.',
      on: { ENDED: 'ready' },
    },
    leaving: {
      description: 'Leaves the transaction open: the coordinator aborts it after its timeout.',
      on: { ENDED: 'ready' },
    },
  },
});
