import type { Design } from '../design/types.ts';

/** A topic exchange with overlapping patterns, and an alternate exchange for what none of them matches. */
export const routing: Design = {
  version: 1,
  name: 'Routing by pattern',
  messageTypes: [],
  nodes: [
    {
      id: 'services',
      kind: 'producer',
      name: 'services',
      fields: { routingKey: 'shop.info: 80, shop.error: 5, billing.error: 5, heartbeat: 10' },
    },
    { id: 'logs', kind: 'exchange', name: 'logs', fields: {} },
    { id: 'alerts', kind: 'queue', name: 'alerts', fields: {} },
    { id: 'on-call', kind: 'consumer-group', name: 'on-call', fields: { members: 1 } },
    { id: 'shop-log', kind: 'queue', name: 'shop-log', fields: {} },
    { id: 'archive', kind: 'consumer-group', name: 'archive', fields: { members: 4 } },
    { id: 'leftovers', kind: 'exchange', name: 'leftovers', fields: { type: 'fanout' } },
    { id: 'unmatched', kind: 'queue', name: 'unmatched', fields: {} },
    { id: 'triage', kind: 'consumer-group', name: 'triage', fields: { members: 1 } },
  ],
  edges: [
    { id: 'services-to-logs', from: 'services', fromPort: 'out', to: 'logs', toPort: 'in' },
    {
      id: 'logs-to-alerts',
      from: 'logs',
      fromPort: 'out',
      to: 'alerts',
      toPort: 'in',
      fields: { bindingKey: '*.error' },
    },
    {
      id: 'logs-to-shop-log',
      from: 'logs',
      fromPort: 'out',
      to: 'shop-log',
      toPort: 'in',
      fields: { bindingKey: 'shop.#' },
    },
    { id: 'logs-to-leftovers', from: 'logs', fromPort: 'alternate', to: 'leftovers', toPort: 'in' },
    { id: 'leftovers-to-unmatched', from: 'leftovers', fromPort: 'out', to: 'unmatched', toPort: 'in' },
    { id: 'alerts-to-on-call', from: 'alerts', fromPort: 'out', to: 'on-call', toPort: 'in' },
    { id: 'shop-log-to-archive', from: 'shop-log', fromPort: 'out', to: 'archive', toPort: 'in' },
    { id: 'unmatched-to-triage', from: 'unmatched', fromPort: 'out', to: 'triage', toPort: 'in' },
  ],
  groups: [],
  scenario: { horizonMs: 300_000, warmUpMs: 0, seed: 4, faults: [] },
  goals: [],
  layout: {
    nodes: [
      { id: 'services', x: 0, y: 64 },
      { id: 'logs', x: 240, y: 64 },
      { id: 'alerts', x: 560, y: 0 },
      { id: 'on-call', x: 848, y: 0 },
      { id: 'shop-log', x: 560, y: 128 },
      { id: 'archive', x: 848, y: 128 },
      { id: 'leftovers', x: 304, y: 256 },
      { id: 'unmatched', x: 560, y: 256 },
      { id: 'triage', x: 848, y: 256 },
    ],
  },
};
