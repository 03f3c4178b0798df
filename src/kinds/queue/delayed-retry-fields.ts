import type { FieldDefinition } from '../../design/fields.ts';

/** What a quorum queue holds for a while when it comes back, and for how long. */
export const delayedRetryFields = [
  {
    name: 'delayedRetryType',
    label: 'Delays retries',
    help: 'Which messages that come back are held for a while before they are delivered again (x-delayed-retry-type, RabbitMQ 4.3).',
    value: {
      type: 'choice',
      options: [
        { value: 'disabled', label: 'None', help: 'What comes back is ready at once.' },
        { value: 'all', label: 'All', help: 'Whatever comes back is held.' },
        { value: 'failed', label: 'Failed', help: 'What a consumer crashed with or rejected is held.' },
        { value: 'returned', label: 'Let go of', help: 'What a consumer let go of (nack) is held.' },
      ],
    },
    default: 'disabled',
    live: false,
    visibleWhen: { field: 'queueType', is: ['quorum'] },
  },
  {
    name: 'delayedRetryMin',
    label: 'Shortest delay',
    help: 'Delay of the first retry; it grows by as much with each failure (x-delayed-retry-min).',
    value: { type: 'duration', min: 1, max: 604_800_000 },
    default: 1000,
    live: false,
    visibleWhen: { field: 'delayedRetryType', is: ['all', 'failed', 'returned'] },
  },
  {
    name: 'delayedRetryMax',
    label: 'Longest delay',
    help: 'The delay grows no further than this (x-delayed-retry-max).',
    value: { type: 'duration', min: 1, max: 604_800_000 },
    default: 30_000,
    live: false,
    visibleWhen: { field: 'delayedRetryType', is: ['all', 'failed', 'returned'] },
  },
] as const satisfies readonly FieldDefinition[];
