import type { FieldDefinition } from '../../../design/fields.ts';

const DAY_MS = 86_400_000;
const whyRestart = 'since guards are built at its start';

const off = (help: string) => ({ value: 'off', label: 'Off', help });
const whenRetries = { field: 'retry', is: ['none', 'full', 'equal', 'decorrelated'] };
const whenBreaks = { field: 'breaker', is: ['count', 'time'] };
const whenLimits = { field: 'limiter', is: ['cycles', 'bucket'] };

const RETRY: readonly FieldDefinition[] = [
  {
    name: 'retry',
    label: 'Retry',
    help: 'A call that failed, timed out or was refused is made again; the choice says how the wait before it is drawn.',
    value: {
      type: 'choice',
      options: [
        off('One try.'),
        { value: 'none', label: 'Without jitter', help: 'Every wait is as long as the back-off says.' },
        { value: 'full', label: 'Full jitter', help: 'Anything between nothing and the back-off.' },
        { value: 'equal', label: 'Equal jitter', help: 'Half of the back-off and up to half more.' },
        {
          value: 'decorrelated',
          label: 'Decorrelated jitter',
          help: 'Anything between the first wait and three times the last one.',
        },
      ],
    },
    default: 'off',
    live: false,
    whyRestart,
  },
  {
    name: 'retryAttempts',
    label: 'Tries in all',
    help: 'The first one included (max-attempts).',
    value: { type: 'integer', min: 1, max: 100, unit: 'tries' },
    default: 3,
    live: false,
    whyRestart,
    visibleWhen: whenRetries,
  },
  {
    name: 'retryWait',
    label: 'First wait',
    help: 'Back-off before the second try (wait-duration).',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 500,
    live: false,
    whyRestart,
    visibleWhen: whenRetries,
  },
  {
    name: 'retryFactor',
    label: 'Wait factor',
    help: 'Each further back-off is this many times longer; 1 keeps it (exponential-backoff-multiplier).',
    value: { type: 'number', min: 1, max: 1000, unit: '×' },
    default: 1,
    live: false,
    whyRestart,
    visibleWhen: { field: 'retry', is: ['none', 'full', 'equal'] },
  },
  {
    name: 'retryWaitMax',
    label: 'Longest wait',
    help: 'No back-off is longer (exponential-max-wait-duration).',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 60_000,
    live: false,
    whyRestart,
    visibleWhen: whenRetries,
  },
];

