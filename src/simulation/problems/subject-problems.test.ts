import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Json } from '../../design/types.ts';
import { subjectProblems } from './subject-problems.ts';

/** Codes and answers of the server for a stream that a producer writes to and consumers with these filters read. */
function said(
  subjects: string,
  {
    key = 'orders.eu',
    filters = [''],
    retention = 'limits',
  }: { key?: string; filters?: string[]; retention?: string } = {},
): [code: string, answer: string][] {
  const consumers = filters.map((filterSubject, at) => ({ id: `g${at}`, filterSubject }));
  const node = (id: string, kind: string, fields: Record<string, Json> = {}) => ({
    id,
    kind,
    name: id,
    fields,
  });
  const design = {
    ...newDesign('Subjects'),
    nodes: [
      node('p', 'producer', { routingKey: key }),
      node('s', 'cloud-broker', { profile: 'jetstream', subjects, retention }),
      ...consumers.map(({ id }) => node(id, 'consumer-group')),
    ],
    edges: [
      { id: 'w', from: 'p', fromPort: 'out', to: 's', toPort: 'in' },
      ...consumers.map(({ id, filterSubject }) => ({
        id: `r-${id}`,
        from: 's',
        fromPort: 'out',
        to: id,
        toPort: 'in',
        fields: { filterSubject },
      })),
    ],
  };
  return subjectProblems(design).map(({ code, message }) => [
    code,
    message.split(' answers: ')[1] ?? message,
  ]);
}

describe('subjects of a stream', () => {
  it('are fine where each message has one and a consumer takes it', () => {
    expect(said('')).toEqual([]);
    expect(said('orders.>', { filters: ['orders.eu', 'orders.*', ''] })).toEqual([]);
    expect(said('orders.>, payments.*', { key: 'orders.eu: 3, payments.eu' })).toEqual([]);
  });

  it('are refused as the server refuses them', () => {
    const refused = (subjects: string) => said(subjects).map(([code, answer]) => [code, answer]);
    const answers = (answer: string) => [['subjects-refused', answer]];
    expect(refused('orders.>.eu')).toEqual(answers('invalid subject.'));
    expect(refused('orders..eu')).toEqual(answers('invalid subject.'));
    expect(refused('a, a')).toEqual(answers('duplicate subjects detected.'));
    expect(refused('orders.>, orders.eu')).toEqual(answers('subject "orders.>" overlaps with "orders.eu".'));
    expect(refused('>')).toEqual(answers('capturing all subjects requires no-ack to be true.'));
    expect(refused('*.eu')[0][1]).toContain('jetstream api');
  });

  it('have filters within them', () => {
    const answer = 'consumer filter subject is not a valid subset of the interest subjects.';
    for (const filter of ['payments.eu', '>', 'orders', 'orders.', 'orders.>.eu']) {
      expect(said('orders.>', { filters: [filter] }), filter).toEqual([['filter-subject-refused', answer]]);
    }
    expect(said('', { filters: ['orders.eu'] })).toEqual([['filter-subject-refused', answer]]);
  });

  it('of a work queue have one consumer for each message', () => {
    const retention = 'workqueue';
    expect(said('orders.>', { retention, filters: ['orders.eu', 'orders.us'] })).toEqual([]);
    expect(said('orders.>', { retention, filters: ['', ''] })).toEqual([
      ['work-queue-shared', 'multiple non-filtered consumers not allowed on workqueue stream.'],
    ]);
    for (const filters of [
      ['orders.eu', ''],
      ['orders.*', 'orders.eu'],
    ]) {
      expect(said('orders.>', { retention, filters })).toEqual([
        ['work-queue-shared', 'filtered consumer not unique on workqueue stream.'],
      ]);
    }
  });

  it('are what a producer publishes to, without wildcards', () => {
    const noSubject = [['no-subject', 'invalid subject.']];
    expect(said('orders.>', { key: '' })).toEqual(noSubject);
    expect(said('orders.>', { key: 'orders.*' })).toEqual(noSubject);
    expect(said('orders.>', { key: 'orders' })).toEqual([['no-stream', 'no response from stream.']]);
    expect(said('orders.>', { filters: ['orders.us'] }).map(([code]) => code)).toEqual(['no-consumer']);
  });
});
