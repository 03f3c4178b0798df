import type { KindDefinition } from '../kind.ts';

export const deadLetterQueue = {
  kind: 'dead-letter-queue',
  name: 'Dead-letter queue',
  family: 'reliability',
  summary: 'Keeps the messages that nobody could process, with the reason.',
  refusal: 'A dead-letter queue takes what failed: the dead letters of a consumer group or a queue.',
  newName: 'dead-letters',
  fields: [
    {
      name: 'alertAt',
      label: 'Alert at',
      help: 'The gauge is full at this many messages.',
      value: { type: 'integer', min: 1, max: 1_000_000_000, unit: 'messages' },
      default: 100,
      live: true,
    },
  ],
  ports: [{ id: 'in', direction: 'in', roles: ['dead'], label: 'Takes from', side: 'left' }],
  faults: [],
  card: { width: 172, height: 76 },
  glyph: {
    strokes: ['M3.5 13v5.5a2 2 0 0 0 2 2h13a2 2 0 0 0 2-2V13', 'M8.5 5l7 7', 'M15.5 5l-7 7'],
    dots: [],
  },
  mermaid: { shape: 'trapezoid' },
  docs: {
    modelled: [
      'Counts what arrives by source and reason, keeps it for the rest of the run, and is never full.',
    ],
    notModelled: ['Browsing single messages and sending them back (redrive).'],
  },
} as const satisfies KindDefinition;
