import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Json, Problem } from '../../design/types.ts';
import { routerProblems } from './router-problems.ts';

type Fields = Record<string, Json>;

/** A producer, a router, and one subscriber. */
function problems(
  subscription: Fields,
  { profile = 'sns', target = 'service', fields = {}, producer = {}, dead = true } = {},
): Problem[] {
  const edge = (from: string, to: string, fromPort = 'out') => ({
    id: `${from}-${to}`,
    from,
    fromPort,
    to,
    toPort: 'in',
  });
  return routerProblems({
    ...newDesign('Routers'),
    nodes: [
      { id: 'p', kind: 'producer', name: 'p', fields: producer },
      { id: 'r', kind: 'event-router', name: 'r', fields: { profile } },
      { id: 't', kind: target, name: 't', fields },
      { id: 'd', kind: 'dead-letter-queue', name: 'd', fields: {} },
    ],
    edges: [
      edge('p', 'r'),
      { ...edge('r', 't'), fields: subscription },
      ...(dead ? [edge('r', 'd', 'dead')] : []),
    ],
  });
}

const codes = (found: readonly Problem[]) =>
  found.map(({ severity, code, field }) => [severity, code, field]);
const queue = (profile: string) => ({ target: 'cloud-broker', fields: { profile } });

describe('an event router', () => {
  it('is fine with its defaults', () => {
    expect(problems({})).toEqual([]);
    expect(problems({}, { profile: 'eventbridge', ...queue('sqs-fifo') })).toEqual([]);
    expect(problems({}, queue('sqs'))).toEqual([]);
  });

  it('refuses a filter that cannot be read, with the reason and the answer of the service', () => {
    const [found] = problems({ filterPolicy: '{"type": "a"}' });
    expect(found).toMatchObject({
      severity: 'error',
      code: 'filter-refused',
      field: 'filterPolicy',
      edge: 'r-t',
    });
    expect(found.message).toContain('type is not a list of what it may be');
    expect(found.path).toBe('edges[1].fields.filterPolicy');
    const refused = problems({ eventPattern: '[]' }, { profile: 'eventbridge' });
    expect(codes(refused)).toEqual([['error', 'filter-refused', 'eventPattern']]);
  });

  it('delivers to queues of SQS only, and from a standard topic to standard queues', () => {
    expect(codes(problems({}, queue('pulsar')))).toEqual([['error', 'no-sqs-queue', 'endpoint']]);
    expect(codes(problems({}, queue('sqs-fifo')))).toEqual([['error', 'fifo-queue-subscribed', 'endpoint']]);
    const overHttp = problems({ endpoint: 'http' }, queue('sqs'));
    expect(codes(overHttp)).toEqual([['error', 'queue-over-http', 'endpoint']]);
  });

  it('that is a FIFO topic delivers to queues alone, and says that a standard one keeps no order', () => {
    const profile = 'sns-fifo';
    expect(problems({}, { profile, ...queue('sqs-fifo') })).toEqual([]);
    expect(codes(problems({}, { profile, ...queue('sqs') }))).toEqual([
      ['info', 'order-lost', 'filterPolicy'],
    ]);
    expect(codes(problems({}, { profile }))).toEqual([['error', 'fifo-topic-pushes', 'filterPolicy']]);
    const keyless = problems({}, { profile, ...queue('sqs-fifo'), producer: { keys: 'none' } });
    expect(codes(keyless)).toEqual([['error', 'no-message-group', 'keys']]);
  });

  it('refuses a delivery policy that contradicts itself or waits for more than an hour', () => {
    const policy = (fields: Fields) => codes(problems({ endpoint: 'http', ...fields }));
    const refused = (field: string) => [['error', 'delivery-policy-refused', field]];
    expect(policy({ numNoDelayRetries: 4 })).toEqual(refused('numRetries'));
    expect(policy({ minDelayTarget: 30_000 })).toEqual(refused('minDelayTarget'));
    expect(policy({ numRetries: 100, maxDelayTarget: 60_000 })).toEqual(refused('numRetries'));
    expect(policy({ numRetries: 100, maxDelayTarget: 50_000 })).toEqual([]);
  });

  it('says which events reach nobody, and what is lost when it is given up', () => {
    const producer = { routingKey: 'a, b' };
    const [warning] = problems({ filterPolicy: '{"type": ["a"]}' }, { producer });
    expect(warning).toMatchObject({ severity: 'warning', code: 'unmatched', node: 'r' });
    expect(warning.message).toContain('the routing key "b" reaches nobody');
    expect(codes(problems({}, { dead: false }))).toEqual([['info', 'no-dead-letter-edge', 'deadLetters']]);
  });
});
