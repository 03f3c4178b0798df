import { expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { GUARD_COUNT, type CallGuards } from '../../kinds/shared/call-guard/call-guards.ts';
import { GUARD_TIMER } from '../../kinds/shared/call-guard/guard-timer.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** A producer that calls a database which fails and is slow, behind these guards. */
function guarded(guards: Record<string, Json>): Design {
  const design = designOf(
    {
      source: ['producer', { rate: 200 }],
      db: [
        'database',
        { connections: 2, failureProbability: 0.6, serviceTime: { shape: 'exponential', mean: 8 } },
      ],
    },
    ['source > db'],
  );
  return { ...design, edges: design.edges.map((edge) => ({ ...edge, fields: guards })) };
}

const BREAKER = { breaker: 'count', breakerWindow: 4, breakerMinCalls: 2, breakerWait: 30, breakerTrials: 2 };
const RETRY = { retry: 'full', retryAttempts: 3, retryWait: 20 };
const PLACES = { bulkhead: 'on', bulkheadCalls: 2, bulkheadWait: 30 };
const LIMIT = { limiter: 'cycles', limiterPermits: 3, limiterPeriod: 20, limiterTimeout: 30 };

/** What the law says of a run in which somebody meddles with the guards. */
function saidOf(guards: Record<string, Json>, meddle: (inside: RunParts) => void = () => {}): string | null {
  const { run } = compile(guarded(guards));
  meddle(insideOf(run!));
  const watch = watchRun(run!, [], [LAWS.guard]);
  try {
    for (let event = 0; event < 1200 && run!.advance(Infinity, 1) === 1; event++) watch.check(true);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('guard: says nothing of runs as they are', () => {
  for (const guards of [BREAKER, RETRY, PLACES, LIMIT]) {
    expect(saidOf(guards)).toBeNull();
    expect(saidOf({ ...BREAKER, ...RETRY, ...guards, timeout: 12 })).toBeNull();
  }
});

it('guard: sees an open breaker that lets calls pass, and one that opens again too early', () => {
  const always = ({ kinds }: RunParts) => void (kinds.guards.breakers.permits = () => true);
  expect(saidOf(BREAKER, always)).toMatch(/^I47: a try passed an open breaker/);
  const early = ({ kinds, sim }: RunParts) => {
    const { permits } = kinds.guards.breakers;
    kinds.guards.breakers.permits = (_run, guard) => {
      const config = kinds.guards.configOf(guard).breaker!;
      config.waitDurationInOpenStateMicros = 5000;
      const isPermitted = permits.call(kinds.guards.breakers, sim, guard);
      config.waitDurationInOpenStateMicros = 30_000;
      return isPermitted;
    };
  };
  expect(saidOf(BREAKER, early)).toMatch(/^I47: open for another time/);
});

it('guard: sees places that are given twice, calls that are forgotten and waits that are too long', () => {
  const generous = ({ kinds }: RunParts) => {
    const running = Reflect.get(kinds.guards, 'running') as Int32Array;
    const { reply } = kinds.guards;
    kinds.guards.reply = (...given: Parameters<CallGuards['reply']>) => {
      running[0]--;
      reply.apply(kinds.guards, given);
    };
  };
  expect(saidOf(PLACES, generous)).toMatch(/^I10: bulkhead|^I5: tries in progress/);
  const lost = ({ kinds }: RunParts) => {
    const counts = Reflect.get(kinds.guards, 'counts') as Float64Array;
    counts[GUARD_COUNT.calls]++;
  };
  expect(saidOf(RETRY, lost)).toMatch(/^I3: calls/);
  const slow = (type: number) => (inside: RunParts) => {
    const { after } = inside.sim;
    inside.sim.after = (delay, node, event, arg) =>
      after.call(inside.sim, event === type ? delay * 2 + 50_000 : delay, node, event, arg);
  };
  expect(saidOf({ timeout: 12 }, slow(GUARD_TIMER.timedOut))).toMatch(/^I32: timeout of a call/);
  expect(saidOf(RETRY, slow(GUARD_TIMER.retry))).toMatch(/^I15: wait of a call/);
  const free = ({ kinds }: RunParts) => {
    const [limiter] = Reflect.get(kinds.guards, 'limiters') as { reserve: () => number }[];
    limiter.reserve = () => 0;
  };
  expect(saidOf(LIMIT, free)).toMatch(/^I10: rate limiter/);
});
