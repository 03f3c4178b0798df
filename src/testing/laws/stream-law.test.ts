import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

type Fields = Record<string, Json>;

/** What the laws say of a hot shard in which something is put back to nothing every so many records. */
function saidOf(size: number, forgets: readonly string[] = [], every = Infinity, reading: Fields = {}) {
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
      edges: ['p > s', ['s > g', reading]],
      horizonMs: 10_000,
    }),
  );
  const { shards, reads } = insideOf(run!).kinds.topics;
  const watch = watchRun(run!, [], [LAWS.stream]);
  try {
    for (let event = 0; event < 12_000 && run!.advance(Infinity, 1) === 1; event++) {
      watch.check(event % 100 === 0);
      if (event % every !== every - 1) continue;
      for (const what of forgets) {
        const owner: object = Reflect.has(shards!, what) ? shards! : reads!;
        (Reflect.get(owner, what) as Float64Array).fill(0);
      }
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const OFTEN: Fields = { readInterval: 1 };
const PUSHED: Fields = { reads: 'fan-out' };

it('stream: says nothing of runs as they are', () => {
  expect(saidOf(100)).toBeNull();
  expect(saidOf(5000)).toBeNull();
  expect(saidOf(100, [], Infinity, OFTEN)).toBeNull();
  expect(saidOf(5000, [], Infinity, PUSHED)).toBeNull();
});

it('stream: sees a shard that takes more records or more bytes than it may', () => {
  expect(saidOf(100, ['records', 'bytes'], 2900)).toMatch(/^I10: records of a shard/);
  expect(saidOf(5000, ['records', 'bytes'], 300)).toMatch(/^I10: bytes of a shard/);
});

it('stream: sees a shard that answers more calls than it may, and a reader that calls too soon', () => {
  expect(saidOf(100, ['calls'], 100, OFTEN)).toMatch(/^I10: calls of a shard/);
  expect(saidOf(100, ['next', 'fetched'], 100)).toMatch(/^I32: a reader calls before its time/);
});

it('stream: sees a record that is pushed too soon', () => {
  expect(saidOf(100, ['waits'], 100, PUSHED)).toBeNull();
  const { run } = compile(
    sketched({
      name: 'pushed',
      nodes: {
        p: { kind: 'producer', at: [0, 0] },
        s: { kind: 'topic', at: [0, 0], fields: { service: 'kinesis' } },
        g: { kind: 'consumer-group', at: [0, 0] },
      },
      edges: ['p > s', ['s > g', PUSHED]],
      horizonMs: 10_000,
    }),
  );
  const { reads } = insideOf(run!).kinds.topics;
  reads!.mayTake = () => true;
  const watch = watchRun(run!, [], [LAWS.stream]);
  expect(() => {
    while (run!.advance(Infinity, 1) === 1) watch.check(false);
  }).toThrow(/^I32: a record was pushed too soon/);
});
