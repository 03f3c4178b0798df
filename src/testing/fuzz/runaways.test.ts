import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import { designOf } from '../metamorphic/run-figures.ts';

const work = (mean: number) => ({ serviceTime: { shape: 'constant', mean }, concurrency: 1000 });

/** Runs a design until it ends or is stopped, in calls as short as a page makes them; few messages, for speed. */
function said(design: Design): { warnings: string[]; stopped: string | undefined } {
  const { run, problems } = compile(design, { untilMs: 600_000, limits: { messages: 300_000 } });
  if (!run) return { warnings: problems.map(({ message }) => message), stopped: undefined };
  while (!run.done) {
    run.advance(Infinity, 20_000);
    run.drainTrace();
  }
  return {
    warnings: problems.map(({ code, message }) => `${code}: ${message}`),
    stopped: run.stoppedBy?.message,
  };
}

describe('a design that runs away', () => {
  it('is stopped with node and reason when each message that goes round comes back twice', () => {
    const design = designOf(
      { source: ['producer', { rate: 10 }], a: ['topic'], b: ['topic'], g: ['consumer-group', work(10)] },
      ['source > a', 'a > g', 'b > g', 'g > a', 'g > b'],
    );
    const { warnings, stopped } = said(design);
    expect(warnings.join('\n')).toContain(
      'endless-circle: The loop g → a → g grows 2 times every round: 10/s come in from outside',
    );
    expect(stopped).toMatch(/^The run stopped at .* needed more than 300,000 messages alive/);
  });

  it('is stopped when a chain of topics makes millions of one', () => {
    const nodes: Record<string, readonly [string, Record<string, never>?]> = { source: ['producer'] };
    const edges: string[] = ['source > t0'];
    for (let stage = 0; stage < 12; stage++) {
      nodes[`t${stage}`] = ['topic'];
      for (const twin of ['a', 'b', 'c', 'd']) {
        nodes[`g${stage}${twin}`] = ['consumer-group', work(1) as never];
        edges.push(`t${stage} > g${stage}${twin}`);
        if (stage < 11) edges.push(`g${stage}${twin} > t${stage + 1}`);
      }
    }
    const { stopped } = said(designOf(nodes, edges));
    expect(stopped).toMatch(/^The run stopped at .* needed more than 300,000 messages alive/);
  });

  it('is stopped when a live change makes time stand still', () => {
    const design = designOf({ source: ['producer'], q: ['queue'], g: ['consumer-group', work(10)] }, [
      'source > q',
      'q > g',
      'g > q',
    ]);
    const { run } = compile(design, { untilMs: 600_000 });
    run!.advance(2000, Infinity);
    expect(run!.setField('g', 'serviceTime', { shape: 'constant', mean: 0 })).toBeNull();
    run!.advance(Infinity, 10_000_000);
    expect(run!.stoppedBy).toMatchObject({ code: 'limit-reached', node: 'g' });
    expect(run!.stoppedBy?.message).toMatch(/time stands still at g, where more than 1,000,000 events/);
  });

  it('is warned of before it starts when retries ask for more than there is', () => {
    const storm = { failureProbability: 0.9, maxAttempts: 100, backoff: 0, members: 2 };
    const design = designOf(
      { source: ['producer', { rate: 90 }], q: ['queue'], g: ['consumer-group', storm] },
      ['source > q', 'q > g'],
    );
    expect(compile(design).problems.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^No bound: 90\/s arrive at g, it can do \d+/),
    );
  });
});
