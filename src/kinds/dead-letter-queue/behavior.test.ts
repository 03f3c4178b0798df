import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallEdge, type SmallRun } from '../../testing/small-run.ts';
import { LETTER_REASON } from '../shared/letter-reasons.ts';

interface Setup {
  group?: Record<string, Json>;
  dlq?: Record<string, Json>;
  messages?: number;
  edges?: SmallEdge[];
}

/** A producer, whose messages all fail twice and then lie in the dead-letter queue, which leads back to the queue. */
function failing({ group, dlq, messages = 5, edges = ['dlq > q'] }: Setup = {}): SmallRun {
  return smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: messages } },
      { id: 'q', kind: 'queue' },
      {
        id: 'g',
        kind: 'consumer-group',
        fields: {
          members: 1,
          serviceTime: { shape: 'constant', mean: 1 },
          failureProbability: 1,
          maxAttempts: 2,
          backoff: 0,
          ...group,
        },
      },
      { id: 'dlq', kind: 'dead-letter-queue', fields: dlq },
      { id: 'parked', kind: 'queue', fields: { capacity: 2 } },
    ],
    edges: ['p > q', 'q > g', 'g.failed > dlq', ...edges],
  });
}

function redrive(run: SmallRun, args: Record<string, Json> = {}): void {
  const usual = { count: 0, rate: 0, to: 'source', messages: 'as-they-are' };
  run.kinds.inject(run.sim, run.node('dlq'), 'redrive', { ...usual, ...args });
}

function counts(run: SmallRun): Record<'came' | 'stored' | 'redriven' | 'forgotten' | 'done', number> {
  const { sim, kinds } = run;
  new Invariants(sim, kinds).check();
  const dlq = run.node('dlq');
  return {
    came: sim.metrics.of(dlq, METRIC.deadLettered),
    stored: kinds.deadLetters.stored(sim, dlq),
    redriven: kinds.deadLetters.redriven(dlq),
    forgotten: kinds.deadLetters.forgotten(dlq),
    done: sim.metrics.of(run.node('g'), METRIC.acknowledged),
  };
}

function heal(run: SmallRun): void {
  run.kinds.setField(run.sim, run.node('g'), 'failureProbability', 0);
}

describe('a dead-letter queue', () => {
  it('keeps what comes with its reason, its tries and where it came from, the newest first', () => {
    const run = failing();
    run.until(1000);
    const letters = run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 2);
    expect(letters.map(({ serial, at, tries, reason }) => ({ serial, at, tries, reason }))).toEqual([
      { serial: 4, at: 52_000, tries: 2, reason: LETTER_REASON.exhausted },
      { serial: 3, at: 42_000, tries: 2, reason: LETTER_REASON.exhausted },
    ]);
    expect(letters[0]).toMatchObject({ from: run.node('g'), source: run.node('q'), wasRedriven: false });
  });

  it('knows where a message came from that came back for a retry in between', () => {
    const run = failing({ group: { retryMode: 'later' } });
    run.until(1000);
    expect(run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 1)[0].source).toBe(run.node('q'));
  });

  it('forgets the oldest beyond what it keeps, also when that is lowered', () => {
    const run = failing({ dlq: { keeps: 3 } });
    run.until(1000);
    expect(counts(run)).toMatchObject({ came: 5, stored: 3, forgotten: 2 });
    run.kinds.setField(run.sim, run.node('dlq'), 'keeps', 1);
    expect(counts(run)).toMatchObject({ stored: 1, forgotten: 4 });
    const [letter] = run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 9);
    expect(letter.serial).toBe(4);
  });

  it('is told by a queue that a message was pushed out', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, stopAfter: 3 } },
        { id: 'q', kind: 'queue', fields: { capacity: 1, overflow: 'dead-letter' } },
        { id: 'dlq', kind: 'dead-letter-queue' },
      ],
      edges: ['p > q', 'q.dead > dlq'],
    });
    run.until(1000);
    const [letter] = run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 1);
    expect(letter).toMatchObject({
      reason: LETTER_REASON.maxlen,
      from: run.node('q'),
      source: run.node('q'),
    });
  });
});

