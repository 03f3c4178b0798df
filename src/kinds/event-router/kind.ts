import type { KindDefinition } from '../kind.ts';
import { ROUTER_NOTES } from './profile-notes.ts';
import { subscriptionFields } from './subscription-fields.ts';

const FIFO = { field: 'profile', is: ['sns-fifo'] } as const;

const notes = (what: 'modelled' | 'notModelled') =>
  Object.values(ROUTER_NOTES).flatMap((of) => of[what].map((note) => `${of.label}: ${note}`));

export const eventRouter = {
  kind: 'event-router',
  name: 'Event router',
  family: 'channels',
  summary:
    'SNS or EventBridge: pushes a copy of each event to every subscriber whose filter takes it, and tries again by itself.',
  refusal: 'An event router takes messages from producers and consumer groups.',
  newName: 'events',
  fields: [
    {
      name: 'profile',
      first: true,
      label: 'Service',
      help: 'Which service it behaves like; what each subscriber gets and how delivery is tried again is said at the edges.',
      value: {
        type: 'choice',
        options: [
          {
            value: 'sns',
            label: 'SNS',
            help: 'A standard topic; a subscription is an edge with a filter policy.',
          },
          {
            value: 'sns-fifo',
            label: 'SNS FIFO',
            help: 'A FIFO topic: in order per key (MessageGroupId), to queues of SQS alone. Deduplicates for five minutes.',
          },
          {
            value: 'eventbridge',
            label: 'EventBridge',
            help: 'An event bus; a rule is an edge with an event pattern.',
          },
        ],
      },
      default: 'sns',
      live: false,
    },
    {
      name: 'fifoScope',
      label: 'Throughput',
      help: 'What limits the messages that it takes (FifoThroughputScope).',
      value: {
        type: 'choice',
        options: [
          {
            value: 'topic',
            label: 'Of the topic',
            help: '3,000 messages a second (Topic). What is more is refused, and tried again in the next second.',
          },
          {
            value: 'message-group',
            label: 'High throughput',
            help: 'A limit for each message group (MessageGroup), so high that it is not met here.',
          },
        ],
      },
      default: 'topic',
      live: false,
      visibleWhen: FIFO,
    },
    {
      name: 'dedupId',
      label: 'Deduplicates by',
      help: 'What tells a repetition (MessageDeduplicationId).',
      value: {
        type: 'choice',
        options: [
          {
            value: 'message',
            label: 'The message',
            help: 'Each has an id of its own, which a resent one keeps.',
          },
          {
            value: 'key',
            label: 'The key',
            help: 'The key is the id: one message a key within five minutes.',
          },
        ],
      },
      default: 'message',
      live: false,
      visibleWhen: FIFO,
    },
  ],
  ports: [
    { id: 'in', direction: 'in', roles: ['messages'], label: 'Published by', side: 'left' },
    {
      id: 'out',
      direction: 'out',
      roles: ['notifications'],
      label: 'Pushes to',
      side: 'right',
      edgeFields: subscriptionFields,
    },
    { id: 'dead', direction: 'out', roles: ['dead'], label: 'Dead letters to', side: 'bottom', maxEdges: 1 },
  ],
  faults: [],
  card: { width: 172, height: 68 },
  glyph: {
    strokes: [
      'M6 12h4',
      'M10 12l8-6.5',
      'M10 12h8',
      'M10 12l8 6.5',
      'M16 5l2.5.3-.6 2.4',
      'M16 19l2.5-.3-.6-2.4',
    ],
    dots: [{ cx: 4.5, cy: 12, r: 2 }],
  },
  mermaid: { shape: 'hexagon' },
  docs: {
    modelled: [
      'Push: it stores nothing for readers and waits for nobody. Its subscribers are managed queues and external services; consumers read it through a queue.',
      'Each delivery is tried by itself, so one subscriber that is down delays no other. What was answered too late is tried again, and the work is done twice.',
      ...notes('modelled'),
    ],
    notModelled: notes('notModelled'),
  },
} as const satisfies KindDefinition;
