import type { FieldDefinition } from '../../design/fields.ts';
import { BYTE_LIMIT } from '../shared/byte-limit.ts';

/** What publishers with a RabbitMQ client notice of a queue and of the broker that it lives in. */
export const brokerFields = [
  {
    name: 'confirmClassic',
    label: 'Confirms after',
    help: 'Time until a publisher hears that its message is safe: a classic queue has written it.',
    value: { type: 'duration', min: 0, max: 60_000 },
    default: 1,
    live: false,
    visibleWhen: { field: 'queueType', is: ['classic'] },
  },
  {
    name: 'confirmQuorum',
    label: 'Confirms after',
    help: 'Time until a publisher hears that its message is safe: most members of a quorum queue have written it.',
    value: { type: 'duration', min: 0, max: 60_000 },
    default: 5,
    live: false,
    visibleWhen: { field: 'queueType', is: ['quorum'] },
  },
  {
    name: 'handlesPerSecond',
    label: 'Takes in at most',
    help: 'Messages a second that the queue can handle. A publisher that sends more is slowed down by credit flow: 400 messages ahead, then 200 at a time. 0 means no limit.',
    value: { type: 'rate', min: 0, max: 10_000_000 },
    default: 0,
    live: false,
  },
  {
    name: 'heartbeat',
    label: 'Heartbeat',
    help: 'Time without a sign of life of a consumer after which the broker closes its connection, and takes back all that it has not acknowledged (heartbeat). 0 means never.',
    value: { type: 'duration', min: 0, max: 3_600_000, zeroMeans: 'off' },
    default: 60_000,
    live: false,
  },
  {
    name: 'memoryWatermark',
    label: 'Broker memory',
    help: 'Bytes of messages waiting in all queues, beyond which the broker’s memory alarm blocks every publisher with a RabbitMQ client (vm_memory_high_watermark). Set it at any queue; the least counts. 0 means no limit.',
    value: BYTE_LIMIT,
    default: 0,
    live: false,
  },
] as const satisfies readonly FieldDefinition[];
