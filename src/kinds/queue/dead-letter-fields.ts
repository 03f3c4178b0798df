import type { FieldDefinition } from '../../design/fields.ts';

/** How safely a quorum queue hands its dead letters over. */
export const deadLetterFields = [
  {
    name: 'deadLetterStrategy',
    label: 'Dead letters go',
    help: 'How dead letters are handed over (x-dead-letter-strategy). At least once goes with a queue that refuses new messages when it is full (reject-publish), or whose senders wait; with any other the broker falls back to at most once.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'at-most-once',
          label: 'At most once',
          help: 'Sent once, without confirms: what the target refuses is lost.',
        },
        {
          value: 'at-least-once',
          label: 'At least once',
          help: 'Each stays in the queue, and counts towards its limit, until its target has confirmed it.',
        },
      ],
    },
    default: 'at-most-once',
    live: false,
    visibleWhen: { field: 'queueType', is: ['quorum'] },
  },
  {
    name: 'deadLetterTimeout',
    label: 'Sent again after',
    help: 'How long the broker waits for the confirm of a dead letter before it sends it again, at the earliest (dead_letter_worker_publisher_confirm_timeout).',
    value: { type: 'duration', min: 1, max: 3_600_000 },
    default: 180_000,
    live: false,
    visibleWhen: { field: 'deadLetterStrategy', is: ['at-least-once'] },
  },
] as const satisfies readonly FieldDefinition[];
