import type { FieldDefinition } from '../../design/fields.ts';

/** What becomes of a try that fails: how often and when it is made again, by what way, and when it is given up. */
export const RETRY_FIELDS = [
  {
    name: 'fatalShare',
    label: 'Of these, fatal',
    help: 'Share of the failures that no further try can mend: such a message goes to the dead letters at once, as one with a not-retryable exception does in spring-kafka.',
    value: { type: 'probability' },
    default: 0,
    live: true,
  },
  {
    name: 'maxAttempts',
    label: 'Tries, then dead letter',
    help: 'Tries in all, the first one included. After the last the message goes to the dead-letter queue, or is dropped where there is none.',
    value: { type: 'integer', min: 1, max: 100, unit: 'tries' },
    default: 5,
    live: true,
  },
  {
    name: 'retryMode',
    label: 'While waiting to retry',
    help: 'Whether a failed message holds its worker while it waits.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'hold',
          label: 'Hold its place',
          help: 'Blocking retry: the worker waits, order is kept, the partition stands still.',
        },
        {
          value: 'later',
          label: 'Come back later',
          help: 'The worker goes on with others; order is lost for this message.',
        },
        {
          value: 'topics',
          label: 'By way of retry topics',
          help: 'As @RetryableTopic of spring-kafka: one topic for each delay; order is lost for this message.',
        },
      ],
    },
    default: 'hold',
    live: false,
  },
  {
    name: 'retrySuffix',
    label: 'Retry topics are named by',
    help: 'How their names end (topicSuffixingStrategy).',
    value: {
      type: 'choice',
      options: [
        { value: 'delay', label: 'Their delay', help: 'orders-retry-1000, orders-retry-2000.' },
        { value: 'index', label: 'Their number', help: 'orders-retry-0, orders-retry-1.' },
      ],
    },
    default: 'delay',
    live: false,
    visibleWhen: { field: 'retryMode', is: ['topics'] },
  },
  {
    name: 'backoff',
    label: 'First retry after',
    help: 'Wait before the second try.',
    value: { type: 'duration', min: 0, max: 86_400_000 },
    default: 100,
    live: true,
  },
  {
    name: 'backoffGrowth',
    label: 'Further waits',
    help: 'Whether waits grow from try to try.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'exponential',
          label: 'Grow',
          help: 'Each is some times longer: ExponentialBackOff of Spring, retry.backoff.ms of Kafka.',
        },
        { value: 'fixed', label: 'Are all alike', help: 'FixedBackOff of Spring.' },
      ],
    },
    default: 'exponential',
    live: true,
  },
  {
    name: 'backoffFactor',
    label: 'Then times',
    help: 'Each further wait is this many times longer.',
    value: { type: 'number', min: 1, max: 1000, unit: '×' },
    default: 2,
    live: true,
    visibleWhen: { field: 'backoffGrowth', is: ['exponential'] },
  },
  {
    name: 'backoffMax',
    label: 'At most',
    help: 'No wait is longer than this.',
    value: { type: 'duration', min: 0, max: 86_400_000 },
    default: 10_000,
    live: true,
  },
  {
    name: 'jitter',
    label: 'Jitter',
    help: 'How waits are spread at random, so that retries do not come in step.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'proportional',
          label: 'By a share',
          help: 'Up to a share longer or shorter, as the Kafka clients do.',
        },
        { value: 'none', label: 'None', help: 'Every wait is exactly as long as declared.' },
        { value: 'full', label: 'Full', help: 'Anything between nothing and the wait (AWS: full jitter).' },
        {
          value: 'equal',
          label: 'Equal',
          help: 'Half of the wait, and anything up to the other half (AWS: equal jitter).',
        },
        {
          value: 'decorrelated',
          label: 'Decorrelated',
          help: 'Anything between the first wait and three times the one before; grows by itself (AWS).',
        },
      ],
    },
    default: 'proportional',
    live: false,
  },
  {
    name: 'backoffJitter',
    label: 'Jitter share',
    help: 'Each wait is changed at random by up to this share, up or down.',
    value: { type: 'probability' },
    default: 0.2,
    live: true,
    visibleWhen: { field: 'jitter', is: ['proportional'] },
  },
] as const satisfies readonly FieldDefinition[];
