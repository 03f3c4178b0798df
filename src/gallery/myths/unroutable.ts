import type { Design } from '../../design/types.ts';

/** A publisher that gets its confirms knows that its messages arrived somewhere. It is not so. */
export const unroutable: Design = {
  version: 1,
  name: 'Nobody hears of it',
  messageTypes: [],
  nodes: [
    {
      id: 'services',
      kind: 'producer',
      name: 'services',
      fields: {
        rate: 50,
        routingKey: 'order.created: 90, order.canceled: 10',
      },
    },
    {
      id: 'events',
      kind: 'exchange',
      name: 'events',
      fields: {
        type: 'direct',
      },
    },
    {
      id: 'created',
      kind: 'queue',
      name: 'created',
      fields: {},
    },
    {
      id: 'mailer',
      kind: 'consumer-group',
      name: 'mailer',
      fields: {
        members: 1,
        serviceTime: {
          shape: 'constant',
          mean: 10,
        },
      },
    },
  ],
  edges: [
    {
      id: 'services-to-events',
      from: 'services',
      fromPort: 'out',
      to: 'events',
      toPort: 'in',
    },
    {
      id: 'events-to-created',
      from: 'events',
      fromPort: 'out',
      to: 'created',
      toPort: 'in',
      fields: {
        bindingKey: 'order.created',
      },
    },
    {
      id: 'created-to-mailer',
      from: 'created',
      fromPort: 'out',
      to: 'mailer',
      toPort: 'in',
    },
  ],
  groups: [],
  scenario: {
    horizonMs: 120000,
    warmUpMs: 0,
    seed: 7,
    faults: [],
  },
  goals: [],
  layout: {
    nodes: [
      {
        id: 'services',
        x: 0,
        y: 0,
      },
      {
        id: 'events',
        x: 240,
        y: 0,
      },
      {
        id: 'created',
        x: 528,
        y: 0,
      },
      {
        id: 'mailer',
        x: 816,
        y: 0,
      },
    ],
  },
};
