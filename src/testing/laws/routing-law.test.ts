import { expect, it } from 'vitest';
import { routing } from '../../gallery/routing.ts';
import type { Delivery } from '../../kinds/exchange/routing.ts';
import type { LetterParts } from '../../kinds/queue/letter-parts.ts';
import { compile } from '../../simulation/compile.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** What the law says of the gallery's design when the exchange takes other routes than its bindings say. */
function saidOf(change: (route: readonly Delivery[]) => readonly Delivery[]): string | null {
  const { run } = compile(routing);
  const { exchanges } = insideOf(run!).kinds;
  const routeOf = Reflect.get(exchanges, 'routeOf') as (node: number, address: number) => readonly Delivery[];
  Reflect.set(exchanges, 'routeOf', (node: number, address: number) =>
    change(routeOf.call(exchanges, node, address)),
  );
  const watch = watchRun(run!, [], [LAWS.routing]);
  try {
    for (let event = 0; event < 400 && run!.advance(Infinity, 1) === 1; event++) watch.check(false);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('routing: says nothing of a run as it is, and sees a copy too many, too few and for the wrong queue', () => {
  expect(saidOf((route) => route)).toBeNull();
  expect(saidOf((route) => [...route, route[0]])).toMatch(/^I4: a second copy/);
  expect(saidOf((route) => route.slice(0, 1))).toMatch(/^I4: a bound queue got no copy/);
  expect(saidOf(([first]) => [{ ...first, edge: 1 }])).toMatch(/^I4: a copy for a queue that is not bound/);
});

/** What the law says of dead letters for two queues, one of which is full at first, when somebody meddles with their parts. */
function saidOfParts(meddle: (parts: LetterParts) => void): string | null {
  const safe = { queueType: 'quorum', ttl: 5, deadLetterStrategy: 'at-least-once', deadLetterTimeout: 100 };
  const plain = designOf(
    {
      p: ['producer', { rate: 50 }],
      q: ['queue', safe],
      x: ['exchange', { type: 'fanout' }],
      open: ['queue', {}],
      tight: ['queue', { capacity: 2, overflow: 'drop-newest', ttl: 150 }],
    },
    ['p > q', 'q.dead > x', 'x > open', 'x > tight'],
  );
  const { run } = compile({ ...plain, scenario: { ...plain.scenario, horizonMs: 2000, warmUpMs: 0 } });
  const letters = Reflect.get(insideOf(run!).kinds.queues, 'deadLetters') as { safe: { parts: LetterParts } };
  meddle(letters.safe.parts);
  const watch = watchRun(run!, [], Object.values(LAWS));
  try {
    while (run!.advance(Infinity, 1) === 1) watch.check(true);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('routing: sees a letter in parts that a queue gets twice, and one that a queue never gets', () => {
  let parts = 0;
  const counted = (letters: LetterParts) => {
    const { hand } = letters;
    letters.hand = (...given) => (parts++, hand.apply(letters, given));
  };
  expect(saidOfParts(counted)).toBeNull();
  expect(parts).toBeGreaterThan(20);
  const forgetful = (letters: LetterParts) => void Reflect.set(letters, 'hasHad', () => false);
  expect(saidOfParts(forgetful)).toMatch(/^I4: a second copy for one queue/);
  const hasty = (letters: LetterParts) => {
    const { next } = letters;
    letters.next = (...given) => ({ ...next.apply(letters, given), isLast: true });
  };
  expect(saidOfParts(hasty)).toMatch(/^I4: a bound queue got no copy/);
});
