import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { publisherProblems } from './publisher-problems.ts';

const found = (client: string, target: string, fields: Record<string, Json> = {}) =>
  publisherProblems(designOf({ p: ['producer', { client }], t: [target, fields] }, ['p > t'])).map(
    ({ severity, code }) => `${severity} ${code}`,
  );

it('a RabbitMQ client is told that a topic is not of its broker', () => {
  expect(found('rabbitmq', 'topic')).toEqual(['info client-without-broker']);
  expect(found('rabbitmq', 'queue')).toEqual([]);
});

it('who publishes without such a client is told that no alarm will block it', () => {
  expect(found('at-once', 'queue', { memoryWatermark: 1000 })).toEqual(['warning deaf-to-alarm']);
  expect(found('rabbitmq', 'queue', { memoryWatermark: 1000 })).toEqual([]);
  expect(found('at-once', 'queue')).toEqual([]);
});

it('the same is said of a disk that is to run full', () => {
  const full = { id: 'f', atMs: 10, node: 't', fault: 'disk-full', args: {} };
  const design = designOf({ p: ['producer', { client: 'at-once' }], t: ['queue', {}] }, ['p > t']);
  const planned = { ...design, scenario: { ...design.scenario, faults: [full] } };
  const [{ code, message }] = publisherProblems(planned);
  expect(code).toBe('deaf-to-alarm');
  expect(message).toContain('the disk alarm planned at t does not block it');
});
