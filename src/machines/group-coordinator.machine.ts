import { setup } from 'xstate';

/**
 * The group coordinator of Kafka: preparing and completing are of the classic protocol, reconciling is of the consumer
 * protocol (KIP-848). The behaviour counts members and keeps the timers, and sends what it finds as an event; an event
 * that a state does not name changes nothing.
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
      /** The broker has worked out a new assignment by itself (consumer protocol). */
      | { type: 'TARGET_CHANGED' }
      /** Every member reads what the broker wants it to read (consumer protocol). */
      | { type: 'RECONCILED' }
      /** Nobody is left. */
      | { type: 'GROUP_EMPTY' },
  },
}).createMachine({
  id: 'group-coordinator',
  description: 'Group coordinator of Kafka: who is a member, and when partitions are dealt.',
  initial: 'empty',
  states: {
    empty: {
      description: 'No members. Nothing is read.',
      on: { MEMBER_JOINED: 'preparing-rebalance', TARGET_CHANGED: 'reconciling' },
    },
    'preparing-rebalance': {
      description: 'Waits until every known member has heard of the rebalance and joined again.',
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
      description: 'Every partition is dealt to a member that the group counts on.',
      on: {
        MEMBER_JOINED: 'preparing-rebalance',
        MEMBER_LEFT: 'preparing-rebalance',
        MEMBER_EXPIRED: 'preparing-rebalance',
        TARGET_CHANGED: 'reconciling',
        GROUP_EMPTY: 'empty',
      },
    },
    reconciling: {
      description: 'Each member lets go and takes over at its own heartbeat; nobody waits for all.',
      on: { RECONCILED: 'stable', GROUP_EMPTY: 'empty' },
    },
  },
});
