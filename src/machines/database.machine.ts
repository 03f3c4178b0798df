import { setup } from 'xstate';

/** A database as its callers meet it. Connections and callers are counted outside and come in as events. */
export const databaseMachine = setup({
  types: {
    events: {} as
      /** A call came that found every connection busy. */
      | { type: 'NONE_FREE' }
      /** A connection is free and nobody had to wait for a while. */
      | { type: 'FREE_AGAIN' }
      | { type: 'STOPPED' }
      | { type: 'STARTED' },
  },
}).createMachine({
  id: 'database',
  description: 'A database: answers every call at once, lets callers wait for a connection, or is stopped.',
  initial: 'up',
  on: { STOPPED: '.stopped' },
  states: {
    up: { description: 'Every call finds a free connection.', on: { NONE_FREE: 'full' } },
    full: {
      description: 'All connections are busy: callers wait in line for one.',
      on: { FREE_AGAIN: 'up' },
    },
    stopped: {
      description: 'Is stopped: the calls in progress have failed, and new ones wait until it is started.',
      on: { STARTED: 'up' },
    },
  },
});
