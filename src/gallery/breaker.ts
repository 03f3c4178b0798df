import type { Design } from '../design/types.ts';

/** A database that gets slow: callers that wait for it drown, those behind a circuit breaker do not. */
export const breaker: Design = {
  version: 1,
  name: 'A circuit breaker',
  messageTypes: [],
  nodes: [
    { id: 'orders', kind: 'producer', name: 'orders', fields: { rate: 80 } },
    { id: 'incoming', kind: 'topic', name: 'incoming', fields: { partitions: 8 } },
    {
      id: 'patient',
      kind: 'consumer-group',
      name: 'patient',
      fields: { members: 8, serviceTime: { shape: 'exponential', mean: 5 } },
    },
    {
      id: 'guarded',
      kind: 'consumer-group',
      name: 'guarded',
      fields: { members: 8, serviceTime: { shape: 'exponential', mean: 5 } },
    },
    {
      id: 'stock-db',
      kind: 'database',
      name: 'stock-db',
      fields: { connections: 20, serviceTime: { shape: 'exponential', mean: 25 } },
    },
  ],
  edges: [
    { id: 'orders-to-incoming', from: 'orders', fromPort: 'out', to: 'incoming', toPort: 'in' },
    { id: 'incoming-to-patient', from: 'incoming', fromPort: 'out', to: 'patient', toPort: 'in' },
    { id: 'incoming-to-guarded', from: 'incoming', fromPort: 'out', to: 'guarded', toPort: 'in' },
    { id: 'patient-to-stock-db', from: 'patient', fromPort: 'out', to: 'stock-db', toPort: 'in' },
    {
      id: 'guarded-to-stock-db',
      from: 'guarded',
      fromPort: 'out',
      to: 'stock-db',
      toPort: 'in',
      fields: {
        fallback: 'on',
        timeout: 250,
        breaker: 'count',
        breakerWindow: 20,
        breakerMinCalls: 10,
        breakerWait: 5000,
        breakerTrials: 5,
      },
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 180_000,
    warmUpMs: 0,
    seed: 7,
    faults: [
      { id: 'slow-disk', atMs: 30_000, forMs: 60_000, node: 'stock-db', fault: 'slow', args: { factor: 40 } },
    ],
  },
  goals: [],
  layout: {
    nodes: [
      { id: 'orders', x: 0, y: 96 },
      { id: 'incoming', x: 240, y: 64 },
      { id: 'patient', x: 560, y: 0 },
      { id: 'guarded', x: 560, y: 192 },
      { id: 'stock-db', x: 960, y: 96 },
    ],
  },
};
