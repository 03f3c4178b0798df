import { setup } from 'xstate';

/**
 * A circuit breaker as resilience4j has it (CircuitBreakerStateMachine): three states that it goes through by itself
 * and three that somebody has to ask for. What the calls say is counted outside and comes in as events.
 */
export const circuitBreakerMachine = setup({
  types: {
    events: {} as
      /** The rate of failed or slow calls has reached its threshold. */
      | { type: 'THRESHOLD_REACHED' }
      /** The wait in the open state is over and a call asks to pass, or the breaker moves on by itself. */
      | { type: 'WAIT_OVER' }
      /** Enough trial calls came back and both rates are below their thresholds. */
      | { type: 'TRIALS_PASSED' }
      /** The trial calls took too long to come back. */
      | { type: 'TRIALS_OVERDUE' }
      /** Somebody closes it, with an empty window. */
      | { type: 'RESET' }
      /** Somebody opens it; it tries again after the usual wait. */
      | { type: 'TRIP' }
      /** Somebody opens it until somebody closes it. */
      | { type: 'FORCE_OPEN' }
      /** Somebody takes it out: calls pass and are not counted. */
      | { type: 'DISABLE' }
      /** Somebody lets it count without ever opening. */
      | { type: 'ONLY_MEASURE' },
  },
}).createMachine({
  id: 'circuit-breaker',
  description: 'A circuit breaker on a call: lets calls through, refuses them, or tries a few.',
  initial: 'closed',
  on: {
    RESET: '.closed',
    TRIP: '.open',
    FORCE_OPEN: '.forced-open',
    DISABLE: '.disabled',
    ONLY_MEASURE: '.metrics-only',
  },
  states: {
    closed: {
      description: 'Lets every call through and counts how it ended.',
      on: { THRESHOLD_REACHED: 'open' },
    },
    open: {
      description: 'Refuses every call until the wait is over.',
      on: { WAIT_OVER: 'half-open' },
    },
    'half-open': {
      description: 'Lets a few trial calls through and decides by them.',
      on: { THRESHOLD_REACHED: 'open', TRIALS_OVERDUE: 'open', TRIALS_PASSED: 'closed' },
    },
    'forced-open': { description: 'Refuses every call until somebody closes it.' },
    disabled: { description: 'Lets every call through and counts nothing.' },
    'metrics-only': { description: 'Lets every call through, counts how it ended and never opens.' },
  },
});
