import type { FieldDefinition } from '../../design/fields.ts';

const ofKafka = { live: false, visibleWhen: { field: 'client', is: ['kafka'] } } as const;
const inTransactions = { live: false, visibleWhen: { field: 'transactions', is: ['on'] } } as const;
const WEEK = 604_800_000;
const MOST = 2_147_483_647;

/** The fields of a producer that belong to its client: how a message gets from the application to a topic. */
export const clientFields = [
  {
    name: 'client',
    label: 'Client',
    help: 'How messages get to a topic (Kafka), or to queues and exchanges (RabbitMQ). Other targets get them at once.',
    value: {
      type: 'choice',
      options: [
        { value: 'at-once', label: 'At once', help: 'Each message is in the log the moment it is sent.' },
        { value: 'kafka', label: 'Kafka', help: 'Batches, requests, acknowledgements and retries.' },
        {
          value: 'rabbitmq',
          label: 'RabbitMQ',
          help: 'Confirms, and a connection that the broker slows down or blocks.',
        },
      ],
    },
    default: 'at-once',
    live: false,
  },
  {
    name: 'acks',
    label: 'Acknowledgements',
    help: 'When a request counts as successful (acks).',
    value: {
      type: 'choice',
      options: [
        { value: 'all', label: 'All', help: 'When every replica in sync has the records.' },
        { value: 'leader', label: 'Leader', help: 'When the leader of the partition has them (1).' },
        { value: 'none', label: 'None', help: 'At once: nobody answers, nothing is tried again (0).' },
      ],
    },
    default: 'all',
    ...ofKafka,
  },
  {
    name: 'batchSize',
    label: 'Batch size',
    help: 'Bytes of a batch for one partition; each batch reserves this much memory, full or not (batch.size). 0 makes a batch of every message.',
    value: { type: 'integer', min: 0, max: 1_073_741_824, unit: 'bytes', zeroMeans: 'no batching' },
    default: 16_384,
    ...ofKafka,
  },
  {
    name: 'linger',
    label: 'Linger',
    help: 'How long a batch waits for more messages before it may leave (linger.ms; 0 before Kafka 4.0).',
    value: { type: 'duration', min: 0, max: WEEK },
    default: 5,
    ...ofKafka,
  },
  {
    name: 'bufferMemory',
    label: 'Buffer memory',
    help: 'Bytes for batches that are not answered. When they are reserved, send() blocks (buffer.memory).',
    value: { type: 'integer', min: 1, max: 1_099_511_627_776, unit: 'bytes' },
    default: 33_554_432,
    ...ofKafka,
  },
  {
    name: 'maxBlock',
    label: 'Longest block',
    help: 'How long send() waits for memory before it fails and the message is lost (max.block.ms).',
    value: { type: 'duration', min: 0, max: WEEK },
    default: 60_000,
    ...ofKafka,
  },
  {
    name: 'maxInFlight',
    label: 'Requests in flight',
    help: 'Most requests to one topic without an answer (max.in.flight.requests.per.connection).',
    value: { type: 'integer', min: 1, max: 1000, unit: 'requests' },
    default: 5,
    ...ofKafka,
  },
  {
    name: 'requestLatency',
    label: 'Round trip',
    help: 'Time of a request from leaving the client to its answer. The records are in the log half way.',
    value: { type: 'distribution', unit: 'ms' },
    default: { shape: 'constant', mean: 2 },
    ...ofKafka,
  },
  {
    name: 'requestTimeout',
    label: 'Request timeout',
    help: 'After this long without an answer the client hangs up and tries again (request.timeout.ms).',
    value: { type: 'duration', min: 1, max: WEEK },
    default: 30_000,
    ...ofKafka,
  },
  {
    name: 'deliveryTimeout',
    label: 'Delivery timeout',
    help: 'From the birth of a batch to its answer, with lingering and every retry (delivery.timeout.ms).',
    value: { type: 'duration', min: 1, max: 2 * WEEK },
    default: 120_000,
    ...ofKafka,
  },
  {
    name: 'retries',
    label: 'Retries',
    help: 'Most tries after the first one; the delivery timeout mostly ends them earlier (retries).',
    value: { type: 'integer', min: 0, max: MOST, unit: 'retries' },
    default: MOST,
    ...ofKafka,
  },
  {
    name: 'retryBackoff',
    label: 'Retry back-off',
    help: 'Wait before the first retry, doubled each time, 20 % up or down (retry.backoff.ms).',
    value: { type: 'duration', min: 0, max: WEEK },
    default: 100,
    ...ofKafka,
  },
  {
    name: 'retryBackoffMax',
    label: 'Longest back-off',
    help: 'No wait before a retry is longer (retry.backoff.max.ms).',
    value: { type: 'duration', min: 0, max: WEEK },
    default: 1000,
    ...ofKafka,
  },
  {
    name: 'idempotence',
    label: 'Idempotence',
    help: 'The broker recognises a batch that is sent again (enable.idempotence).',
    value: {
      type: 'choice',
      options: [
        { value: 'default', label: 'Default', help: 'On, unless another setting forbids it.' },
        { value: 'on', label: 'On', help: 'A setting that forbids it is an error.' },
        { value: 'off', label: 'Off', help: 'A retry may write a batch twice, or change the order.' },
      ],
    },
    default: 'default',
    ...ofKafka,
  },
  {
    name: 'partitioner',
    label: 'Partitioner',
    help: 'Which partition a message goes to (partitioner.class).',
    value: {
      type: 'choice',
      options: [
        { value: 'default', label: 'Default', help: 'By the key; without one, to a partition in turn.' },
        { value: 'round-robin', label: 'Round robin', help: 'One after another, whatever the key.' },
      ],
    },
    default: 'default',
    ...ofKafka,
  },
  {
    name: 'transactions',
    label: 'Transactions',
    help: 'Whether messages are written in transactions (transactional.id), of which a group that reads committed records sees all or nothing.',
    value: {
      type: 'choice',
      options: [
        { value: 'off', label: 'None', help: 'Each message counts by itself.' },
        {
          value: 'on',
          label: 'One after another',
          help: 'Each ends with a marker in every partition it wrote to.',
        },
      ],
    },
    default: 'off',
    ...ofKafka,
  },
  {
    name: 'transactionSize',
    label: 'Messages of a transaction',
    help: 'After so many messages the producer ends it (commitTransaction), waits for all answers and sends nothing meanwhile.',
    value: { type: 'integer', min: 1, max: 1_000_000, unit: 'messages' },
    default: 100,
    ...inTransactions,
  },
  {
    name: 'transactionTime',
    label: 'Longest transaction',
    help: 'After this long the producer ends it, however few messages it has.',
    value: { type: 'duration', min: 1, max: WEEK },
    default: 100,
    ...inTransactions,
  },
  {
    name: 'abortShare',
    label: 'Aborted',
    help: 'Share of transactions that the producer takes back (abortTransaction).',
    value: { type: 'probability' },
    default: 0,
    ...inTransactions,
  },
  {
    name: 'leaveShare',
    label: 'Left open',
    help: 'Share of transactions whose process dies before it ends them, and comes back under another transactional.id: the broker aborts them after the transaction timeout.',
    value: { type: 'probability' },
    default: 0,
    ...inTransactions,
  },
  {
    name: 'transactionTimeout',
    label: 'Transaction timeout',
    help: 'After this long the broker aborts a transaction that nobody ended; until then it holds back all later records of its partitions (transaction.timeout.ms).',
    value: { type: 'duration', min: 1, max: 900_000 },
    default: 60_000,
    ...inTransactions,
  },
] as const satisfies readonly FieldDefinition[];
