import { setup } from 'xstate';

/**
 * The alarms of a RabbitMQ broker. One alarm is enough to block every connection that publishes. Bytes are counted
 * outside and come in as events.
 */
export const brokerAlarmMachine = setup({
  types: {
    events: {} as
      /** More bytes wait in memory than its high watermark allows. */
      | { type: 'MEMORY_OVER' }
      /** They are below it again. */
      | { type: 'MEMORY_BELOW' }
      /** Less of the disk is free than must be (disk_free_limit). */
      | { type: 'DISK_LOW' }
      /** Enough is free again. */
      | { type: 'DISK_ENOUGH' },
  },
}).createMachine({
  id: 'broker-alarm',
  description: 'The alarms of a RabbitMQ broker, which block all who publish.',
  initial: 'clear',
  states: {
    clear: {
      description: 'Takes what is published.',
      on: { MEMORY_OVER: 'memory', DISK_LOW: 'disk' },
    },
    memory: {
      description: 'The memory alarm blocks all publishing.',
      on: { MEMORY_BELOW: 'clear', DISK_LOW: 'both' },
    },
    disk: {
      description: 'The disk alarm blocks all publishing.',
      on: { DISK_ENOUGH: 'clear', MEMORY_OVER: 'both' },
    },
    both: {
      description: 'Both alarms block all publishing, until neither is left.',
      on: { MEMORY_BELOW: 'disk', DISK_ENOUGH: 'memory' },
    },
  },
});
