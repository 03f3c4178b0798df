import { expect, it } from 'vitest';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { GrowthLaw } from './growth-law.ts';
import { insideOf, watchRun } from './watch-run.ts';

const design = sketched({
  name: 'Growing',
  nodes: {
    client: { kind: 'producer', at: [0, 0], fields: { rate: 200, client: 'kafka', metadataMaxAge: 400 } },
    plain: { kind: 'producer', at: [0, 100], fields: { rate: 200 } },
    orders: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
    billing: {
      kind: 'consumer-group',
      at: [480, 0],
      fields: { metadataMaxAge: 300, heartbeat: 20, offsetReset: 'latest' },
    },
  },
  edges: ['client > orders', 'plain > orders', 'orders > billing'],
  faults: { more: { atMs: 500, node: 'orders', fault: 'add-partitions', args: { partitions: 5 } } },
  horizonMs: 2000,
});

/** What the law says of a run that is doctored before its first event. */
function said(doctor: (inside: RunParts) => void): string | null {
  const { run } = compile(design);
  const inside = insideOf(run!);
  doctor(inside);
  const watch = watchRun(run!, [], [(scene) => new GrowthLaw(scene)]);
  try {
    while (run!.advance(2000, 1) === 1) {
      watch.check(true);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('says nothing of a run as it is, in which a topic grows', () => {
  expect(said(() => {})).toBeNull();
});

it.each<[RegExp, (inside: RunParts) => void]>([
  [/^I5: partitions of a topic/, ({ kinds }) => (kinds.topics.addPartitions = () => {})],
  [/^I32: a group does not hear/, ({ kinds }) => (kinds.consumers.rebalance.hearPartitions = () => {})],
  [/^I11: begins before the end by latest/, ({ kinds }) => (kinds.topics.reset = () => {})],
  [
    /^I24: a key in a partition of no number/,
    ({ kinds, indexOf }) => {
      const { offer } = kinds.topics;
      const topic = indexOf.get('orders')!;
      kinds.topics.offer = (sim, node, message, tag) =>
        offer.call(kinds.topics, sim, node, message, node === topic && tag >= 0 ? ~0 : tag);
    },
  ],
])('says %s', (sentence, doctor) => {
  expect(said(doctor)).toMatch(sentence);
});
