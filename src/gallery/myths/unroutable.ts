import type { Design } from '../../design/types.ts';
import { sketched } from '../sketch.ts';

/** A publisher that gets its confirms knows that its messages arrived somewhere. It is not so. */
export const unroutable: Design = sketched({
  name: 'Nobody hears of it',
  nodes: {
    services: {
      kind: 'producer',
      at: [0, 0],
      fields: {
        rate: 50,
        routingKey: 'order.created: 90, order.canceled: 10',
        client: 'rabbitmq',
        confirms: 'on',
      },
    },
    events: { kind: 'exchange', at: [240, 0], fields: { type: 'direct' } },
    created: { kind: 'queue', at: [528, 0] },
    mailer: {
      kind: 'consumer-group',
      at: [816, 0],
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 10 } },
    },
  },
  edges: ['services > events', ['events > created', { bindingKey: 'order.created' }], 'created > mailer'],
  horizonMs: 120000,
});
