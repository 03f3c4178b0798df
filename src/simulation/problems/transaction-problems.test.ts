import { describe, expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { newDesign } from '../../design/new-design.ts';
import { transactionProblems } from './transaction-problems.ts';

const usual = { commit: 'transaction', polling: 'batch' };

/** `in` → group → `out` → a reader, and whatever else the group reads from or sends to. */
function found(
  fields: Record<string, Json>,
  more: { kind: string; isSource?: boolean } | null = null,
): string[] {
  const nodes = [
    ['in', 'topic', {}],
    ['g', 'consumer-group', fields],
    ['out', 'topic', {}],
    ['r', 'consumer-group', { isolation: 'read-committed' }],
    ...(more ? [['more', more.kind, {}]] : []),
  ] as [string, string, Record<string, Json>][];
  const edges = [
    ['in', 'g'],
    ['g', 'out'],
    ['out', 'r'],
    ...(more ? [more.isSource ? ['more', 'g'] : ['g', 'more']] : []),
  ];
  const design: Design = {
    ...newDesign('d'),
    nodes: nodes.map(([id, kind, own]) => ({ id, kind, name: id, fields: own })),
    edges: edges.map(([from, to], at) => ({ id: `e${at}`, from, fromPort: 'out', to, toPort: 'in' })),
  };
  return transactionProblems(design).map(({ severity, code, field }) => `${severity} ${code} ${field}`);
}

describe('a group that commits with its results', () => {
  it.each<[string, Record<string, Json>, string[]]>([
    ['polls in batches', { commit: 'transaction' }, ['error transaction-refused polling']],
    [
      'does not commit first',
      { ...usual, guarantee: 'at-most-once' },
      ['error transaction-refused guarantee'],
    ],
    ['holds what it tries again', { ...usual, retryMode: 'later' }, ['error transaction-refused retryMode']],
    ['is fine otherwise', usual, []],
    ['is no matter for others', { commit: 'each' }, []],
  ])('%s', (_what, fields, problems) => {
    expect(found(fields)).toEqual(problems);
  });

  it('reads no queue', () => {
    expect(found(usual, { kind: 'queue', isSource: true })).toEqual(['error transaction-refused commit']);
  });

  it('is told what its transactions do not cover', () => {
    expect(found(usual, { kind: 'database' })).toEqual(['info outside-transaction commit']);
  });
});
