import { setup } from 'xstate';

/**
 * A replicated partition of a Kafka topic. Who leads it and which replicas are in sync is counted outside and comes in
 * as events.
 */
export const partitionMachine = setup({
  types: {
    events: {} as
      /** The broker that leads the partition is gone, and the controller has not noticed it. */
      | { type: 'LEADER_LOST' }
      /** The controller finds no replica that may lead. */
      | { type: 'NO_CANDIDATE' }
      /** It has a leader, and every replica is in sync. */
      | { type: 'ALL_IN_SYNC' }
      /** It has a leader; a replica is not in sync, but enough are. */
      | { type: 'REPLICA_MISSING' }
      /** It has a leader; fewer replicas are in sync than `min.insync.replicas` asks for. */
      | { type: 'TOO_FEW_IN_SYNC' },
  },
}).createMachine({
  id: 'partition',
  description:
    'A replicated partition: who may write and read depends on its leader and on the replicas in sync.',
  initial: 'online',
  states: {
    online: {
      description: 'Every replica is in sync.',
      on: {
        REPLICA_MISSING: 'under-replicated',
        TOO_FEW_IN_SYNC: 'under-min-isr',
        LEADER_LOST: 'leaderless',
      },
    },
    'under-replicated': {
      description: 'A replica is missing or behind; writing and reading go on.',
      on: { ALL_IN_SYNC: 'online', TOO_FEW_IN_SYNC: 'under-min-isr', LEADER_LOST: 'leaderless' },
    },
    'under-min-isr': {
      description: 'Too few replicas are in sync: writes with acks=all are refused, reading goes on.',
      on: { ALL_IN_SYNC: 'online', REPLICA_MISSING: 'under-replicated', LEADER_LOST: 'leaderless' },
    },
    leaderless: {
      description: 'Its leader does not answer and no other is elected yet: nobody writes or reads.',
      on: {
        ALL_IN_SYNC: 'online',
        REPLICA_MISSING: 'under-replicated',
        TOO_FEW_IN_SYNC: 'under-min-isr',
        NO_CANDIDATE: 'offline',
      },
    },
    offline: {
      description: 'No replica in sync is there to lead it: nobody writes or reads.',
      on: {
        ALL_IN_SYNC: 'online',
        REPLICA_MISSING: 'under-replicated',
        TOO_FEW_IN_SYNC: 'under-min-isr',
        LEADER_LOST: 'leaderless',
      },
    },
  },
});
