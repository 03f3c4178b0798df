import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const SMALL = { concurrency: 2, queueLimit: 2, serviceTime: { shape: 'exponential', mean: 20 } };
const LIMITED = { ...SMALL, rateLimit: 'cycles', ratePermits: 3, ratePeriod: 50 };

/** What the law says of a service that is called too often and in which somebody meddles. */
function saidOf(fields: Record<string, Json>, meddle: (inside: RunParts) => void = () => {}): string | null {
  const worker = { members: 8, serviceTime: { shape: 'constant', mean: 1 } };
  const { run } = compile(
    designOf(
      {
        source: ['producer', { rate: 300 }],
        q: ['queue'],
        g: ['consumer-group', worker],
        s: ['service', fields],
      },
      ['source > q', 'q > g', 'g > s'],
    ),
  );
  const inside = insideOf(run!);
  const watch = watchRun(run!, [], [LAWS.service]);
  try {
    for (let event = 0; event < 1500 && run!.advance(Infinity, 1) === 1; event++) {
      if (event === 200) meddle(inside);
      watch.check(true);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('service: says nothing of runs as they are', () => {
  for (const fields of [SMALL, LIMITED, { ...LIMITED, rateLimit: 'bucket' }])
    expect(saidOf(fields)).toBeNull();
});

it('service: sees too many at once, refusals without a rule, and limits that are not kept', () => {
  const set = (field: string, value: number) => (inside: RunParts) => {
    const node = inside.indexOf.get('s')!;
    (Reflect.get(inside.kinds.services, field) as Int32Array)[node] = value;
  };
  expect(saidOf(SMALL, set('concurrency', 4))).toMatch(/^I10: calls at once|^I46: a call waits/);
  expect(saidOf(SMALL, set('queueLimit', 5))).toMatch(/^I10: calls in line/);
  expect(saidOf(SMALL, set('queueLimit', 1))).toMatch(/^I6: refused with 503/);
  expect(saidOf(SMALL, set('refusalTime', 9))).toMatch(/^I32: a refusal/);
  const generous = ({ kinds }: RunParts) => void Reflect.set(kinds.services, 'limiters', new Map());
  expect(saidOf(LIMITED, generous)).toMatch(/^I10: more calls than a period/);
});
