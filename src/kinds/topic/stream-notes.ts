/** What is modelled of a Kinesis data stream, and what is not. */
export const KINESIS_NOTES = {
  label: 'Kinesis',
  modelled: [
    'A record goes to the shard that has the MD5 of its partition key in its range; the shards have equal parts of it.',
    'A shard takes 1,000 records and 1 MiB in a second. What is more is refused (ProvisionedThroughputExceeded); its producer tries again when the next second begins, and sends nothing else meanwhile, so order is kept.',
    'Records are kept for 24 hours, or for up to 365 days, and every consumer group has its own checkpoint in every shard. The age of the oldest record that a group has not done is its iterator age.',
    'A consumer that shares the throughput of its shards calls each of them at an interval, once a second unless you set it; a call brings up to 10,000 records or 10 MiB. A shard answers 5 calls and gives 2 MiB a second, whoever calls; what is more is refused, and called for again some time in the next second. 10 MiB at once keep it from answering for five seconds.',
    'A consumer with enhanced fan-out has 2 MiB a second of each shard for itself and makes no calls: each record reaches it 70 ms after it was written, as it does on average.',
    'A record that fails holds its shard up until it succeeds or the group gives it up, to where its failed messages go.',
  ],
  notModelled: [
    'Calls that find nothing do not count towards the five. A consumer calls again when it has taken all that the last call brought, not ahead. What a subscription sends again after five minutes, and the growing waits of a client that is refused.',
    'On-demand streams, PutRecords that take some of their records, aggregation by the producer library, splitting and merging single shards, and children that wait until their parents are read out.',
    'Leases are dealt out as Kafka deals partitions. Batches that Lambda halves to find the record that fails.',
    'Several producers that are refused wait in one line, also for a shard that has room.',
  ],
} as const;
