import type { FieldDefinition } from '../../design/fields.ts';

/** Where a group starts when it has no offset, or the log no longer has what it would read next. */
const OFFSET_RESET = [
  {
    name: 'offsetReset',
    label: 'Starts anew at',
    help: 'Where the group goes on without a valid offset: in a partition that was added, or when retention has deleted what it would read next (auto.offset.reset; the default of Kafka is latest). After an unclean election only Nowhere counts: by the others it goes on from where the logs differ.',
    value: {
      type: 'choice',
      options: [
        { value: 'earliest', label: 'The oldest record', help: 'Reads all that is left.' },
        {
          value: 'latest',
          label: 'The newest record',
          help: 'Jumps to the end and skips, without a word, what is left.',
        },
        {
          value: 'none',
          label: 'Nowhere',
          help: 'An error: the member ends, and so does each that is dealt the partition after it.',
        },
        {
          value: 'by-duration',
          label: 'So long ago',
          help: 'At the first record that is not older than this (by_duration).',
        },
      ],
    },
    default: 'earliest',
    live: false,
  },
  {
    name: 'offsetResetBack',
    label: 'Goes back',
    help: 'Age of the oldest record that it then reads.',
    value: { type: 'duration', min: 0, max: 31_536_000_000 },
    default: 3_600_000,
    live: false,
    visibleWhen: { field: 'offsetReset', is: ['by-duration'] },
  },
  {
    name: 'metadataMaxAge',
    label: 'Refreshes metadata',
    help: 'How often the leader of the group looks whether its topics have more partitions (metadata.max.age.ms).',
    value: { type: 'duration', min: 1, max: 604_800_000 },
    default: 300_000,
    live: false,
    visibleWhen: { field: 'protocol', is: ['classic'] },
  },
] as const satisfies readonly FieldDefinition[];

/** Which records of transactions a group reads. */
const ISOLATION = {
  name: 'isolation',
  label: 'Reads',
  help: 'Which records of transactions the group reads (isolation.level).',
  value: {
    type: 'choice',
    options: [
      {
        value: 'read-uncommitted',
        label: 'All records',
        help: 'At once, those of open and of aborted transactions too.',
      },
      {
        value: 'read-committed',
        label: 'Committed records',
        help: 'Nothing beyond the first record of an open transaction, and nothing of an aborted one.',
      },
    ],
  },
  default: 'read-uncommitted',
  live: false,
} as const satisfies FieldDefinition;

/** The fields of a consumer group about how its members ask a topic for records. */
export const POLL_FIELDS = [
  ...OFFSET_RESET,
  ISOLATION,
  {
    name: 'pileUp',
    label: 'When work piles up',
    help: 'What a member does while it has as much in hand as it can work on, as its calls are slow or its targets full.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'block',
          label: 'Polls when it is done',
          help: 'After the longest time between polls it is out of the group, and others do its work again.',
        },
        {
          value: 'pause',
          label: 'Pauses and polls on',
          help: 'pause() on its partitions, poll() all the while, and resume() when something is done: it stays in the group, however long that takes.',
        },
      ],
    },
    default: 'block',
    live: false,
  },
  {
    name: 'polling',
    label: 'Polling',
    help: 'How a member asks a topic for records. Queues deliver one by one either way.',
    value: {
      type: 'choice',
      options: [
        {
          value: 'single',
          label: 'One by one',
          help: 'Each free worker asks for one record; a commit needs no poll.',
        },
        {
          value: 'batch',
          label: 'In batches',
          help: 'A poll returns many records, and the next comes when all of them are done. Automatic commits, rebalances and max.poll.interval.ms go by polls, as in the Java client.',
        },
      ],
    },
    default: 'single',
    live: false,
  },
  {
    name: 'maxPollRecords',
    label: 'Records of a poll',
    help: 'Most records that one poll returns (max.poll.records).',
    value: { type: 'integer', min: 1, max: 100_000, unit: 'records' },
    default: 500,
    live: false,
    visibleWhen: { field: 'polling', is: ['batch'] },
  },
  {
    name: 'fetchMinBytes',
    label: 'Least bytes of a fetch',
    help: 'The broker answers a fetch once there are so many bytes to read (fetch.min.bytes), or the longest wait is over.',
    value: { type: 'integer', min: 1, max: 1_073_741_824, unit: 'bytes' },
    default: 1,
    live: false,
    visibleWhen: { field: 'polling', is: ['batch'] },
  },
  {
    name: 'fetchMaxWait',
    label: 'Longest wait of a fetch',
    help: 'After this long the broker answers with what there is (fetch.max.wait.ms).',
    value: { type: 'duration', min: 1, max: 3_600_000 },
    default: 500,
    live: false,
    visibleWhen: { field: 'polling', is: ['batch'] },
  },
] as const satisfies readonly FieldDefinition[];
