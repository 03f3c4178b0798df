import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { logProblems } from './log-problems.ts';

function problemsOf(keys: string, topic: Record<string, Json>) {
  const nodes = {
    p: ['producer', { keys }],
    q: ['queue', {}],
    g: ['consumer-group', {}],
    t: ['topic', topic],
  } as const;
  const design = designOf(nodes as unknown as Parameters<typeof designOf>[0], ['p > q', 'q > g', 'g > t']);
  return logProblems(design).map(({ severity, code, node, field }) => `${severity} ${code} ${node} ${field}`);
}

it('refuses messages without a key on their way to a compacted topic', () => {
  expect(problemsOf('none', { cleanup: 'compact' })).toEqual(['error compacted-without-key p keys']);
  expect(problemsOf('none', { cleanup: 'compact-delete' })).toHaveLength(1);
  expect(problemsOf('none', {})).toEqual([]);
  expect(problemsOf('uniform', { cleanup: 'compact' })).toEqual([]);
});
