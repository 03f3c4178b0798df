import { expect, it } from 'vitest';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** What the law says of a stream that refuses records, in which somebody meddles. */
function saidOf(rate: number, meddle: (inside: RunParts) => void = () => {}): string | null {
  const { run } = compile(
    sketched({
      name: 'refusals',
      nodes: {
        p: { kind: 'producer', at: [0, 0], fields: { rate, keyCount: 3 } },
        s: { kind: 'topic', at: [240, 0], fields: { service: 'kinesis', partitions: 2 } },
        g: {
          kind: 'consumer-group',
          at: [480, 0],
          fields: { serviceTime: { shape: 'constant', mean: 0.1 } },
        },
      },
      edges: ['p > s', 's > g'],
      horizonMs: 6000,
    }),
  );
  meddle(insideOf(run!));
  const watch = watchRun(run!, [], [LAWS.stream]);
  try {
    while (run!.advance(Infinity, 1) === 1) {
      watch.check(true);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('stream: says nothing of a stream that refuses what it must', () => {
  expect(saidOf(1500)).toBeNull();
});

it('stream: sees senders who wait though a new second has begun', () => {
  const sleeps = ({ kinds }: RunParts) => (kinds.topics.shards!.fire = () => {});
  expect(saidOf(3000, (inside) => void sleeps(inside))).toMatch(/^I46: waits for a stream/);
});

it('stream: sees a shard that refuses a record too early', () => {
  const counts = ({ kinds }: RunParts) => {
    const shards = kinds.topics.shards!;
    const admit = shards.admit.bind(shards);
    // Each is counted twice.
    shards.admit = (sim, node, message) => (admit(sim, node, message) < 0 ? -1 : admit(sim, node, message));
  };
  expect(saidOf(1500, counts)).toMatch(/^I46: refused by a shard with room/);
});
