import type { FieldDefinition } from '../../design/fields.ts';
import type { KindDefinition } from '../kind.ts';

const WEEK = 604_800_000;
const MOST_BROKERS = 30;

const brokerField: FieldDefinition = {
  name: 'broker',
  label: 'Broker',
  help: 'Its number, counted from 1.',
  value: { type: 'integer', min: 1, max: MOST_BROKERS, unit: 'number' },
  default: 1,
  live: true,
};

export const brokerCluster = {
  kind: 'broker-cluster',
  name: 'Kafka cluster',
  family: 'state',
  summary:
    'Brokers that keep the replicas of topics: lose one and see who leads, who is in sync and what is lost.',
  refusal: 'Only topics are kept in a Kafka cluster.',
  newName: 'kafka',
  fields: [
    {
      name: 'brokers',
      label: 'Brokers',
      help: 'Replicas of a topic lie on different ones. Partition 0 prefers the first broker as its leader, partition 1 the second, and so on.',
      value: { type: 'integer', min: 1, max: MOST_BROKERS, unit: 'brokers' },
      default: 3,
      live: false,
    },
    {
      name: 'replicaLagTime',
      label: 'Replica lag time',
      help: 'A follower that has not caught up for this long is no longer in sync. Looked at twice in that time (replica.lag.time.max.ms).',
      value: { type: 'duration', min: 1, max: WEEK },
      default: 30_000,
      live: false,
    },
    {
      name: 'sessionTimeout',
      label: 'Broker session timeout',
      help: 'After this long without a word from a broker, its partitions get other leaders (broker.session.timeout.ms).',
      value: { type: 'duration', min: 1, max: WEEK },
      default: 9000,
      live: false,
    },
    {
      name: 'uncleanElection',
      label: 'Unclean leader election',
      help: 'When no replica in sync is left (unclean.leader.election.enable).',
      value: {
        type: 'choice',
        options: [
          { value: 'off', label: 'Off', help: 'The partition stays offline until one of them is back.' },
          { value: 'on', label: 'On', help: 'Any replica leads, and what it does not have is lost.' },
        ],
      },
      default: 'off',
      live: false,
    },
    {
      name: 'preferredLeaders',
      label: 'Give leaders back',
      help: 'Every 5 minutes a broker that leads less than 90 % of the partitions that prefer it gets them back (auto.leader.rebalance.enable).',
      value: {
        type: 'choice',
        options: [
          { value: 'on', label: 'On', help: 'Leaders return to the brokers that they were meant for.' },
          { value: 'off', label: 'Off', help: 'A leader stays where it is until its broker is lost.' },
        ],
      },
      default: 'on',
      live: false,
    },
    {
      name: 'producerByteRate',
      label: 'Producer quota',
      help: 'Bytes a second that each Kafka client may write to each broker, over 11 seconds. Above it the broker answers, and then leaves the client alone for a while (producer_byte_rate).',
      value: { type: 'integer', min: 0, max: 1_099_511_627_776, unit: 'bytes', zeroMeans: 'no quota' },
      default: 0,
      live: false,
    },
    {
      name: 'consumerByteRate',
      label: 'Consumer quota',
      help: 'Bytes a second that each consumer group may read of each broker, over 11 seconds. Above it the broker answers its fetches no more for a while (consumer_byte_rate).',
      value: { type: 'integer', min: 0, max: 1_099_511_627_776, unit: 'bytes', zeroMeans: 'no quota' },
      default: 0,
      live: false,
    },
    {
      name: 'roundTrip',
      label: 'Round trip',
      help: 'Between two brokers: a follower asks its leader for records and has them after half of it; the leader knows when it asks again.',
      value: { type: 'duration', min: 0.1, max: 60_000 },
      default: 1,
      live: false,
    },
  ],
  ports: [{ id: 'in', direction: 'in', roles: ['kept'], label: 'Keeps', side: 'left' }],
  faults: [
    {
      id: 'lose-broker',
      label: 'Lose a broker',
      help: 'Its process is killed. Partitions that it leads stand still until another broker is elected.',
      badge: 'b{broker} lost',
      healLabel: 'Restore the broker',
      fields: [brokerField],
    },
    {
      id: 'lose-leader',
      label: 'Lose a leader',
      help: 'The broker that leads this partition of the cluster now is killed.',
      badge: 'Leader of p{partition} lost',
      healLabel: 'Restore the broker',
      fields: [
        {
          name: 'partition',
          label: 'Partition',
          help: 'Its number, counted from 0 through all topics of the cluster, in the order of their ids.',
          value: { type: 'integer', min: 0, max: 999, unit: 'number' },
          default: 0,
          live: true,
        },
      ],
    },
    {
      id: 'slow-follower',
      label: 'Slow a follower',
      help: 'Every pull of this broker takes so much longer. Above the replica lag time it falls out of sync.',
      badge: 'b{broker} pulls late',
      healLabel: 'Back to normal speed',
      fields: [
        brokerField,
        {
          name: 'delay',
          label: 'Delay',
          help: 'How much longer a pull takes.',
          value: { type: 'duration', min: 0, max: WEEK },
          default: 60_000,
          live: true,
        },
      ],
    },
  ],
  card: { width: 172, height: 84 },
  glyph: {
    strokes: ['M5 4h14v5H5z', 'M5 10.5h14v5H5z', 'M5 17h14v3.5H5z'],
    dots: [
      { cx: 8, cy: 6.5, r: 1.1 },
      { cx: 8, cy: 13, r: 1.1 },
    ],
  },
  mermaid: { shape: 'cylinder' },
  docs: {
    modelled: [
      'Replicas with logs of their own: followers pull from the leader, one pull of each partition at a time.',
      'A replica is in sync while it has all that the leader has, or had it within the replica lag time. The check runs every half of that time, so a replica that is stuck leaves after one to one and a half of it.',
      'The high watermark is where the shortest log of the replicas in sync ends. Consumers read only below it; acks=all is answered once it has passed the records.',
      'A lost broker is noticed after its session timeout. Then the first replica of the assignment that is in sync leads; with none, the partition is offline, or an unclean election takes any replica and what it lacks is lost.',
      'A broker that comes back cuts its logs off where the leaders of today began, pulls what it lacks and is in sync again. Every five minutes preferred leaders get their partitions back.',
      'A producer quota: the rate of each Kafka client at each broker over eleven samples of a second; after a request above it the broker serves the client no more for (rate − quota) / quota of that window, at most the window.',
      'A consumer quota: the same for what a group reads, all of its members together; the partitions that such a broker leads give it nothing meanwhile.',
      'Every topic begins its assignment at the first broker, where Kafka draws one.',
    ],
    notModelled: [
      'Quotas of request time (request_percentage): requests take no time of a broker’s threads here, so there is none to measure. A quota for single members of a group, which here are one user.',
      'Racks, controllers that fail, moving replicas, tiered storage and eligible leader replicas (KIP-966).',
      'Disks: a broker that was killed has all that it had written.',
    ],
  },
} as const satisfies KindDefinition;
