import { setup } from 'xstate';

/**
 * A queue with a capacity, and what its overflow policy makes of a message that finds it full. Lengths are counted
 * outside and come in as events.
 */
export const queueMachine = setup({
  types: {
    events: {} as
      /** A message came to the full queue, which makes its sender wait: as its policy says, or as nothing can be pushed out. */
      | { type: 'FULL_SENDER_WAITS' }
      /** A message came to the full queue, which takes no new one. */
      | { type: 'FULL_REFUSES' }
      /** A message came to the full queue, which pushes its oldest out for it. */
      | { type: 'FULL_PUSHES_OUT' }
      /** It is below nine tenths of its capacity again, or has no capacity any more. */
      | { type: 'ROOM_AGAIN' },
  },
}).createMachine({
  id: 'queue',
  description: 'A queue, and what it does with messages that find it full.',
  initial: 'open',
  on: { FULL_SENDER_WAITS: '.blocking', FULL_REFUSES: '.refusing', FULL_PUSHES_OUT: '.pushing-out' },
  states: {
    open: { description: 'Takes every message.' },
    blocking: {
      description: 'Was full and is still close to it: senders wait for room.',
      on: { ROOM_AGAIN: 'open' },
    },
    refusing: {
      description: 'Was full and is still close to it: new messages are refused.',
      on: { ROOM_AGAIN: 'open' },
    },
    'pushing-out': {
      description: 'Was full and is still close to it: each new message pushes the oldest out.',
      on: { ROOM_AGAIN: 'open' },
    },
  },
});
