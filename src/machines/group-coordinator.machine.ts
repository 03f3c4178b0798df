import { setup } from 'xstate';

/**
 * The group coordinator of Kafka's classic protocol. The behaviour counts members and keeps the timers, and sends
 * what it finds as an event; an event that a state does not name changes nothing.
 */
export const groupCoordinatorMachine = setup({
  types: {
    events: {} as
      /** A member asked to join, for the first time or again after it heard of the rebalance. */
      | { type: 'MEMBER_JOINED' }
      /** A member said that it goes. */
      | { type: 'MEMBER_LEFT' }
      /** A member was not heard of for the session timeout. */
      | { type: 'MEMBER_EXPIRED' }
      /** Every known member has joined, and the first window for joiners (if any) is over. */
      | { type: 'ALL_REJOINED' }
      /** The longest rebalance is over; members that did not join are dropped, at least one is left. */
      | { type: 'REBALANCE_TIMEOUT' }
      /** The leader's assignment has arrived and goes out to the members. */
      | { type: 'ASSIGNMENT_SENT' }
      /** Nobody is left at the end of a rebalance. */
      | { type: 'GROUP_EMPTY' },
  },
}).createMachine({
  id: 'group-coordinator',
  description:
    'Group coordinator of the classic Kafka protocol: who is a member, and when partitions are dealt.',
  initial: 'empty',
  states: {
    empty: {
      description: 'No members. Nothing is read.',
      on: { MEMBER_JOINED: 'preparing-rebalance' },
    },
    'preparing-rebalance': {
      description: 'Waits until every known member has stopped reading and joined again.',
      on: {
        ALL_REJOINED: 'completing-rebalance',
        REBALANCE_TIMEOUT: 'completing-rebalance',
        GROUP_EMPTY: 'empty',
      },
    },
    'completing-rebalance': {
      description: 'All are in; waits for the leader to say who reads what.',
      on: {
        ASSIGNMENT_SENT: 'stable',
        MEMBER_JOINED: 'preparing-rebalance',
        MEMBER_LEFT: 'preparing-rebalance',
        MEMBER_EXPIRED: 'preparing-rebalance',
      },
    },
    stable: {
      description: 'Every partition has its reader.',
      on: {
        MEMBER_JOINED: 'preparing-rebalance',
        MEMBER_LEFT: 'preparing-rebalance',
        MEMBER_EXPIRED: 'preparing-rebalance',
      },
    },
  },
});
