import { expect, it } from 'vitest';
import type { DesignNode, Json } from '../design/types.ts';
import { validateFaultArgs } from '../simulation/faults/fault-args.ts';
import { edgeSite } from './fault-site.ts';

function site(from: string, to: string, fields: Record<string, Json> = {}) {
  const nodes = [from, to].map((kind, at): DesignNode => ({
    id: `n${at}`,
    kind,
    name: kind,
    fields: at === 0 ? fields : {},
  }));
  return edgeSite({ id: 'e', from: 'n0', fromPort: 'out', to: 'n1', toPort: 'in' }, nodes);
}

it.each<[string, string, Record<string, Json>, RegExp | null]>([
  ['topic', 'consumer-group', {}, /^A fetch asks for records from an offset on/],
  ['queue', 'consumer-group', {}, /^Deliveries come over a connection/],
  ['consumer-group', 'database', {}, /^A call and its answer belong together/],
  ['producer', 'topic', { client: 'kafka' }, /^A Kafka client sends its batches in order/],
  ['consumer-group', 'topic', { commit: 'transaction' }, /^A Kafka client sends its batches in order/],
  ['producer', 'topic', {}, null],
  ['consumer-group', 'queue', {}, null],
])('of %s to %s it is said why nothing comes twice or out of order', (from, to, fields, reason) => {
  const { refusal, faults } = site(from, to, fields);
  const hasBoth = ['duplicate', 'reorder'].every((id) => faults.some((fault) => fault.id === id));
  expect(hasBoth).toBe(reason === null);
  if (reason) expect(refusal).toMatch(reason);
  else expect(refusal).toBeUndefined();
});

it('a planned fault that cannot be is refused with the reason', () => {
  const problem = validateFaultArgs(site('topic', 'consumer-group'), 'duplicate', { share: 0.1 });
  expect(problem?.message).toContain('cut the edge, or crash a member');
});
