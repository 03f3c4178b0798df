import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { EventRouters } from '../../kinds/event-router/behavior.ts';
import { compile } from '../../simulation/compile.ts';
import type { LiveRun } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** What the law says of a FIFO topic whose queue answers fewer messages than come, in which somebody meddles. */
function saidOf(
  { stopAfter = 0, ...topic }: Record<string, Json>,
  rate: number,
  meddle: (run: LiveRun) => void = () => {},
) {
  const { run } = compile(
    designOf(
      {
        p: ['producer', { arrivals: 'constant', rate, keys: 'uniform', keyCount: 3, stopAfter }],
        t: ['event-router', { profile: 'sns-fifo', ...topic }],
        q: ['cloud-broker', { profile: 'sqs-fifo' }],
        g: ['consumer-group', { members: 6, serviceTime: { shape: 'constant', mean: 1 } }],
      },
      ['p > t', 't > q', 'q > g'],
    ),
  );
  meddle(run!);
  const watch = watchRun(run!, [], [LAWS.router]);
  try {
    for (let event = 0; event < 6000 && run!.advance(Infinity, 1) === 1; event++) {
      watch.check(event % 100 === 0);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A field of the router's behaviour. */
function fieldOf(run: LiveRun, name: string) {
  return Reflect.get(insideOf(run).kinds.routers, name) as unknown;
}

it('router: says nothing of FIFO topics as they are', () => {
  expect(saidOf({}, 400)).toBeNull();
  expect(saidOf({ dedupId: 'key' }, 400)).toBeNull();
  expect(saidOf({}, 4000)).toBeNull();
});

it('router: sees a message that passes another of its group', () => {
  const forgetful = (run: LiveRun) => {
    const { routers } = insideOf(run).kinds;
    Reflect.set(routers, 'deliver', Reflect.get(EventRouters.prototype, 'deliver'));
  };
  expect(saidOf({ stopAfter: 600 }, 400)).toBeNull();
  expect(saidOf({ stopAfter: 600 }, 400, forgetful)).toMatch(/^I21: a later one of its group first/);
});

it('router: sees a topic that takes more in a second than it may, and one that takes fewer', () => {
  const most = (number: number) => (run: LiveRun) => {
    (fieldOf(run, 'most') as Float64Array)[insideOf(run).indexOf.get('t')!] = number;
  };
  const topic = { fifoScope: 'topic', dedupId: 'key' };
  expect(saidOf(topic, 50_000, most(3001))).toMatch(/^I10: messages of a second of a topic/);
  expect(saidOf(topic, 50_000, most(2999))).toMatch(/^I46: an event router holds a sender back/);
});

it('router: sees a repetition that a topic takes', () => {
  const byMessage = (run: LiveRun) => {
    const windows = fieldOf(run, 'windows') as Map<number, { byKey: boolean }>;
    for (const known of windows.values()) known.byKey = false;
  };
  expect(saidOf({ dedupId: 'key' }, 400, byMessage)).toMatch(/^I19: a repetition/);
});
