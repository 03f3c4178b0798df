import { setup } from 'xstate';

/**
 * The network under an edge. Which faults are in force and what is on the way is counted outside and comes in as
 * events; of several faults the worst one counts.
 */
export const linkMachine = setup({
  types: {
    events: {} as
      /** The worst of its faults cuts it. */
      | { type: 'PARTITIONED' }
      /** The worst of its faults loses or doubles some of what passes. */
      | { type: 'LOSES_PACKETS' }
      /** The worst of its faults makes what passes late, or changes its order. */
      | { type: 'DELAYED' }
      /** Its last fault is over; what was late is still on the way. */
      | { type: 'HEALED' }
      /** Nothing is on the way any more. */
      | { type: 'ALL_ARRIVED' },
  },
}).createMachine({
  id: 'link',
  description: 'The network under an edge: in order, in trouble, or catching up.',
  initial: 'up',
  on: { PARTITIONED: '.cut', LOSES_PACKETS: '.lossy', DELAYED: '.slow' },
  states: {
    up: { description: 'In order: what is sent is there at once.' },
    slow: { description: 'What is sent arrives late or in another order.', on: { HEALED: 'catching-up' } },
    lossy: {
      description:
        'Loses or doubles some of what is sent; TCP sends it again where somebody waits for an answer.',
      on: { HEALED: 'catching-up' },
    },
    cut: { description: 'Nothing passes either way.', on: { HEALED: 'catching-up' } },
    'catching-up': {
      description: 'In order again; what is still on the way comes first.',
      on: { ALL_ARRIVED: 'up' },
    },
  },
});
