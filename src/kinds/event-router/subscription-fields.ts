import type { FieldDefinition } from '../../design/fields.ts';

const SNS = { field: 'profile', is: ['sns'] } as const;
const ANY_SNS = { field: 'profile', is: ['sns', 'sns-fifo'] } as const;
const EVENTBRIDGE = { field: 'profile', is: ['eventbridge'] } as const;
const HTTP = { field: 'endpoint', is: ['http'] } as const;
const HOUR = 3_600_000;
const DAY = 86_400_000;

const retries = (name: string, label: string, help: string, usual = 0): FieldDefinition => ({
  name,
  label,
  help,
  value: { type: 'integer', min: 0, max: 100, unit: 'retries' },
  default: usual,
  live: false,
  visibleWhen: HTTP,
});

const delay = (name: string, label: string, help: string): FieldDefinition => ({
  name,
  label,
  help,
  value: { type: 'duration', min: 1000, max: HOUR },
  default: 20_000,
  live: false,
  visibleWhen: HTTP,
});

/** What an edge that leaves an event router says: what its subscriber gets, and how delivery is tried again. */
export const subscriptionFields: readonly FieldDefinition[] = [
  {
    name: 'filterPolicy',
    label: 'Filter policy',
    help: 'JSON over the attributes (FilterPolicy): headers by their names, and the routing key as type: {"type": [{"prefix": "order."}]}. Empty takes everything.',
    value: { type: 'text', mostBytes: 4096 },
    default: '',
    live: false,
    visibleWhen: ANY_SNS,
  },
  {
    name: 'eventPattern',
    label: 'Event pattern',
    help: 'JSON of the rule (EventPattern): the routing key is the detail-type, headers are the detail: {"detail-type": ["order.placed"], "detail": {"total": [{"numeric": [">", 100]}]}}. Empty takes everything.',
    value: { type: 'text', mostBytes: 4096 },
    default: '',
    live: false,
    visibleWhen: EVENTBRIDGE,
  },
  {
    name: 'endpoint',
    label: 'Endpoint',
    help: 'What is subscribed, which decides how often SNS tries again.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'aws',
          label: 'SQS, Lambda, Firehose',
          help: '100,015 retries over 23 days: 3 at once, 2 a second apart, 10 from 1 s to 20 s, the rest every 20 s.',
        },
        {
          value: 'http',
          label: 'HTTP/S',
          help: 'By the delivery policy below: 3 retries 20 s apart, unless you set it.',
        },
      ],
    },
    default: 'aws',
    live: false,
    visibleWhen: SNS,
  },
  retries('numRetries', 'Retries', 'All retries of a delivery (numRetries).', 3),
  retries('numNoDelayRetries', 'At once', 'Of these, the first without a wait (numNoDelayRetries).'),
  retries(
    'numMinDelayRetries',
    'After the least wait',
    'The next, before the back-off (numMinDelayRetries).',
  ),
  retries(
    'numMaxDelayRetries',
    'After the longest wait',
    'The last, after the back-off (numMaxDelayRetries).',
  ),
  delay('minDelayTarget', 'Least wait', 'The back-off begins with it (minDelayTarget).'),
  delay('maxDelayTarget', 'Longest wait', 'The back-off ends with it (maxDelayTarget).'),
  {
    name: 'backoffFunction',
    label: 'Back-off',
    help: 'How the wait grows from the least to the longest (backoffFunction).',
    value: {
      type: 'choice',
      options: [
        { value: 'linear', label: 'Linear', help: 'By the same time each.' },
        { value: 'exponential', label: 'Exponential', help: 'By the same factor each.' },
      ],
    },
    default: 'linear',
    live: false,
    visibleWhen: HTTP,
  },
  {
    name: 'maximumRetryAttempts',
    label: 'Retries at most',
    help: 'Then the event is given up (MaximumRetryAttempts).',
    value: { type: 'integer', min: 0, max: 185, unit: 'retries' },
    default: 185,
    live: false,
    visibleWhen: EVENTBRIDGE,
  },
  {
    name: 'maximumEventAge',
    label: 'Tries for',
    help: 'An event that is older is given up (MaximumEventAgeInSeconds).',
    value: { type: 'duration', min: 60_000, max: DAY },
    default: DAY,
    live: false,
    visibleWhen: EVENTBRIDGE,
  },
  {
    name: 'deadLetters',
    label: 'When given up',
    help: 'Each subscription says for itself whether it has a dead-letter queue (RedrivePolicy, DeadLetterConfig).',
    value: {
      type: 'choice',
      options: [
        {
          value: 'queue',
          label: 'To the dead letters',
          help: 'Along the edge for dead letters of the router, if it has one.',
        },
        { value: 'drop', label: 'Dropped', help: 'This subscription has no dead-letter queue.' },
      ],
    },
    default: 'queue',
    live: false,
  },
];
