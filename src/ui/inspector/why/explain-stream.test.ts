import { expect, it } from 'vitest';
import { sketched } from '../../../gallery/sketch.ts';
import { compile } from '../../../simulation/compile.ts';
import { evidenceOf } from '../../../testing/frame-of.ts';
import { explainNode, plainText } from './explain-node.ts';

/** What is said after a minute of a stream of one shard that three groups read. */
function said(reads: string, node: string): string | null {
  const design = sketched({
    name: 'Readers',
    nodes: {
      web: {
        kind: 'producer',
        at: [0, 0],
        fields: { arrivals: 'constant', rate: 900, keyCount: 1, size: { shape: 'constant', mean: 1000 } },
      },
      clicks: { kind: 'topic', at: [240, 0], fields: { service: 'kinesis', partitions: 1 } },
      ...Object.fromEntries(
        ['a', 'b', 'c'].map((id) => [
          id,
          {
            kind: 'consumer-group',
            at: [480, 0],
            fields: { members: 1, serviceTime: { shape: 'constant', mean: 0 } },
          },
        ]),
      ),
    },
    edges: ['web > clicks', ...['a', 'b', 'c'].map((id) => [`clicks > ${id}`, { reads }] as const)],
    horizonMs: 600_000,
  });
  const run = compile(design).run!;
  run.advance(60_000, Infinity);
  const found = explainNode({ ...evidenceOf(design, run), trace: [] }, node);
  return found && `${found.question} ${plainText(found)}`;
}

it('a stream says how many calls of those who share it were refused, and each of them why it lags', () => {
  expect(said('shared', 'clicks')).toMatch(
    /^Why are reads refused\? So far \d+ calls of its consumers were refused: a shard answers 5 calls and gives 2 MiB/,
  );
  expect(said('shared', 'a')).toMatch(
    /^Why is it lagging\? Shards of clicks refused \d+ of its calls so far:/,
  );
});

it('with enhanced fan-out there is nothing to say', () => {
  expect(said('fan-out', 'clicks')).toBeNull();
  expect(said('fan-out', 'a')).toBeNull();
});
