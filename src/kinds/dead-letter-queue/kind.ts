import type { KindDefinition } from '../kind.ts';

/** Letters are messages that stay in memory, and one redrive may send all of them at one instant. */
const MOST_LETTERS = 200_000;

export const deadLetterQueue = {
  kind: 'dead-letter-queue',
  name: 'Dead-letter queue',
  family: 'reliability',
  summary:
    'Keeps the messages that nobody could process, with the reason, and sends them back when asked to.',
  refusal: 'A dead-letter queue takes what failed: the dead letters of a consumer group or a queue.',
  newName: 'dead-letters',
  fields: [
    {
      name: 'alertAt',
      label: 'Alert at',
      help: 'The gauge is full at this many letters.',
      value: { type: 'integer', min: 1, max: 1_000_000_000, unit: 'messages' },
      default: 100,
      live: true,
    },
    {
      name: 'keeps',
      label: 'Keeps at most',
      help: 'With more letters than this the oldest go, as they do after the retention time of a real one.',
      value: { type: 'integer', min: 1, max: MOST_LETTERS, unit: 'messages' },
      default: 10_000,
      live: true,
    },
  ],
  ports: [
    { id: 'in', direction: 'in', roles: ['dead'], label: 'Takes from', side: 'left' },
    { id: 'out', direction: 'out', roles: ['redriven'], label: 'Redrives to', side: 'right', maxEdges: 1 },
  ],
  faults: [
    {
      id: 'redrive',
      label: 'Redrive its letters',
      help: 'What lies here goes back as new messages, the oldest first. What fails again comes back.',
      badge: 'Redriving',
      doItNow: 'Redrive now',
      healLabel: 'Stop the redrive',
      endsItself: true,
      byNameOnly: true,
      fields: [
        {
          name: 'count',
          label: 'How many',
          help: 'Letters to send back, the oldest first. 0 means all that lie here now.',
          value: { type: 'integer', min: 0, max: MOST_LETTERS, unit: 'messages', zeroMeans: 'all' },
          default: 0,
          live: true,
        },
        {
          name: 'rate',
          label: 'At a rate of',
          help: 'Letters a second, so that those who failed are not flooded. 0 means all at once.',
          value: { type: 'rate', min: 0, max: 1_000_000 },
          default: 0,
          live: true,
        },
        {
          name: 'to',
          label: 'To',
          help: 'Where they go.',
          value: {
            type: 'choice',
            options: [
              {
                value: 'source',
                label: 'Where they came from',
                help: 'The queue or topic that each was read from when it failed, or that was too full for it.',
              },
              {
                value: 'target',
                label: 'The edge drawn here',
                help: 'Where the edge of this queue leads; where they came from if it has none.',
              },
            ],
          },
          default: 'source',
          live: true,
        },
        {
          name: 'messages',
          label: 'Messages',
          help: 'Whether the cause was mended before.',
          value: {
            type: 'choice',
            options: [
              { value: 'as-they-are', label: 'As they are', help: 'Poison fails again.' },
              { value: 'mended', label: 'Mended', help: 'Poison messages are good from now on.' },
            ],
          },
          default: 'as-they-are',
          live: true,
        },
      ],
    },
  ],
  card: { width: 172, height: 76 },
  fullBadge: 'Alert',
  glyph: {
    strokes: ['M3.5 13v5.5a2 2 0 0 0 2 2h13a2 2 0 0 0 2-2V13', 'M8.5 5l7 7', 'M15.5 5l-7 7'],
    dots: [],
  },
  mermaid: { shape: 'trapezoid' },
  docs: {
    modelled: [
      'Keeps what arrives with its reason, its tries and where it came from, and is never full: beyond what it keeps the oldest go, and are counted as forgotten.',
      'What arrives has ended for the books. A redrive makes new messages of it, at the end of the queue or log that they came from: their tries start anew, their order is lost, they are marked as redriven and may fail again.',
      'A redrive takes all letters that lie here when it begins, or the oldest so many, at once or at a rate, and waits for a target that is full.',
    ],
    notModelled: ['Retention by age, and choosing letters one by one.'],
  },
} as const satisfies KindDefinition;
