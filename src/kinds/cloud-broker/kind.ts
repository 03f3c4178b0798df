import type { FieldDefinition } from '../../design/fields.ts';
import type { KindDefinition } from '../kind.ts';
import { notesOfAll } from './profile-notes.ts';

const SQS = { field: 'profile', is: ['sqs', 'sqs-fifo'] } as const;
const JETSTREAM = { field: 'profile', is: ['jetstream'] } as const;
const PULSAR = { field: 'profile', is: ['pulsar'] } as const;
const TWELVE_HOURS = 43_200_000;
const FOURTEEN_DAYS = 1_209_600_000;
const DAY = 86_400_000;
const MOST_COUNT = 1_000_000_000;

const profile: FieldDefinition = {
  name: 'profile',
  first: true,
  label: 'Broker',
  help: 'Which broker it behaves like; the other fields are those of this broker, with its defaults.',
  value: {
    type: 'choice',
    options: [
      {
        value: 'sqs',
        label: 'SQS standard',
        help: 'Groups compete. A received message is hidden for a while; who does not delete it in time shares it with another.',
      },
      {
        value: 'sqs-fifo',
        label: 'SQS FIFO',
        help: 'As SQS, in order per key (MessageGroupId): nobody gets the next of a key while one is out. Deduplicates for five minutes.',
      },
      {
        value: 'jetstream',
        label: 'NATS JetStream',
        help: 'Each group is a durable consumer of the stream with explicit acknowledgements, and gets every message.',
      },
      {
        value: 'pulsar',
        label: 'Pulsar',
        help: 'Each group is a subscription with individual acknowledgements, and gets every message.',
      },
    ],
  },
  default: 'sqs',
  live: false,
};

const sqsFields: readonly FieldDefinition[] = [
  {
    name: 'visibilityTimeout',
    label: 'Visibility timeout',
    help: 'How long a received message is hidden from others (VisibilityTimeout). Work that takes longer is done twice.',
    value: { type: 'duration', min: 0, max: TWELVE_HOURS },
    default: 30_000,
    live: false,
    visibleWhen: SQS,
  },
  {
    name: 'maxReceiveCount',
    label: 'Receives at most',
    help: 'A message that would be received once more goes to the dead letters (RedrivePolicy maxReceiveCount). 0 is no redrive policy.',
    value: { type: 'integer', min: 0, max: 1000, unit: 'receives', zeroMeans: 'no limit' },
    default: 0,
    live: false,
    visibleWhen: SQS,
  },
  {
    name: 'delaySeconds',
    label: 'Delivery delay',
    help: 'How long a new message is hidden at first (DelaySeconds).',
    value: { type: 'duration', min: 0, max: 900_000 },
    default: 0,
    live: false,
    visibleWhen: SQS,
  },
  {
    name: 'retentionPeriod',
    label: 'Keeps messages for',
    help: 'What is older is deleted (MessageRetentionPeriod), dead letters or not.',
    value: { type: 'duration', min: 60_000, max: FOURTEEN_DAYS },
    default: 345_600_000,
    live: false,
    visibleWhen: SQS,
  },
  {
    name: 'inFlightLimit',
    label: 'In flight at most',
    help: 'Received and not deleted yet; at the limit nobody receives anything (OverLimit). AWS sets 120,000.',
    value: { type: 'integer', min: 1, max: 120_000, unit: 'messages' },
    default: 120_000,
    live: false,
    visibleWhen: SQS,
  },
  {
    name: 'duplicateShare',
    label: 'Delivered twice',
    help: 'Share of deliveries that a standard queue makes twice by itself: rare, but allowed.',
    value: { type: 'probability' },
    default: 0,
    live: false,
    visibleWhen: { field: 'profile', is: ['sqs'] },
  },
];

const FIFO = { field: 'profile', is: ['sqs-fifo'] } as const;

