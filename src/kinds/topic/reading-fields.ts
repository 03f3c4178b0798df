import type { FieldDefinition } from '../../design/fields.ts';

/** What an edge says by which a consumer reads a stream of Kinesis. */
export const readingFields: readonly FieldDefinition[] = [
  {
    name: 'reads',
    label: 'Throughput',
    help: 'Whether this consumer shares what its shards give with others, or is registered for its own (RegisterStreamConsumer).',
    value: {
      type: 'choice',
      options: [
        {
          value: 'shared',
          label: 'Shared',
          help: 'It calls GetRecords. A shard answers 5 calls and gives 2 MiB a second to all who share it.',
        },
        {
          value: 'fan-out',
          label: 'Enhanced fan-out',
          help: 'Records are pushed to it in 70 ms, up to 2 MiB a second of each shard for it alone.',
        },
      ],
    },
    default: 'shared',
    live: false,
    visibleWhen: { field: 'service', is: ['kinesis'] },
  },
  {
    name: 'readInterval',
    label: 'Calls every',
    help: 'Time from one call of GetRecords on a shard to the next (idleTimeBetweenReadsInMillis of the client library). Below 200 ms a consumer alone calls more often than a shard answers.',
    value: { type: 'duration', min: 1, max: 60_000 },
    default: 1000,
    live: false,
    visibleWhen: { field: 'reads', is: ['shared'] },
  },
];
