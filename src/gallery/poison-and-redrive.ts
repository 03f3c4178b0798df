import type { Design } from '../design/types.ts';

/** Messages that no try can save, sent back twice: before their cause was mended, and after. */
export const poisonAndRedrive: Design = {
  version: 1,
  name: 'Poison and redrive',
  messageTypes: [],
  nodes: [
    { id: 'invoices', kind: 'producer', name: 'invoices', fields: { rate: 40 } },
    { id: 'to-print', kind: 'queue', name: 'to print', fields: {} },
    {
      id: 'printers',
      kind: 'consumer-group',
      name: 'printers',
      fields: {
        members: 4,
        serviceTime: { shape: 'exponential', mean: 40 },
        maxAttempts: 3,
        retryMode: 'later',
        backoff: 500,
        jitter: 'full',
      },
    },
    { id: 'unprinted', kind: 'dead-letter-queue', name: 'unprinted', fields: { alertAt: 100 } },
  ],
  edges: [
    { id: 'invoices-to-queue', from: 'invoices', fromPort: 'out', to: 'to-print', toPort: 'in' },
    { id: 'queue-to-printers', from: 'to-print', fromPort: 'out', to: 'printers', toPort: 'in' },
    { id: 'printers-to-unprinted', from: 'printers', fromPort: 'failed', to: 'unprinted', toPort: 'in' },
  ],
  groups: [],
  scenario: {
    horizonMs: 360_000,
    warmUpMs: 0,
    seed: 11,
    faults: [
      {
        id: 'bad-template',
        atMs: 60_000,
        forMs: 30_000,
        node: 'invoices',
        fault: 'poison',
        args: { share: 0.2 },
      },
      {
        id: 'too-early',
        atMs: 120_000,
        node: 'unprinted',
        fault: 'redrive',
        args: { count: 0, rate: 0, to: 'source', messages: 'as-they-are' },
      },
      {
        id: 'after-the-fix',
        atMs: 240_000,
        node: 'unprinted',
        fault: 'redrive',
        args: { count: 0, rate: 5, to: 'source', messages: 'mended' },
      },
    ],
  },
  goals: [],
  layout: {
    nodes: [
      { id: 'invoices', x: 0, y: 0 },
      { id: 'to-print', x: 240, y: 0 },
      { id: 'printers', x: 512, y: 0 },
      { id: 'unprinted', x: 800, y: 112 },
    ],
  },
};