describe('a redrive', () => {
  it('sends all letters back, the oldest first, with new tries; what fails again comes back', () => {
    const run = failing();
    run.until(1000);
    redrive(run);
    run.until(2000);
    expect(counts(run)).toEqual({ came: 10, stored: 5, redriven: 5, forgotten: 0, done: 0 });
    const letters = run.kinds.deadLetters.newest(run.sim, run.node('dlq'), 9);
    expect(letters.map(({ serial }) => serial)).toEqual([4, 3, 2, 1, 0]);
    expect(letters.every(({ wasRedriven, tries }) => wasRedriven && tries === 2)).toBe(true);
    heal(run);
    redrive(run);
    run.until(3000);
    expect(counts(run)).toEqual({ came: 10, stored: 0, redriven: 10, forgotten: 0, done: 5 });
  });

  it('sends some, at a rate', () => {
    const run = failing();
    run.until(1000);
    heal(run);
    redrive(run, { count: 3, rate: 10 });
    const seen = [1099, 1150, 1250, 3000].map((at) => {
      run.until(at);
      return counts(run).redriven;
    });
    expect(seen).toEqual([1, 2, 3, 3]);
    expect(counts(run)).toMatchObject({ stored: 2, done: 3 });
  });

  it('says when the last letter is on its way', () => {
    const run = failing();
    const over: number[] = [];
    run.kinds.deadLetters.onRedriven = (node) => over.push(run.sim.now, node);
    run.until(1000);
    redrive(run, { rate: 10 });
    run.until(5000);
    expect(over).toEqual([1_400_000, run.node('dlq')]);
  });

  it('stops by hand, and begins anew with another', () => {
    const run = failing();
    run.until(1000);
    heal(run);
    redrive(run, { rate: 10 });
    run.until(1150);
    run.kinds.heal(run.sim, run.node('dlq'), 'redrive', {});
    run.until(3000);
    expect(counts(run)).toMatchObject({ redriven: 2, stored: 3 });
    redrive(run);
    run.until(4000);
    expect(counts(run)).toMatchObject({ redriven: 5, stored: 0 });
  });

  it('goes where its edge leads if asked to, and waits there for room', () => {
    const run = failing({ edges: ['dlq > parked'] });
    run.until(1000);
    redrive(run, { to: 'target' });
    run.until(2000);
    // Two lie in the queue, and the third stands before it.
    expect(counts(run)).toMatchObject({ redriven: 3, stored: 2 });
    expect(run.kinds.held(run.sim, run.node('dlq'))).toBe(1);
    run.kinds.setField(run.sim, run.node('parked'), 'capacity', 9);
    run.until(3000);
    expect(counts(run)).toMatchObject({ redriven: 5, stored: 0 });
    expect(run.kinds.held(run.sim, run.node('parked'))).toBe(5);
  });

  it('leaves poison as it is, unless it was mended', () => {
    const run = failing({ group: { failureProbability: 0 } });
    run.kinds.inject(run.sim, run.node('p'), 'poison', { share: 1 });
    run.until(1000);
    redrive(run);
    run.until(2000);
    expect(counts(run)).toMatchObject({ came: 10, stored: 5, done: 0 });
    redrive(run, { messages: 'mended' });
    run.until(3000);
    expect(counts(run)).toMatchObject({ came: 10, stored: 0, done: 5 });
  });

  it('of no letters is over at once', () => {
    const run = failing({ messages: 1, group: { failureProbability: 0 } });
    let over = 0;
    run.kinds.deadLetters.onRedriven = () => over++;
    redrive(run);
    run.until(1000);
    expect([over, counts(run).redriven]).toEqual([1, 0]);
  });
});
