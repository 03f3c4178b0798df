import { setup } from 'xstate';

/**
 * One member of a consumer group, in any of Kafka's protocols; on a queue there is nothing to wait for, so the
 * behaviour sends JOINED and ASSIGNED at once. An event that a state does not name changes nothing.
 */
export const groupMemberMachine = setup({
  types: {
    events: {} as
      /** The process comes up for the first time, or again after it was stopped. */
      | { type: 'START' }
      /** It is stopped in good order and says so to the group. */
      | { type: 'STOP' }
      /** It is asked to stop once it has finished what it has in hand. */
      | { type: 'DRAIN' }
      /** Its thread hangs, while another one goes on with the heartbeats. */
      | { type: 'HANG' }
      /** The network lets nothing pass between it and the broker. */
      | { type: 'DISCONNECT' }
      /** It goes on where it was; or finds that it is no longer of the group. */
      | { type: 'GO_ON' }
      | { type: 'SHUT_OUT' }
      /** It dies without a word. */
      | { type: 'CRASH' }
      /** A crashed process comes up again. */
      | { type: 'RESTORE' }
      /** The same for a static member that the group still counts in: its old place is its own again. */
      | { type: 'RESUME' }
      /** The join phase is over and it belongs to the new generation. */
      | { type: 'JOINED' }
      /** It reads at least one partition (or may read from its queue). */
      | { type: 'ASSIGNED' }
      /** It got nothing: more members than partitions. */
      | { type: 'ASSIGNED_NONE' }
      /** It has to let go of partitions while it has something of them in hand. */
      | { type: 'REVOKED' }
      /** It has let go of them all (consumer protocol). */
      | { type: 'RELEASED' }
      /** The answer to a heartbeat says that the group rebalances. */
      | { type: 'REBALANCE_HEARD' }
      /** It asks for records again and, as the assignor is cooperative, keeps what it reads meanwhile. */
      | { type: 'POLLED' }
      /** What it had in hand is done, or it had nothing in hand. */
      | { type: 'WORK_DONE' }
      /** It did not ask for records for longer than the longest time between polls, and leaves. */
      | { type: 'POLL_OVERDUE' }
      /** All that it may have in hand is in work, and it polls on without asking for more. */
      | { type: 'PILED_UP' }
      /** Something of that is done, and it asks for more. */
      | { type: 'RESUMED' }
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
      on: { START: 'joining', RESTORE: 'joining' },
    },
    joining: {
      description: 'Has asked to join and waits until every other member has, too.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        JOINED: 'awaiting-assignment',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    'awaiting-assignment': {
      description: 'Belongs to the new generation and waits to hear which partitions it reads.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        ASSIGNED: 'reading',
        ASSIGNED_NONE: 'standing-by',
        REBALANCE_HEARD: 'joining',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    reading: {
      description: 'Reads its partitions.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        REBALANCE_HEARD: 'finishing-work',
        REVOKED: 'revoking',
        ASSIGNED_NONE: 'standing-by',
        PILED_UP: 'paused',
        EXPIRED: 'expelled',
        POLL_OVERDUE: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    paused: {
      description:
        'Has as much as it can work on: it has paused its partitions, and polls on to stay in the group.',
      on: {
        RESUMED: 'reading',
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        REBALANCE_HEARD: 'finishing-work',
        REVOKED: 'revoking',
        ASSIGNED_NONE: 'standing-by',
        EXPIRED: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    'standing-by': {
      description: 'Healthy, but there is no partition left for it.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        ASSIGNED: 'reading',
        REBALANCE_HEARD: 'joining',
        EXPIRED: 'joining',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    'finishing-work': {
      description: 'Has heard of the rebalance; finishes what it has in hand before it joins again.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        WORK_DONE: 'joining',
        POLLED: 'rejoining',
        EXPIRED: 'expelled',
        POLL_OVERDUE: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    rejoining: {
      description: 'Has joined again and reads on: the cooperative assignor leaves it what it has.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        JOINED: 'syncing',
        POLL_OVERDUE: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    syncing: {
      description: 'Reads on and waits to hear which of its partitions it has to let go.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        ASSIGNED: 'reading',
        ASSIGNED_NONE: 'standing-by',
        REVOKED: 'revoking',
        REBALANCE_HEARD: 'rejoining',
        POLL_OVERDUE: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    revoking: {
      description:
        'Reads the partitions that it keeps, and finishes what it has in hand of those it lets go.',
      on: {
        DRAIN: 'leaving',
        HANG: 'hanging',
        DISCONNECT: 'cut-off',
        WORK_DONE: 'rejoining',
        RELEASED: 'reading',
        EXPIRED: 'expelled',
        POLL_OVERDUE: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    leaving: {
      description: 'Takes nothing new; finishes and commits what it has in hand, then leaves.',
      on: {
        GO_ON: 'reading',
        DISCONNECT: 'stranded',
        WORK_DONE: 'stopped',
        SHUT_OUT: 'expelled',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    stranded: {
      description:
        'Was to stop as the network was cut: it can neither commit nor say that it leaves, and tries until the group has missed it.',
      on: { GO_ON: 'leaving', CRASH: 'crashed', STOP: 'stopped' },
    },
    hanging: {
      description: 'Its heartbeats come, but it does not ask for records.',
      on: {
        GO_ON: 'reading',
        SHUT_OUT: 'expelled',
        DISCONNECT: 'cut-off',
        EXPIRED: 'struck-off',
        POLL_OVERDUE: 'struck-off',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    'cut-off': {
      description: 'Runs, but cannot reach the broker: it takes and commits nothing, and is not heard of.',
      on: {
        GO_ON: 'reading',
        SHUT_OUT: 'expelled',
        HANG: 'hanging',
        EXPIRED: 'struck-off',
        CRASH: 'crashed',
        STOP: 'stopped',
      },
    },
    expelled: {
      description:
        'No longer of the group while still at work: it cannot commit this work, another member does it again.',
      on: {
        WORK_DONE: 'joining',
        HANG: 'struck-off',
        DISCONNECT: 'struck-off',
        CRASH: 'removed',
        STOP: 'stopped',
      },
    },
    'struck-off': {
      description:
        'No longer of the group while it hangs or cannot be reached, so that it does not join again.',
      on: { SHUT_OUT: 'expelled', CRASH: 'removed', STOP: 'stopped' },
    },
    crashed: {
      description: 'Dead, and the group has not noticed: nobody reads its partitions.',
      on: { EXPIRED: 'removed', RESTORE: 'joining', RESUME: 'awaiting-assignment' },
    },
    removed: {
      description: 'Dead, and struck off by the group: others read its partitions.',
      on: { RESTORE: 'joining' },
    },
  },
});
