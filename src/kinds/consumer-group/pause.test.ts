import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import type { TraceRow } from '../../simulation/run.ts';
import type { RunResults } from '../../simulation/results/results.ts';
import { watchRun } from '../../testing/laws/watch-run.ts';

/** Work of 5 s a message, where 3 s between two polls is the most; the whole run under every law. */
function ran(fields: Record<string, Json>): { results: RunResults; rows: TraceRow[] } {
  const run = compile(
    sketched({
      name: 'Piled up',
      nodes: {
        p: {
          kind: 'producer',
          at: [0, 0],
          fields: { arrivals: 'constant', rate: 1, stopAfter: 20 },
        },
        t: { kind: 'topic', at: [200, 0], fields: { partitions: 2 } },
        g: {
          kind: 'consumer-group',
          at: [400, 0],
          fields: {
            members: 2,
            serviceTime: { shape: 'constant', mean: 5000 },
            maxPollInterval: 3000,
            heartbeat: 500,
            ...fields,
          },
        },
      },
      edges: ['p > t', 't > g'],
      horizonMs: 120_000,
    }),
  ).run!;
  const watch = watchRun(run, []);
  const rows: TraceRow[] = [];
  while (run.advance(120_000, 50) > 0) {
    watch.check(true);
    run.drainMessages();
    rows.push(...run.drainTrace());
  }
  watch.checkEnd();
  return { results: run.results(), rows };
}

const statesOf = (rows: readonly TraceRow[]): Set<string | undefined> =>
  new Set(rows.filter(({ member }) => member !== undefined).map(({ state }) => state));

describe.each([
  ['one by one', { polling: 'single' }],
  ['in batches', { polling: 'batch', commit: 'batch', maxPollRecords: 3 }],
])('a member whose work piles up, polling %s,', (_how, polling) => {
  it('is out of the group where it polls only when it is done', () => {
    const { results, rows } = ran({ ...polling, pileUp: 'block' });
    expect(statesOf(rows)).toContain('expelled');
    expect(results.nodes.g.duplicates).toBeGreaterThan(0);
  });

  it('stays in it where it pauses its partitions and polls on, and shows that', () => {
    const { results, rows } = ran({ ...polling, pileUp: 'pause' });
    expect(statesOf(rows)).toEqual(new Set(['paused', 'reading']));
    expect(results.totals.acknowledged).toBe(20);
    expect(results.nodes.g.duplicates).toBe(0);
    expect(rows.find(({ state }) => state === 'paused')!.text).toMatch(
      /^g, m\d: has as much as it can work on: it has paused its partitions/,
    );
  });
});
