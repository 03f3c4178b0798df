import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import type { RetryPlan } from '../../kinds/event-router/retry-plan.ts';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

interface Subscription {
  plan: RetryPlan;
  takes: (address: unknown) => boolean;
}

/** What the laws say of a router with a subscriber that is down at first, in which somebody changes the rules. */
function saidOf(profile: string, fields: Record<string, Json>, change?: (of: Subscription) => void) {
  const { run } = compile(
    sketched({
      name: 'routers',
      nodes: {
        p: { kind: 'producer', at: [0, 0], fields: { rate: 20, routingKey: 'a, b, c' } },
        r: { kind: 'event-router', at: [0, 0], fields: { profile } },
        s: { kind: 'service', at: [0, 0] },
        q: { kind: 'cloud-broker', at: [0, 0] },
        dlq: { kind: 'dead-letter-queue', at: [0, 0] },
      },
      edges: [
        'p > r',
        ['r > s', fields],
        ['r > q', { filterPolicy: '{"type": ["a"]}', eventPattern: '{"detail-type": ["a"]}' }],
        'r.dead > dlq',
      ],
      horizonMs: 300_000,
      faults: { down: { atMs: 0, forMs: 90_000, node: 's', fault: 'outage', args: { answers: 'refused' } } },
    }),
  );
  const inside = insideOf(run!);
  change?.(subscriptionOf(inside));
  const watch = watchRun(run!, [], [LAWS.router, LAWS.custody]);
  try {
    for (let event = 0; event < 9000 && run!.advance(Infinity, 1) === 1; event++)
      watch.check(event % 100 === 0);
    watch.checkEnd();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Of the edge from the router to the service. */
function subscriptionOf({ kinds, edges }: RunParts): Subscription {
  return kinds.routers.subscriptionOf(edges.findIndex(({ id }) => id === 'r-to-s')) as Subscription;
}

const HTTP = { endpoint: 'http' };
const EVENTS = { maximumRetryAttempts: 3 };

it('router: says nothing of runs as they are', () => {
  expect(saidOf('sns', HTTP)).toBeNull();
  expect(saidOf('sns', {})).toBeNull();
  expect(saidOf('eventbridge', EVENTS)).toBeNull();
  expect(saidOf('eventbridge', { maximumEventAge: 60_000 })).toBeNull();
});

it('router: sees tries too early, too many, or too few', () => {
  expect(saidOf('sns', HTTP, ({ plan }) => (plan.wait = () => 19_000_000))).toMatch(/^I15: tried again at/);
  expect(saidOf('sns', {}, ({ plan }) => (plan.wait = () => 0))).toMatch(/^I15: tried again at/);
  expect(saidOf('sns', HTTP, ({ plan }) => plan.mostRetries++)).toMatch(/^I15: tried again too often/);
  expect(saidOf('sns', HTTP, ({ plan }) => plan.mostRetries--)).toMatch(/^I16: given up before its last/);
  expect(saidOf('eventbridge', EVENTS, ({ plan }) => plan.mostRetries++)).toMatch(/^I15: .* too often/);
});

it('router: sees waits that grow in another way than their policy says', () => {
  const phases = { numRetries: 6, numNoDelayRetries: 0, numMinDelayRetries: 1, numMaxDelayRetries: 1 };
  const policy = { ...HTTP, ...phases, minDelayTarget: 1000, maxDelayTarget: 16_000 };
  const linear = (retry: number) => [1, 1, 6, 11, 16, 16][retry] * 1_000_000;
  const said = (backoffFunction: string, wait?: (retry: number) => number) =>
    saidOf('sns', { ...policy, backoffFunction }, ({ plan }) => (plan.wait = wait ?? plan.wait));
  expect(said('linear', linear)).toBeNull();
  expect(said('exponential')).toBeNull();
  expect(said('exponential', linear)).toMatch(/^I15: tried again at/);
  const half = ({ plan }: Subscription) => {
    const { wait } = plan;
    plan.wait = (retry, draw) => wait(retry, draw / 2);
  };
  expect(saidOf('eventbridge', EVENTS, half)).toMatch(/^I15: waits for a retry are not drawn evenly/);
});

it('router: sees events older than they may be, and answers waited for too long', () => {
  const age = { maximumEventAge: 60_000 };
  expect(saidOf('eventbridge', age, ({ plan }) => (plan.mostAge = Infinity))).toMatch(/^I32: .* too old/);
  expect(saidOf('sns', HTTP, ({ plan }) => plan.answerMicros++)).toMatch(/^I32: waits for an answer/);
});

it('router: sees a subscriber that gets what its filter does not take', () => {
  const filter = { filterPolicy: '{"type": ["a", "b"]}' };
  expect(saidOf('sns', filter, (of) => (of.takes = () => true))).toMatch(/^I4: /);
  expect(saidOf('sns', filter, (of) => (of.takes = () => false))).toMatch(/^I4: /);
});
