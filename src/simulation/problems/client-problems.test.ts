import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { clientProblems } from './client-problems.ts';

function problemsOf(fields: Record<string, Json>, target = 'topic') {
  const nodes = { p: ['producer', { client: 'kafka', ...fields }], t: [target, {}] } as const;
  const design = designOf(nodes as unknown as Parameters<typeof designOf>[0], ['p > t']);
  return clientProblems(design).map(({ severity, code, field }) => `${severity} ${code} ${field}`);
}

it('says nothing of the defaults', () => {
  expect(problemsOf({})).toEqual([]);
});

it('refuses a delivery timeout below linger and request timeout, and raises the default without refusing', () => {
  const fields = { linger: 100_000, requestTimeout: 30_000 };
  expect(problemsOf({ ...fields, deliveryTimeout: 129_999 })).toEqual([
    'error delivery-timeout-too-short deliveryTimeout',
  ]);
  expect(problemsOf({ ...fields, deliveryTimeout: 130_000 })).toEqual([]);
  expect(problemsOf(fields)).toEqual(['info delivery-timeout-raised deliveryTimeout']);
});

it.each([
  ['acks', { acks: 'leader' }],
  ['retries', { retries: 0 }],
  ['maxInFlight', { maxInFlight: 6 }],
])(
  'refuses idempotence against %s where it is asked for, and warns where it is silently off',
  (field, set) => {
    expect(problemsOf({ ...set, idempotence: 'on' })).toEqual([`error idempotence-refused ${field}`]);
    expect(problemsOf(set)).toEqual([`warning idempotence-off ${field}`]);
    expect(problemsOf({ ...set, idempotence: 'off' })).toEqual([]);
  },
);

it('says that a client without a topic does nothing', () => {
  expect(problemsOf({}, 'queue')).toEqual(['info client-without-topic client']);
});

it.each([
  ['idempotence', { idempotence: 'off' }],
  ['acks', { acks: 'none' }],
  ['retries', { retries: 0 }],
])('refuses transactions without idempotence, which %s forbids', (field, fields) => {
  const found = problemsOf({ transactions: 'on', ...fields });
  expect(found).toContain(`error transactions-without-idempotence ${field}`);
  expect(problemsOf({ transactions: 'on' })).toEqual([]);
});

function groupProblems(fields: Record<string, Json>, source = 'topic') {
  const nodes = { s: [source, {}], g: ['consumer-group', fields] } as const;
  const design = designOf(nodes as unknown as Parameters<typeof designOf>[0], ['s > g']);
  return clientProblems(design).map(({ severity, message }) => `${severity} ${message}`);
}

it('refuses a heartbeat that is not below the session timeout, and warns where only the timeout was changed', () => {
  const reason =
    'g: found a heartbeat every 3 s, expected less than the session timeout of 3 s. Heartbeat must be set lower than the session timeout.';
  expect(groupProblems({ heartbeat: 3000, sessionTimeout: 3000 })).toEqual([`error ${reason}`]);
  expect(groupProblems({ sessionTimeout: 3000 })).toEqual([`warning ${reason}`]);
  expect(groupProblems({ sessionTimeout: 3001 })).toEqual([]);
  expect(groupProblems({ heartbeat: 3000, sessionTimeout: 5001, protocol: 'consumer' })).toEqual([]);
  expect(groupProblems({ sessionTimeout: 5000, protocol: 'consumer' })).toEqual([
    'error g: found a heartbeat every 5 s, expected less than the session timeout of 5 s. ' +
      'group.consumer.heartbeat.interval.ms must be less than group.consumer.session.timeout.ms.',
  ]);
  expect(groupProblems({ heartbeat: 3000, sessionTimeout: 3000 }, 'queue')).toEqual([]);
});