const BREAKER: readonly FieldDefinition[] = [
  {
    name: 'breaker',
    label: 'Circuit breaker',
    help: 'Refuses calls at once while too many of the last ones failed or were slow (sliding-window-type).',
    value: {
      type: 'choice',
      options: [
        off('Every call may go.'),
        { value: 'count', label: 'Over the last calls', help: 'Counts the last so many calls.' },
        {
          value: 'time',
          label: 'Over the last seconds',
          help: 'Counts the calls of the last so many seconds.',
        },
      ],
    },
    default: 'off',
    live: false,
    whyRestart,
  },
  {
    name: 'breakerWindow',
    label: 'Window',
    help: 'Calls, or seconds, that count (sliding-window-size).',
    value: { type: 'integer', min: 1, max: 10_000, unit: '' },
    default: 100,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerMinCalls',
    label: 'Fewest calls',
    help: 'Fewer calls in the window say nothing; a window of calls that can never hold so many decides when it is full (minimum-number-of-calls).',
    value: { type: 'integer', min: 1, max: 10_000, unit: 'calls' },
    default: 100,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerFailureRate',
    label: 'Failures to open',
    help: 'Share of failed calls that opens it; just as many do (failure-rate-threshold).',
    value: { type: 'number', min: 1, max: 100, unit: '%' },
    default: 50,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerSlowAfter',
    label: 'Slow beyond',
    help: 'A call that takes longer is slow, whether it succeeds or not (slow-call-duration-threshold).',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 60_000,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerSlowRate',
    label: 'Slow calls to open',
    help: 'Share of slow calls that opens it (slow-call-rate-threshold).',
    value: { type: 'number', min: 1, max: 100, unit: '%' },
    default: 100,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerWait',
    label: 'Open for',
    help: 'The first call after this wait turns it half-open (wait-duration-in-open-state).',
    value: { type: 'duration', min: 1, max: DAY_MS },
    default: 60_000,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerTrials',
    label: 'Trial calls',
    help: 'Calls that go through while it is half-open; they decide whether it closes (permitted-number-of-calls-in-half-open-state).',
    value: { type: 'integer', min: 1, max: 10_000, unit: 'calls' },
    default: 10,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerTrialsWait',
    label: 'Half-open at most',
    help: 'After this long half-open it opens again; 0 waits for ever (max-wait-duration-in-half-open-state).',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 0,
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
  {
    name: 'breakerHalfOpens',
    label: 'Turns half-open',
    help: 'What ends the open state (automatic-transition-from-open-to-half-open-enabled).',
    value: {
      type: 'choice',
      options: [
        { value: 'lazily', label: 'With a call', help: 'With the first call after the wait.' },
        { value: 'automatically', label: 'By itself', help: 'As soon as the wait is over.' },
      ],
    },
    default: 'lazily',
    live: false,
    whyRestart,
    visibleWhen: whenBreaks,
  },
];

const LIMITER: readonly FieldDefinition[] = [
  {
    name: 'limiter',
    label: 'Rate limiter',
    help: 'Lets only so many calls start in a time; others wait, or are refused if they would wait too long.',
    value: {
      type: 'choice',
      options: [
        off('Calls start when they like.'),
        {
          value: 'cycles',
          label: 'Fixed cycles',
          help: 'So many at the start of each cycle, as resilience4j does: twice as many may start around the border of two.',
        },
        { value: 'bucket', label: 'Token bucket', help: 'A token for each call; tokens come back evenly.' },
      ],
    },
    default: 'off',
    live: false,
    whyRestart,
  },
  {
    name: 'limiterPermits',
    label: 'Permits',
    help: 'Calls in a cycle (limit-for-period), or tokens that the bucket holds.',
    value: { type: 'integer', min: 1, max: 1_000_000, unit: 'calls' },
    default: 50,
    live: false,
    whyRestart,
    visibleWhen: whenLimits,
  },
  {
    name: 'limiterPeriod',
    label: 'Period',
    help: 'Length of a cycle (limit-refresh-period), or time in which an empty bucket fills. resilience4j itself begins at 500 ns, which limits nothing.',
    value: { type: 'duration', min: 1, max: DAY_MS },
    default: 1000,
    live: false,
    whyRestart,
    visibleWhen: whenLimits,
  },
  {
    name: 'limiterTimeout',
    label: 'Longest wait for a permit',
    help: 'A call that would have to wait longer is refused at once (timeout-duration).',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 5000,
    live: false,
    whyRestart,
    visibleWhen: whenLimits,
  },
];

const TIMEOUT_AND_BULKHEAD: readonly FieldDefinition[] = [
  {
    name: 'timeout',
    label: 'Timeout',
    help: 'A try that takes longer has failed (timeout-duration of a time limiter); 0 is none. What answers goes on with it all the same.',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 0,
    live: false,
    whyRestart,
  },
  {
    name: 'bulkhead',
    label: 'Bulkhead',
    help: 'Lets only so many calls be in progress at once.',
    value: {
      type: 'choice',
      options: [
        off('Any number at once.'),
        { value: 'on', label: 'On', help: 'A call that timed out counts until it is really over.' },
      ],
    },
    default: 'off',
    live: false,
    whyRestart,
  },
  {
    name: 'bulkheadCalls',
    label: 'Calls at once',
    help: 'Calls in progress at the same time (max-concurrent-calls).',
    value: { type: 'integer', min: 1, max: 1_000_000, unit: 'calls' },
    default: 25,
    live: false,
    whyRestart,
    visibleWhen: { field: 'bulkhead', is: ['on'] },
  },
  {
    name: 'bulkheadWait',
    label: 'Wait for a place',
    help: 'A call that gets no place for so long is refused; 0 refuses at once (max-wait-duration).',
    value: { type: 'duration', min: 0, max: DAY_MS },
    default: 0,
    live: false,
    whyRestart,
    visibleWhen: { field: 'bulkhead', is: ['on'] },
  },
];

const FALLBACK: FieldDefinition = {
  name: 'fallback',
  label: 'Fallback',
  help: 'What becomes of a call when no try is left.',
  value: {
    type: 'choice',
    options: [
      off('The call has failed.'),
      {
        value: 'on',
        label: 'Answer without it',
        help: 'The caller goes on as after an answer; it is counted apart.',
      },
    ],
  },
  default: 'off',
  live: false,
  whyRestart,
};

/** Fields of an edge that calls what answers, in the order in which the guards lie around the call, outermost first. */
export const GUARD_FIELDS: readonly FieldDefinition[] = [
  FALLBACK,
  ...RETRY,
  ...BREAKER,
  ...LIMITER,
  ...TIMEOUT_AND_BULKHEAD,
];
