import type { Design } from '../design/types.ts';
import { sketched } from './sketch.ts';

const http = { endpoint: 'http' };

/** One topic, two queues behind it, and a webhook that is down for longer than SNS tries again. */
export const fanOut: Design = sketched({
  name: 'One subscriber is down',
  nodes: {
    shop: {
      kind: 'producer',
      at: [0, 96],
      fields: { rate: 20, routingKey: 'order.placed: 3, order.paid: 1' },
    },
    orders: { kind: 'event-router', at: [232, 96] },
    shipping: { kind: 'cloud-broker', at: [504, 0] },
    billing: { kind: 'cloud-broker', at: [504, 112] },
    partner: {
      kind: 'service',
      at: [504, 224],
      fields: { concurrency: 20, serviceTime: { shape: 'exponential', mean: 80 } },
    },
    packers: {
      kind: 'consumer-group',
      at: [776, 0],
      fields: { members: 4, serviceTime: { shape: 'exponential', mean: 90 } },
    },
    invoices: {
      kind: 'consumer-group',
      at: [776, 112],
      fields: { members: 2, serviceTime: { shape: 'exponential', mean: 90 } },
    },
    'partner.dlq': { kind: 'dead-letter-queue', at: [504, 336], fields: { alertAt: 1 } },
  },
  edges: [
    'shop > orders',
    'orders > shipping',
    ['orders > billing', { filterPolicy: '{"type": ["order.paid"]}' }],
    ['orders > partner', http],
    'orders.dead > partner.dlq',
    'shipping > packers',
    'billing > invoices',
  ],
  horizonMs: 300_000,
  faults: {
    'partner-down': {
      atMs: 60_000,
      forMs: 90_000,
      node: 'partner',
      fault: 'outage',
      args: { answers: 'refused' },
    },
  },
});
