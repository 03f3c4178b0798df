import type { FieldDefinition } from '../../design/fields.ts';

/** Where a group starts when the log no longer has what it would read next. */
const OFFSET_RESET = {
  name: 'offsetReset',
  label: 'Starts anew at',
  help: 'Where the group goes on when retention has deleted what it would read next (auto.offset.reset; the default of Kafka is latest).',
  value: {
    type: 'choice',
    options: [
      { value: 'earliest', label: 'The oldest record', help: 'Reads all that is left.' },
      {
        value: 'latest',
        label: 'The newest record',
        help: 'Jumps to the end and skips, without a word, what is left.',
      },
    ],
  },
  default: 'earliest',
  live: false,
} as const satisfies FieldDefinition;

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
  OFFSET_RESET,
  ISOLATION,
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
