import { expect, it } from 'vitest';
import type { Design } from '../../../design/types.ts';
import { acksAll } from '../../../gallery/myths/acks-all.ts';
import { givenBack } from '../../../gallery/myths/given-back.ts';
import { oneNumber } from '../../../gallery/myths/one-number.ts';
import { slowRebalance } from '../../../gallery/myths/slow-rebalance.ts';
import { hotKey } from '../../../gallery/hot-key.ts';
import { breaker } from '../../../gallery/breaker.ts';
import { silentPartner } from '../../../gallery/silent-partner.ts';
import { sketched } from '../../../gallery/sketch.ts';
import { compile } from '../../../simulation/compile.ts';
import { evidenceOf } from '../../../testing/frame-of.ts';
import { explainNode, plainText } from './explain-node.ts';

/** What the panel says of nodes at a time of a run. */
function saidAt(design: Design, atMs: number): (node: string) => string {
  const { run } = compile(design);
  run!.advance(atMs, Infinity);
  const evidence = evidenceOf(design, run!);
  return (node) => {
    const found = explainNode(evidence, node);
    return found ? plainText(found) : '';
  };
}

it('says of workers that hang in calls whose answer they wait for', () => {
  const said = saidAt(silentPartner, 60_000);
  expect(said('patient')).toMatch(
    /^All 4 workers wait for an answer of (mail|shipping), which gives none since 00:30: a timeout at the edge/,
  );
  expect(said('hasty')).not.toMatch(/answer/);
  expect(saidAt(silentPartner, 20_000)('patient')).toBe('');
});

it('says of a group that gives back what it takes that this is no progress', () => {
  const said = saidAt(givenBack, 30_000);
  expect(said('worker-1')).toMatch(/^It fails and gives back 50\/s of the 50\/s that it takes\.$/);
  expect(said('worker-2')).not.toMatch(/gives back/);
  expect(said('classic')).toMatch(/Most of what it gives out comes back/);
  expect(said('classic'), 'more workers would not help').not.toMatch(/would keep up/);
});

it('says that an offset which stands at a retried record keeps the rest from being committed', () => {
  expect(saidAt(oneNumber, 38_000)('billing')).toMatch(
    /^1 record waits to be tried again: a commit is one number, so what is done behind it counts as behind until then\.$/,
  );
  expect(saidAt(hotKey, 200_000)('sessions')).not.toMatch(/commit/);
});

it('names the members for which a rebalance waits', () => {
  expect(saidAt(slowRebalance, 80_000)('encoders')).toMatch(
    /dealt out anew, and m2 and m3 finish their work first\./,
  );
});

it('says that a late replica in sync holds back readers and writers, and no longer when it is out', () => {
  const stuck = 'p0 of orders stands still: b3 pulls late since 00:20 and still counts as in sync';
  const said = saidAt(acksAll, 45_000);
  expect(said('orders')).toBe(
    `${stuck}, so nobody reads what it has not got, and writes with acks=all get no answer.`,
  );
  expect(said('billing')).toBe(`${stuck}, so nobody reads what it has not got.`);
  expect(said('checkout')).toBe(`${stuck}, so writes with acks=all get no answer.`);
  expect(saidAt(acksAll, 80_000)('billing')).toBe('');
});

const guarded = sketched({
  name: 'Refused',
  nodes: {
    web: { kind: 'producer', at: [0, 0], fields: { rate: 80 } },
    jobs: { kind: 'queue', at: [240, 0] },
    callers: {
      kind: 'consumer-group',
      at: [480, 0],
      fields: { members: 8, serviceTime: { shape: 'constant', mean: 5 } },
    },
    bank: { kind: 'service', at: [720, 0] },
  },
  edges: [
    'web > jobs',
    'jobs > callers',
    ['callers > bank', { retry: 'none', breaker: 'count', breakerWindow: 20, breakerMinCalls: 10 }],
  ],
  horizonMs: 60_000,
  faults: { down: { atMs: 10_000, node: 'bank', fault: 'outage', args: {} } },
});

it('says of a group that falls behind as a breaker refuses its calls', () => {
  expect(saidAt(guarded, 30_000)('callers')).toMatch(
    /^Its calls to bank are refused since 00:\d\d, as the circuit breaker is open: its workers wait from one try/,
  );
});

it('names the slow database that keeps the workers of a group busy', () => {
  const said = saidAt(breaker, 40_000);
  expect(said('patient')).toMatch(
    /^Its workers wait for answers of stock-db, which is 40× slower since 00:30\. No bound: \d+\/s arrive/,
  );
  expect(saidAt(breaker, 20_000)('patient')).toBe('');
});
