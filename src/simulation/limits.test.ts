import { describe, expect, it } from 'vitest';
import type { Design } from '../design/types.ts';
import { insideOf } from '../testing/laws/watch-run.ts';
import { designOf } from '../testing/metamorphic/run-figures.ts';
import { compile } from './compile.ts';
import { RUN_LIMITS } from './size-limits.ts';

const quick = { serviceTime: { shape: 'constant', mean: 1 }, members: 10, concurrency: 1000 };
const chain = designOf({ source: ['producer'], q: ['queue'], g: ['consumer-group', quick] }, [
  'source > q',
  'q > g',
]);

const flood = designOf({ source: ['producer', { rate: 1e6 }], q: ['queue'], g: ['consumer-group'] }, [
  'source > q',
  'q > g',
]);

/** Why a run of at most so many messages stops. */
function stopped(design: Design, messages: number): string | undefined {
  const { run } = compile(design, { limits: { messages }, untilMs: 5000 });
  while (!run!.done) run!.advance(Infinity, 100_000);
  return run!.stoppedBy?.message;
}

describe('a run that reaches a limit', () => {
  it('names the loop that its messages come back by, and how many are sent', () => {
    const twice = designOf(
      { source: ['producer'], a: ['topic'], b: ['topic'], g: ['consumer-group', quick] },
      ['source > a', 'a > g', 'b > g', 'g > a', 'g > b'],
    );
    expect(stopped(twice, 10_000)).toMatch(
      /^The run stopped at [\d.]+ ms: g needed more than 10,000 messages alive\. It sends [\d,]+\/s, and what it sends comes back to it: g → a → g\. Break the loop, or send less of it round\./,
    );
  });

  it('says what copies make of a message', () => {
    const nodes: Record<string, [string, Record<string, never>?]> = { source: ['producer'], t0: ['topic'] };
    const edges = ['source > t0'];
    for (let stage = 0; stage < 8; stage++) {
      nodes[`t${stage + 1}`] = ['topic'];
      for (const twin of ['a', 'b', 'c', 'd']) {
        nodes[`g${stage}${twin}`] = ['consumer-group', quick as never];
        edges.push(`t${stage} > g${stage}${twin}`, `g${stage}${twin} > t${stage + 1}`);
      }
    }
    expect(stopped(designOf(nodes, edges), 10_000)).toMatch(
      /Each of the \d+ messages produced became [\d,]+, as every reader of a topic gets a copy\./,
    );
  });

  it('says how many a producer sends where nobody keeps up', () => {
    expect(stopped(flood, 10_000)).toMatch(
      /^The run stopped at [\d.]+ ms: source needed more than 10,000 messages alive\. It sends [\d,]+\/s\. Most messages wait in q: 9,997\.$/,
    );
  });

  it('takes no more commands: it stopped in the middle of an event', () => {
    const { run } = compile(flood, { limits: { messages: 10_000 }, untilMs: 5000 });
    while (!run!.done) run!.advance(Infinity, 100_000);
    expect(run!.setField('source', 'rate', 10)).toMatchObject({
      code: 'run-over',
      message: expect.stringMatching(/^The run stopped at .* Go back in time or reset it to change it\.$/),
    });
    expect(run!.inject('f', 'source', 'stop', {})).toMatchObject({ code: 'run-over' });
  });

  it('says how much memory there is, before it takes more, and holds no more than that', () => {
    const bytes = 4_000_000;
    const { run } = compile(flood, { limits: { bytes }, untilMs: 5000 });
    expect(run).not.toBeNull();
    while (!run!.done) run!.advance(Infinity, 100_000);
    expect(run!.stoppedBy?.message).toMatch(/: source needed more than 4,000,000 bytes of memory\. /);
    expect(insideOf(run!).sim.columns.bytes()).toBeLessThanOrEqual(bytes);
    expect(run!.results().totals.inFlight).toBeGreaterThan(1000);
    expect(compile(chain, { limits: { bytes: 10_000 } }).problems).toMatchObject([
      {
        code: 'too-large',
        message: 'The design is too large to run: it needs more than 10,000 bytes of memory.',
      },
    ]);
  });

  it('stops after so many events, however its time is cut into calls', () => {
    const hashes = [1, 7, Infinity].map((cut) => {
      const { run } = compile(chain, { untilMs: 60_000 });
      run!.advance(1000, Infinity);
      insideOf(run!).sim.events = RUN_LIMITS.events - 500;
      while (!run!.done) run!.advance(Infinity, cut);
      expect(run!.events).toBe(RUN_LIMITS.events);
      expect(run!.stoppedBy?.message).toMatch(
        /^The run stopped at [\d.]+ s, after 100,000,000,000 events: one run may have no more\./,
      );
      return run!.results().hash;
    });
    expect(new Set(hashes).size).toBe(1);
  });
});
