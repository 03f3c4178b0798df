import { expect, it } from 'vitest';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** What the laws say of a hot shard that forgets how much it has had every so many records. */
function saidOf(size: number, forgetsEvery = Infinity): string | null {
  const { run } = compile(
    sketched({
      name: 'streams',
      nodes: {
        p: {
          kind: 'producer',
          at: [0, 0],
          fields: { rate: 3000, keyCount: 3, size: { shape: 'constant', mean: size } },
        },
        s: { kind: 'topic', at: [0, 0], fields: { service: 'kinesis', partitions: 2 } },
        g: { kind: 'consumer-group', at: [0, 0], fields: { serviceTime: { shape: 'constant', mean: 0.1 } } },
      },
      edges: ['p > s', 's > g'],
      horizonMs: 10_000,
    }),
  );
  const shards = insideOf(run!).kinds.topics.shards!;
  const watch = watchRun(run!, [], [LAWS.stream]);
  try {
    for (let event = 0; event < 12_000 && run!.advance(Infinity, 1) === 1; event++) {
      watch.check(event % 100 === 0);
      if (event % forgetsEvery !== forgetsEvery - 1) continue;
      (Reflect.get(shards, 'records') as Int32Array).fill(0);
      (Reflect.get(shards, 'bytes') as Float64Array).fill(0);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('stream: says nothing of runs as they are', () => {
  expect(saidOf(100)).toBeNull();
  expect(saidOf(5000)).toBeNull();
});

it('stream: sees a shard that takes more records or more bytes than it may', () => {
  expect(saidOf(100, 2900)).toMatch(/^I10: records of a shard/);
  expect(saidOf(5000, 300)).toMatch(/^I10: bytes of a shard/);
});
