import { setup } from 'xstate';

/**
 * One member of a consumer group. On a topic it follows Kafka's classic eager protocol; on a queue there is nothing
 * to wait for, so the behaviour sends JOINED and ASSIGNED at once. An event that a state does not name changes
 * nothing.
 */
export const groupMemberMachine = setup({
  types: {
    events: {} as
      /** The process comes up for the first time, or again after it was stopped. */
      | { type: 'START' }
      /** It is stopped in good order and says so to the group. */
      | { type: 'STOP' }
      /** It dies without a word. */
      | { type: 'CRASH' }
      /** A crashed process comes up again. */
      | { type: 'RESTORE' }
      /** The join phase is over and it belongs to the new generation. */
      | { type: 'JOINED' }
      /** It got at least one partition (or may read from its queue). */
      | { type: 'ASSIGNED' }
      /** It got nothing: more members than partitions. */
      | { type: 'ASSIGNED_NONE' }
      /** The answer to a heartbeat says that the group rebalances. */
      | { type: 'REBALANCE_HEARD' }
      /** What it had in hand is done, or it had nothing in hand. */
      | { type: 'WORK_DONE' }
      /** The coordinator struck it off: silent for the session timeout, or too late for the rebalance. */
      | { type: 'EXPIRED' },
  },
}).createMachine({
  id: 'group-member',
  description: 'A member of a consumer group, from joining to reading, through rebalances and crashes.',
  initial: 'stopped',
  states: {
    stopped: {
      description: 'Not running, and the group knows it.',
      on: { START: 'joining' },
    },
    joining: {
      description: 'Has asked to join and waits until every other member has, too.',
      on: { JOINED: 'awaiting-assignment', CRASH: 'crashed', STOP: 'stopped' },
    },
    'awaiting-assignment': {
      description: 'Belongs to the new generation and waits to hear which partitions it reads.',
      on: {
        ASSIGNED: 'reading',
        ASSIGNED_NONE: 'standing-by',
        REBALANCE_HEARD: 'joining',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    reading: {
      description: 'Reads its partitions.',
      on: { REBALANCE_HEARD: 'finishing-work', EXPIRED: 'expelled', CRASH: 'crashed', STOP: 'stopped' },
    },
    'standing-by': {
      description: 'Healthy, but there is no partition left for it.',
      on: { REBALANCE_HEARD: 'joining', EXPIRED: 'joining', CRASH: 'crashed', STOP: 'stopped' },
    },
    'finishing-work': {
      description: 'Has heard of the rebalance; finishes what it has in hand before it joins again.',
      on: { WORK_DONE: 'joining', EXPIRED: 'expelled', CRASH: 'crashed', STOP: 'stopped' },
    },
    expelled: {
      description:
        'Struck off while still at work: it cannot commit this work, another member does it again.',
      on: { WORK_DONE: 'joining', CRASH: 'removed', STOP: 'stopped' },
    },
    crashed: {
      description: 'Dead, and the group has not noticed: nobody reads its partitions.',
      on: { EXPIRED: 'removed', RESTORE: 'joining' },
    },
    removed: {
      description: 'Dead, and struck off by the group: others read its partitions.',
      on: { RESTORE: 'joining' },
    },
  },
});