const fifoFields: readonly FieldDefinition[] = [
  {
    name: 'fifoThroughput',
    label: 'Throughput',
    help: 'What limits the calls that it answers (FifoThroughputLimit).',
    value: {
      type: 'choice',
      options: [
        {
          value: 'per-queue',
          label: 'Of the queue',
          help: '300 calls a second to send, 300 to receive and 300 to delete (perQueue, the default). What is more is refused, and tried again in the next second.',
        },
        {
          value: 'per-group',
          label: 'High throughput',
          help: 'A limit for each message group (perMessageGroupId), so high that it is not met here.',
        },
      ],
    },
    default: 'per-queue',
    live: false,
    visibleWhen: FIFO,
  },
  {
    name: 'callBatch',
    label: 'Messages a call',
    help: 'How many messages callers put into one call (SendMessageBatch, MaxNumberOfMessages, DeleteMessageBatch): ten make 3,000 a second of 300 calls. Counts where the queue has a limit.',
    value: { type: 'integer', min: 1, max: 10, unit: 'messages' },
    default: 1,
    live: false,
    visibleWhen: FIFO,
  },
];

const dedupId: FieldDefinition = {
  name: 'dedupId',
  label: 'Deduplicates by',
  help: 'What tells a repetition (MessageDeduplicationId, Nats-Msg-Id).',
  value: {
    type: 'choice',
    options: [
      {
        value: 'message',
        label: 'The message',
        help: 'Each has an id of its own, which a resent one keeps.',
      },
      { value: 'key', label: 'The key', help: 'The key is the id: one message a key within the window.' },
    ],
  },
  default: 'message',
  live: false,
  visibleWhen: { field: 'profile', is: ['sqs-fifo', 'jetstream'] },
};

const jetStreamFields: readonly FieldDefinition[] = [
  {
    name: 'subjects',
    label: 'Subjects',
    help: 'What it stores (Subjects): orders.>, payments.*. A message has its routing key as its subject; * is one token, > one or more at the end. Empty stores everything.',
    value: { type: 'text', mostBytes: 1024 },
    default: '',
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'retention',
    label: 'Retention',
    help: 'How long a message stays (Retention). Counts in a stream with subjects, for what no consumer takes.',
    value: {
      type: 'choice',
      options: [
        { value: 'limits', label: 'Limits', help: 'Until it is too old, read or not (LimitsPolicy).' },
        {
          value: 'interest',
          label: 'Interest',
          help: 'While a consumer wants it; what none takes is dropped at once (InterestPolicy).',
        },
        {
          value: 'workqueue',
          label: 'Work queue',
          help: 'Until it is acknowledged; no two consumers may want the same message (WorkQueuePolicy).',
        },
      ],
    },
    default: 'limits',
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'ackWait',
    label: 'Waits for an ack',
    help: 'A message that is not acknowledged by then is delivered again (AckWait).',
    value: { type: 'duration', min: 1, max: DAY },
    default: 30_000,
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'backOff',
    label: 'Back-off in seconds',
    help: 'Takes the place of the ack wait, delivery by delivery (BackOff): 1, 5, 10. The last one stays. Empty is none.',
    value: { type: 'text', mostBytes: 255 },
    default: '',
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'maxDeliver',
    label: 'Deliveries at most',
    help: 'Then the consumer never gets it again (MaxDeliver). 0 is no limit (the server’s −1).',
    value: { type: 'integer', min: 0, max: 10_000, unit: 'deliveries', zeroMeans: 'no limit' },
    default: 0,
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'maxAckPending',
    label: 'Unacknowledged at most',
    help: 'Of each group; at the limit it gets nothing more (MaxAckPending). 1 keeps a strict order. 0 is no limit.',
    value: { type: 'integer', min: 0, max: MOST_COUNT, unit: 'messages', zeroMeans: 'no limit' },
    default: 1000,
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'maxAge',
    label: 'Keeps messages for',
    help: 'What is older is deleted from the stream (MaxAge). 0 is for ever.',
    value: { type: 'duration', min: 0, max: 31_536_000_000, zeroMeans: 'for ever' },
    default: 0,
    live: false,
    visibleWhen: JETSTREAM,
  },
  {
    name: 'duplicateWindow',
    label: 'Remembers ids for',
    help: 'A repetition within this time is not stored (Duplicates). 0 remembers nothing.',
    value: { type: 'duration', min: 0, max: DAY, zeroMeans: 'nothing' },
    default: 120_000,
    live: false,
    visibleWhen: JETSTREAM,
  },
];

