import { setup } from 'xstate';

/**
 * The sending side of a Kafka client. Memory and tries of batches are counted outside and come in as events: a batch
 * is in trouble from its first try without an answer until it is answered or given up.
 */
export const kafkaClientMachine = setup({
  types: {
    events: {} as
      /** A batch was not answered: it waits and is sent again. */
      | { type: 'BATCH_NOT_ANSWERED' }
      /** No batch is in trouble any more. */
      | { type: 'ALL_ANSWERED_AGAIN' }
      /** send() finds too little of `buffer.memory`. */
      | { type: 'NO_MEMORY' }
      /** send() has its memory, or waited for `max.block.ms`; no batch is in trouble. */
      | { type: 'SEND_GOES_ON' }
      /** The same while a batch is in trouble. */
      | { type: 'SEND_GOES_ON_RETRYING' },
  },
}).createMachine({
  id: 'kafka-client',
  description:
    'The sending side of a Kafka client: what it does with batches, and what keeps send() waiting.',
  initial: 'sending',
  on: { NO_MEMORY: '.blocked' },
  states: {
    sending: {
      description: 'Collects messages in batches and sends them.',
      on: { BATCH_NOT_ANSWERED: 'retrying' },
    },
    retrying: {
      description: 'A batch was not answered: it backs off and is sent again; send() goes on.',
      on: { ALL_ANSWERED_AGAIN: 'sending' },
    },
    blocked: {
      description: 'send() waits, as buffer.memory is full of batches without an answer.',
      on: { SEND_GOES_ON: 'sending', SEND_GOES_ON_RETRYING: 'retrying' },
    },
  },
});
