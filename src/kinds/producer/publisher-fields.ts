import type { FieldDefinition } from '../../design/fields.ts';

/** The fields of a producer whose client speaks to RabbitMQ. */
export const publisherFields = [
  {
    name: 'confirms',
    label: 'Publisher confirms',
    help: 'Whether the broker says what became of each message (confirm.select). What reaches no queue is confirmed, too.',
    value: {
      type: 'choice',
      options: [
        { value: 'off', label: 'Off', help: 'Nobody answers: what is refused is lost unseen.' },
        { value: 'on', label: 'On', help: 'Each message is confirmed, or refused (nack).' },
      ],
    },
    default: 'off',
    live: false,
    visibleWhen: { field: 'client', is: ['rabbitmq'] },
  },
  {
    name: 'maxOutstanding',
    label: 'Unconfirmed at most',
    help: 'Messages without a confirm; with so many the application waits. 1 waits for each. The protocol has no limit of its own.',
    value: { type: 'integer', min: 1, max: 1_000_000, unit: 'messages' },
    default: 100,
    live: false,
    visibleWhen: { field: 'confirms', is: ['on'] },
  },
] as const satisfies readonly FieldDefinition[];