const pulsarFields: readonly FieldDefinition[] = [
  {
    name: 'subscription',
    label: 'Subscriptions',
    help: 'How the members of a group share what is theirs (subscriptionType).',
    value: {
      type: 'choice',
      options: [
        { value: 'shared', label: 'Shared', help: 'In turn, without order.' },
        { value: 'key-shared', label: 'Key_Shared', help: 'One of a key at a time, in order.' },
        {
          value: 'exclusive',
          label: 'Exclusive',
          help: 'The first member gets all, in order; the others are refused. No dead letters.',
        },
        {
          value: 'failover',
          label: 'Failover',
          help: 'One member gets all, in order; when it goes the next takes over. No dead letters.',
        },
      ],
    },
    default: 'shared',
    live: false,
    visibleWhen: PULSAR,
  },
  {
    name: 'negativeAckDelay',
    label: 'Redelivers after',
    help: 'Wait after a consumer could not process a message (negativeAckRedeliveryDelay).',
    value: { type: 'duration', min: 0, max: DAY },
    default: 60_000,
    live: false,
    visibleWhen: PULSAR,
  },
  {
    name: 'ackTimeout',
    label: 'Waits for an ack',
    help: 'Redelivers what a consumer has not acknowledged so long after it began with it (ackTimeout). 0 is off, the default.',
    value: { type: 'duration', min: 0, max: DAY, zeroMeans: 'off' },
    default: 0,
    live: false,
    visibleWhen: PULSAR,
  },
  {
    name: 'maxRedeliverCount',
    label: 'Redeliveries at most',
    help: 'After one delivery more than this, a message goes to the dead letters (DeadLetterPolicy maxRedeliverCount). 0 is no policy.',
    value: { type: 'integer', min: 0, max: 10_000, unit: 'redeliveries', zeroMeans: 'no limit' },
    default: 0,
    live: false,
    visibleWhen: PULSAR,
  },
  {
    name: 'maxUnacked',
    label: 'Unacknowledged at most',
    help: 'Of each group; at the limit it gets nothing more (maxUnackedMessagesPerSubscription). 0 is no limit.',
    value: { type: 'integer', min: 0, max: MOST_COUNT, unit: 'messages', zeroMeans: 'no limit' },
    default: 200_000,
    live: false,
    visibleWhen: PULSAR,
  },
];

export const cloudBroker = {
  kind: 'cloud-broker',
  name: 'Managed queue',
  family: 'channels',
  summary:
    'SQS, JetStream or Pulsar: what is delivered stays with the broker until it is acknowledged in time.',
  refusal:
    'A managed queue takes messages from producers, consumer groups and event routers, and dead letters.',
  newName: 'inbox',
  fields: [profile, ...sqsFields, ...fifoFields, dedupId, ...jetStreamFields, ...pulsarFields],
  ports: [
    {
      id: 'in',
      direction: 'in',
      roles: ['messages', 'notifications', 'dead', 'redriven'],
      label: 'Written by',
      side: 'left',
    },
    {
      id: 'out',
      direction: 'out',
      roles: ['deliveries'],
      label: 'Read by',
      side: 'right',
      edgeFields: [
        {
          name: 'filterSubject',
          label: 'Filter subject',
          help: 'What this consumer gets of the stream (FilterSubject): orders.eu.>, orders.*.paid. Empty is everything.',
          value: { type: 'text', mostBytes: 255 },
          default: '',
          live: false,
          visibleWhen: JETSTREAM,
        },
      ],
    },
    { id: 'dead', direction: 'out', roles: ['dead'], label: 'Dead letters to', side: 'bottom', maxEdges: 1 },
  ],
  faults: [],
  card: { width: 196, height: 68 },
  glyph: {
    strokes: [
      'M7 18a4 4 0 0 1-.6-7.95A6 6 0 0 1 17.8 9.5a4.3 4.3 0 0 1-.8 8.5z',
      'M9.5 12.5v3',
      'M13.5 12.5v3',
    ],
    dots: [],
  },
  mermaid: { shape: 'stadium' },
  docs: {
    modelled: [
      'Delivery with a time limit (VisibilityTimeout, AckWait, ackTimeout): the broker keeps the message and delivers it again when the time is over, even while a consumer is at work on it. Then both do the work, which counts as duplicate.',
      'A group that gives a message up lets its time run out (SQS, JetStream) or acknowledges it negatively (Pulsar). One that answers failures with nack asks for it again at once: ChangeMessageVisibility to 0, NAK.',
      ...notesOfAll('modelled'),
    ],
    notModelled: notesOfAll('notModelled'),
  },
} as const satisfies KindDefinition;
