import type { Design } from '../design/types.ts';
import { sketched } from './sketch.ts';

/** A timeout that is shorter than some of the work, and messages that nobody can process. */
export const visibility: Design = sketched({
  name: 'Hidden for ten seconds',
  nodes: {
    uploads: { kind: 'producer', at: [0, 0], fields: { rate: 4 } },
    videos: { kind: 'cloud-broker', at: [240, 0], fields: { visibilityTimeout: 10000, maxReceiveCount: 3 } },
    encoders: {
      kind: 'consumer-group',
      at: [512, 0],
      fields: {
        members: 48,
        serviceTime: { shape: 'log-normal', mean: 2500, cv: 1 },
        maxAttempts: 1,
        guarantee: 'at-least-once',
      },
    },
    'videos.dlq': { kind: 'dead-letter-queue', at: [512, 128] },
  },
  edges: ['uploads > videos', 'videos > encoders', 'videos.dead > videos.dlq'],
  horizonMs: 300000,
  faults: {
    'bad-files': { atMs: 60000, forMs: 20000, node: 'uploads', fault: 'poison', args: { share: 0.2 } },
    'slow-disk': { atMs: 150000, forMs: 60000, node: 'encoders', fault: 'slow', args: { factor: 3 } },
  },
});
