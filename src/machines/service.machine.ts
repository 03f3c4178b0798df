import { setup } from 'xstate';

/** An external service as its callers meet it. Places, permits and outages are counted outside and come in as events. */
export const serviceMachine = setup({
  types: {
    events: {} as
      /** A call came that the rate limit does not allow. */
      | { type: 'OVER_RATE_LIMIT' }
      /** A call came that found every place taken and the line full. */
      | { type: 'LINE_FULL' }
      /** A call was taken, and none was refused for a while. */
      | { type: 'TAKES_CALLS_AGAIN' }
      /** An outage begins in which every call is refused at once. */
      | { type: 'OUTAGE_REFUSES' }
      /** An outage begins in which no call is answered. */
      | { type: 'OUTAGE_IS_SILENT' }
      | { type: 'OUTAGE_OVER' },
  },
}).createMachine({
  id: 'service',
  description: 'An external service: takes calls, refuses some of them, or is out of order.',
  initial: 'up',
  on: { OUTAGE_REFUSES: '.refusing', OUTAGE_IS_SILENT: '.silent' },
  states: {
    up: {
      description: 'Takes every call.',
      on: { OVER_RATE_LIMIT: 'limited', LINE_FULL: 'overloaded' },
    },
    limited: {
      description: 'More calls come than its rate limit allows: some are refused (429).',
      on: { LINE_FULL: 'overloaded', TAKES_CALLS_AGAIN: 'up' },
    },
    overloaded: {
      description: 'Every place is taken and its line is full: some calls are refused (503).',
      on: { OVER_RATE_LIMIT: 'limited', TAKES_CALLS_AGAIN: 'up' },
    },
    refusing: {
      description: 'Is out of order and refuses every call at once.',
      on: { OUTAGE_OVER: 'up' },
    },
    silent: {
      description: 'Is out of order and answers nobody: calls hang until their caller gives up.',
      on: { OUTAGE_OVER: 'up' },
    },
  },
});
