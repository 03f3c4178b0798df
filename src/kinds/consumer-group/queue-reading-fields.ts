import type { FieldDefinition } from '../../design/fields.ts';

/** How a group reads from queues; on topics none of it exists. */
export const QUEUE_READING_FIELDS = [
  {
    name: 'prefetchMode',
    label: 'Messages from a queue',
    help: 'How far ahead of its work the broker sends messages to a member.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'workers',
          label: 'As it works',
          help: 'A member has no more messages than it works on: a prefetch equal to its workers.',
        },
        {
          value: 'count',
          label: 'Ahead, up to a limit',
          help: 'The broker sends messages to members in turn, busy or not, up to the prefetch of each.',
        },
      ],
    },
    default: 'workers',
    live: false,
  },
  {
    name: 'prefetch',
    label: 'Prefetch',
    help: 'Most messages of a queue that a member has and has not acknowledged (prefetch_count of basic.qos). 0 is the broker’s default: the first member gets all there is. 250 is that of Spring AMQP.',
    value: { type: 'integer', min: 0, max: 65_535, unit: 'messages', zeroMeans: 'no limit' },
    default: 250,
    live: false,
    visibleWhen: { field: 'prefetchMode', is: ['count'] },
  },
  {
    name: 'consumerPriority',
    label: 'Priority at its queues',
    help: 'A queue asks groups of a higher priority first, and others only when those have no room (x-priority). Groups of the same priority take turns.',
    value: { type: 'integer', min: -1000, max: 1000, unit: '' },
    default: 0,
    live: false,
  },
  {
    name: 'onFailure',
    label: 'When a try fails',
    help: 'What a member tells the queue about a message that it failed at.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'retry',
          label: 'Try again itself',
          help: 'Nothing yet: it keeps the message and tries again as set here.',
        },
        {
          value: 'nack',
          label: 'Give it back (nack)',
          help: 'basic.nack, requeue=true: back to the queue at once. From 4.3 on it does not count towards the delivery limit.',
        },
        {
          value: 'requeue',
          label: 'Give it back as failed',
          help: 'basic.reject, requeue=true: back to the queue at once, and counted by a delivery limit.',
        },
        {
          value: 'reject',
          label: 'Reject it',
          help: 'basic.reject, requeue=false: to the dead letters, or dropped where there are none.',
        },
      ],
    },
    default: 'retry',
    live: false,
  },
] as const satisfies readonly FieldDefinition[];
