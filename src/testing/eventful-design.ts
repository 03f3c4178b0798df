import type { Design, ScheduledFault } from '../design/types.ts';
import { orders } from '../gallery/orders.ts';

const faults: readonly ScheduledFault[] = [
  { id: 'crash', atMs: 5000, forMs: 15_000, node: 'billing', fault: 'crash', args: { member: 2 } },
  { id: 'stop', atMs: 8000, forMs: 3000, node: 'warehouse', fault: 'stop', args: {} },
  { id: 'burst', atMs: 12_000, forMs: 4000, node: 'checkout-web', fault: 'burst', args: { factor: 3 } },
  { id: 'slow', atMs: 20_000, node: 'shipping', fault: 'slow', args: { factor: 4 } },
];

/**
 * A short run in which everything happens at once: a rebalance, a database that stops, a burst, retries, dead
 * letters, a queue of four places that blocks its sender.
 */
export const eventfulDesign: Design = {
  ...orders,
  nodes: [
    ...orders.nodes,
    { id: 'narrow', kind: 'queue', name: 'narrow', fields: { capacity: 4 } },
    { id: 'slowpoke', kind: 'producer', name: 'slowpoke', fields: { rate: 30 } },
    {
      id: 'clerks',
      kind: 'consumer-group',
      name: 'clerks',
      fields: {
        members: 2,
        serviceTime: { shape: 'uniform', min: 20, max: 100 },
        failureProbability: 0.3,
        backoff: 10,
      },
    },
  ],
  edges: [
    ...orders.edges,
    { id: 'slowpoke-to-narrow', from: 'slowpoke', fromPort: 'out', to: 'narrow', toPort: 'in' },
    { id: 'narrow-to-clerks', from: 'narrow', fromPort: 'out', to: 'clerks', toPort: 'in' },
  ],
  scenario: { horizonMs: 30_000, warmUpMs: 2000, seed: 11, faults },
};
