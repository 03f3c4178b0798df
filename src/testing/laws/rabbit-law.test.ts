import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const constant = (mean: number) => ({ shape: 'constant', mean });

/** A publisher with confirms before a queue whose only active consumer is sent five messages ahead and gives some back. */
function busy(): Design {
  const plain = designOf(
    {
      p: ['producer', { rate: 200, client: 'rabbitmq', confirms: 'on', maxOutstanding: 3 }],
      q: ['queue', { consumers: 'one', memoryWatermark: 1_000_000, handlesPerSecond: 150 }],
      g: [
        'consumer-group',
        {
          serviceTime: constant(9),
          prefetchMode: 'count',
          prefetch: 5,
          failureProbability: 0.2,
          onFailure: 'nack',
        },
      ],
    },
    ['p > q', 'q > g'],
  );
  return { ...plain, scenario: { ...plain.scenario, horizonMs: 4000, warmUpMs: 0 } };
}

/** What a law says of the run when somebody meddles with it after 60 events; null for nothing. */
function said(law: 'prefetch' | 'publisher', meddle: (inside: RunParts) => void): string | null {
  const { run } = compile(busy());
  const watch = watchRun(run!, [], [LAWS[law]]);
  try {
    for (let event = 0; event < 800 && run!.advance(Infinity, 1) === 1; event++) {
      if (event === 60) meddle(insideOf(run!));
      watch.check(event > 60);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A column of a part of a run, by name. */
const column = (owner: unknown, name: string) => Reflect.get(owner as object, name) as Float64Array;

describe('the law of consumers', () => {
  const prefetch = (inside: RunParts) => inside.kinds.consumers.prefetch!;

  it('has nothing to say of a run that keeps it', () => {
    expect(said('prefetch', () => {})).toBeNull();
  });

  it('sees more than a prefetch, and what nobody counts', () => {
    expect(said('prefetch', (inside) => (column(prefetch(inside), 'unacknowledged')[0] += 9))).toMatch(
      /^I10/,
    );
    expect(said('prefetch', (inside) => (column(prefetch(inside), 'unacknowledged')[0] -= 1))).toMatch(
      /^I14/,
    );
  });

  it('sees a consumer at work that is not the active one', () => {
    const change = (inside: RunParts) => {
      column(Reflect.get(prefetch(inside), 'single'), 'active')[inside.indexOf.get('q')!] = 2;
    };
    expect(said('prefetch', change)).toMatch(/^I14: a consumer that is not the active one/);
  });
});

describe('the law of publishers', () => {
  const publishers = (inside: RunParts) => inside.kinds.producers.publishers!;

  it('has nothing to say of a run that keeps it', () => {
    expect(said('publisher', () => {})).toBeNull();
  });

  it('sees a confirm too many, and credit that nobody granted', () => {
    expect(said('publisher', (inside) => column(publishers(inside), 'confirmed').fill(7))).toMatch(/^I14/);
    expect(said('publisher', (inside) => column(publishers(inside), 'credit').fill(401))).toMatch(/^I10/);
  });

  it('sees a connection that is blocked without an alarm, and memory that is not there', () => {
    expect(said('publisher', (inside) => column(publishers(inside), 'stateOf').fill(1))).toMatch(/^I46/);
    const forget = ({ kinds }: RunParts) => Reflect.set(kinds.queues.broker, 'bytes', 12);
    expect(said('publisher', forget)).toMatch(/^I5/);
  });
});
