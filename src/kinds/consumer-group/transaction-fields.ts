import type { FieldDefinition } from '../../design/fields.ts';

const inTransactions = { live: false, visibleWhen: { field: 'commit', is: ['transaction'] } } as const;
const WEEK = 604_800_000;

/** The fields of a group that commits what it read in the transaction that writes its results. */
export const TRANSACTION_FIELDS = [
  {
    name: 'transactionTime',
    label: 'Longest transaction',
    help: 'Between two polls a member ends a transaction that is this old (commit.interval.ms of Kafka Streams with exactly_once_v2). 0 ends one at each poll.',
    value: { type: 'duration', min: 0, max: WEEK, zeroMeans: 'one poll' },
    default: 100,
    ...inTransactions,
  },
  {
    name: 'transactionEnd',
    label: 'Ending takes',
    help: 'How long sendOffsetsToTransaction and commitTransaction take together; the member does nothing else meanwhile.',
    value: { type: 'duration', min: 0, max: 3_600_000 },
    default: 10,
    ...inTransactions,
  },
  {
    name: 'transactionTimeout',
    label: 'Transaction timeout',
    help: 'After this long the broker aborts a transaction that nobody ended; until then it holds back all later records of its partitions (transaction.timeout.ms; 10 s in Kafka Streams).',
    value: { type: 'duration', min: 1, max: 900_000 },
    default: 60_000,
    ...inTransactions,
  },
] as const satisfies readonly FieldDefinition[];
