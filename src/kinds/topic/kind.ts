import type { KindDefinition } from '../kind.ts';

export const topic = {
  kind: 'topic',
  name: 'Topic',
  family: 'channels',
  summary: 'A partitioned log: every consumer group reads every message, in order within a partition.',
  refusal: 'A topic takes messages from producers and consumer groups.',
  newName: 'events',
  fields: [
    {
      name: 'partitions',
      label: 'Partitions',
      help: 'The topic is split into this many logs. A key always goes to the same one. A group can have at most this many members at work.',
      value: { type: 'integer', min: 1, max: 1000, unit: 'partitions' },
      default: 3,
      live: false,
      whyRestart: 'since keys move',
    },
    {
      name: 'retention',
      label: 'Retention',
      help: 'Messages older than this are deleted, read or not.',
      value: { type: 'duration', min: 1, max: 31_536_000_000 },
      default: 604_800_000,
      live: false,
    },
    {
      name: 'retentionBytes',
      label: 'Retention size',
      help: 'Bytes that each partition keeps; beyond them its oldest segments are deleted (retention.bytes).',
      value: {
        type: 'integer',
        min: 0,
        max: 1_099_511_627_776,
        unit: 'bytes',
        zeroMeans: 'no limit',
      },
      default: 0,
      live: false,
    },
    {
      name: 'segmentBytes',
      label: 'Segment size',
      help: 'Retention deletes whole segments of a log; a segment is closed at this size (segment.bytes).',
      value: { type: 'integer', min: 14, max: 2_147_483_647, unit: 'bytes' },
      default: 1_073_741_824,
      live: false,
    },
    {
      name: 'stickyBytes',
      label: 'Bytes before switching',
      help: 'Messages without a key go to one partition until this many bytes were sent, then to another at random. A Kafka client goes by its batch size.',
      value: { type: 'integer', min: 1, max: 1_073_741_824, unit: 'bytes' },
      default: 16_384,
      live: false,
    },
  ],
  ports: [
    { id: 'in', direction: 'in', roles: ['messages', 'dead', 'redriven'], label: 'Written by', side: 'left' },
    { id: 'out', direction: 'out', roles: ['records'], label: 'Read by', side: 'right' },
  ],
  faults: [],
  card: { width: 196, height: 104, perLane: 25 },
  glyph: {
    strokes: ['M3 6h11', 'M3 12h15', 'M3 18h7'],
    dots: [
      { cx: 18.5, cy: 6, r: 2.2 },
      { cx: 14.5, cy: 18, r: 2.2 },
    ],
  },
  mermaid: { shape: 'subroutine' },
  docs: {
    modelled: [
      'Keyed messages go to murmur2(key) modulo the partition count, as in the Java client.',
      'Messages without a key fill one partition until a number of bytes is reached, then another drawn at random (sticky).',
      'Each consumer group has its own position in each partition; lag is the end of the log minus what the group committed.',
      'Retention by age and by size deletes whole segments from the old end, every five minutes, whether they were read or not. What a group had not read is counted as expired. The size of the other segments never falls below the limit, so a log keeps up to a segment more than that.',
    ],
    notModelled: ['Brokers, replicas, compaction, quotas and transactions.'],
  },
} as const satisfies KindDefinition;
