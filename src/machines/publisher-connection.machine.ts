import { setup } from 'xstate';

/**
 * The connection of a publisher as RabbitMQ shows it: running, in flow while a queue cannot keep up and owes it credit,
 * blocked while the broker has an alarm. Credits and bytes are counted outside and come in as events.
 */
export const publisherConnectionMachine = setup({
  types: {
    events: {} as
      /** It has sent as many messages as it had credit for. */
      | { type: 'CREDIT_USED_UP' }
      /** A queue has handled some of them and grants more. */
      | { type: 'CREDIT_GRANTED' }
      /** The broker's memory is over its high watermark, or its disk is full. */
      | { type: 'ALARM_RAISED' }
      /** Neither is so any more; the publisher may send, with whatever credit it has. */
      | { type: 'ALARM_CLEARED' },
  },
}).createMachine({
  id: 'publisher-connection',
  description: 'The connection of a publisher to a RabbitMQ broker, and what keeps it from publishing.',
  initial: 'running',
  on: { ALARM_RAISED: '.blocked' },
  states: {
    running: {
      description: 'Publishes: the broker does not hold it back.',
      on: { CREDIT_USED_UP: 'flow' },
    },
    flow: {
      description: 'Waits for credit, as a queue takes in less than it sends.',
      on: { CREDIT_GRANTED: 'running' },
    },
    blocked: {
      description: 'Is blocked by the broker, whose alarm for memory or disk stops all publishing.',
      on: { ALARM_CLEARED: 'running' },
    },
  },
});
