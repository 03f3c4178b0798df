import type { KindDefinition } from '../kind.ts';

export const queue = {
  kind: 'queue',
  name: 'Queue',
  family: 'channels',
  summary: 'First in, first out; each message goes to one of the consumers that compete for it.',
  refusal: 'A queue takes messages from producers, consumer groups and exchanges.',
  newName: 'jobs',
  fields: [
    {
      name: 'capacity',
      label: 'Capacity',
      help: 'Most messages waiting in the queue. 0 means no limit.',
      value: { type: 'integer', min: 0, max: 1_000_000_000, unit: 'messages', zeroMeans: 'no limit' },
      default: 0,
      live: true,
    },
    {
      name: 'overflow',
      label: 'When full',
      help: 'What happens to a message that finds the queue full.',
      value: {
        type: 'choice',
        options: [
          { value: 'block', label: 'Block the sender', help: 'The sender waits until there is room.' },
          { value: 'drop-oldest', label: 'Drop the oldest', help: 'The message at the head makes room.' },
          {
            value: 'drop-newest',
            label: 'Drop the newest',
            help: 'The arriving message is refused and lost.',
          },
          {
            value: 'dead-letter',
            label: 'Dead-letter the oldest',
            help: 'The message at the head moves to the dead-letter queue.',
          },
        ],
      },
      default: 'block',
      live: true,
    },
  ],
  ports: [
    { id: 'in', direction: 'in', roles: ['messages', 'dead', 'routed'], label: 'Written by', side: 'left' },
    { id: 'out', direction: 'out', roles: ['deliveries'], label: 'Delivers to', side: 'right' },
    { id: 'dead', direction: 'out', roles: ['dead'], label: 'Dead letters to', side: 'bottom', maxEdges: 1 },
  ],
  faults: [],
  card: { width: 196, height: 68 },
  glyph: {
    strokes: ['M20 5H6a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h14', 'M9 9.5v5', 'M13 9.5v5', 'M17 9.5v5'],
    dots: [],
  },
  mermaid: { shape: 'subroutine' },
  docs: {
    modelled: [
      'Strict first in, first out; a message taken by a consumer that crashes goes back to its original place.',
      'A capacity in messages waiting (messages being processed do not count), and four overflow policies.',
      'Several consumer groups on one queue compete: each message goes to exactly one of them, in turn among those with a free place.',
    ],
    notModelled: ['Priorities, message expiry, delivery limits and publisher confirms.'],
  },
} as const satisfies KindDefinition;
