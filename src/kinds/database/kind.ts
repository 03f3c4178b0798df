import type { KindDefinition } from '../kind.ts';
import { GUARD_FIELDS } from '../shared/call-guard/guard-fields.ts';

export const database = {
  kind: 'database',
  name: 'Database',
  family: 'state',
  summary: 'Answers calls over a fixed number of connections; when all are busy, callers wait.',
  refusal: 'A database is called by consumer groups and producers.',
  newName: 'database',
  fields: [
    {
      name: 'connections',
      label: 'Connections',
      help: 'Calls answered at the same time. Further callers wait and are blocked meanwhile.',
      value: { type: 'integer', min: 1, max: 10_000, unit: 'connections' },
      default: 20,
      live: true,
    },
    {
      name: 'serviceTime',
      label: 'Service time',
      help: 'Time one call takes.',
      value: { type: 'distribution', unit: 'ms' },
      default: { shape: 'exponential', mean: 10 },
      live: true,
    },
    {
      name: 'failureProbability',
      label: 'Failures',
      help: 'Chance that a call fails; the caller sees a failed try.',
      value: { type: 'probability' },
      default: 0,
      live: true,
    },
  ],
  ports: [
    {
      id: 'in',
      direction: 'in',
      roles: ['messages'],
      label: 'Called by',
      side: 'left',
      edgeFields: GUARD_FIELDS,
    },
  ],
  faults: [
    {
      id: 'stop',
      label: 'Stop it',
      help: 'Calls in progress fail and no call gets through until it is started again.',
      badge: 'Stopped',
      healLabel: 'Start it again',
      fields: [],
    },
    {
      id: 'slow',
      label: 'Slow it down',
      help: 'Every call takes this many times longer.',
      badge: '{factor}× slower',
      healLabel: 'Back to normal speed',
      fields: [
        {
          name: 'factor',
          label: 'Times slower',
          help: 'Service times are multiplied by this.',
          value: { type: 'number', min: 1, max: 1000, unit: '×' },
          default: 8,
          live: true,
        },
      ],
    },
  ],
  card: { width: 164, height: 68 },
  glyph: { strokes: ['M3.5 6c2 1.6 5 2.3 8.5 2.3s6.5-.7 8.5-2.3', 'M7 13.5h10', 'M7 18h6'], dots: [] },
  mermaid: { shape: 'cylinder' },
  docs: {
    modelled: [
      'A fixed number of connections; a caller that finds none free waits in order of arrival.',
      'While stopped, calls in progress fail at once and new calls wait until it is back.',
      'Guards of each calling edge, in the order of resilience4j: fallback, retry, circuit breaker, rate limiter, time limiter, bulkhead. A try that was refused by one of the inner guards has failed for the breaker and for the retry.',
      'A try that timed out goes on at the database and keeps its place in the bulkhead until it is done; its answer is ignored. One that still waits for a connection gives up its place in the line.',
      'Calls along a guarded edge do not hold back a producer: each waits by itself, however many there are. The worker of a consumer group is held until its call has ended.',
    ],
    notModelled: [
      'Contents, locks and replication.',
      'The members of a group share the guards of their edge, as the threads of one process do; real members each have their own.',
    ],
  },
} as const satisfies KindDefinition;
