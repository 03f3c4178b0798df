import { expect, it } from 'vitest';
import { sketched } from '../../gallery/sketch.ts';
import type { FetchQuotas } from '../../kinds/topic/fetch-quotas.ts';
import { compile } from '../../simulation/compile.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** What the law says of a group that reads faster than its quota allows, in which somebody meddles. */
function saidOf(meddle: (quotas: FetchQuotas) => void = () => {}): string | null {
  const { run } = compile(
    sketched({
      name: 'quotas',
      nodes: {
        p: {
          kind: 'producer',
          at: [0, 0],
          fields: { rate: 100, size: { shape: 'exponential', mean: 1000 } },
        },
        t: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
        k: { kind: 'broker-cluster', at: [240, 480], fields: { consumerByteRate: 50_000, brokers: 2 } },
        g: { kind: 'consumer-group', at: [480, 0], fields: { serviceTime: { shape: 'constant', mean: 1 } } },
      },
      edges: ['p > t', 't.cluster > k', 't > g'],
      horizonMs: 30_000,
    }),
  );
  const { topics } = insideOf(run!).kinds;
  meddle(Reflect.get(topics, 'quotas') as FetchQuotas);
  const watch = watchRun(run!, [], [LAWS.quotas]);
  try {
    while (run!.advance(Infinity, 1) === 1) watch.check(false);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('quotas: says nothing of runs as they are', () => {
  expect(saidOf()).toBeNull();
});

it('quotas: sees a reader that gets answers while it is kept waiting', () => {
  expect(saidOf((quotas) => void (quotas.holdsBack = () => false))).toMatch(/^I32: reads while its quota/);
});

it.each([0.5, 0.999, 1.001, 2])('quotas: sees a pause %d times as long as it is to be', (factor) => {
  const said = saidOf(({ rates }) => {
    const { moved } = rates;
    rates.moved = (...read) => Math.round(moved.apply(rates, read) * factor);
  });
  expect(said).toMatch(/^I32: a quota keeps a reader waiting for another time/);
});
