import { describe, expect, it } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import type { Design } from '../design/types.ts';
import { fieldProblems } from './field-problems.ts';
import { fieldValue, resolveFields } from './field-values.ts';
import { kindDefinition } from './registry.ts';

const design: Design = {
  ...newDesign(),
  messageTypes: [{ id: 'placed', name: 'OrderPlaced' }],
  nodes: [
    { id: 'web', kind: 'producer', name: 'web', fields: { rate: 1e9, messageType: 'gone', color: 'NaN' } },
    {
      id: 'db',
      kind: 'database',
      name: 'db',
      fields: { serviceTime: { shape: 'pareto', min: 1, alpha: 1 } },
    },
    { id: 'new', kind: 'teleporter', name: 'new', fields: { rate: -1 } },
  ],
};

describe('fieldProblems', () => {
  it('finds values that no run can use, and says what it does not know', () => {
    expect(fieldProblems(design)).toMatchObject([
      {
        severity: 'error',
        path: 'nodes[0].fields.rate',
        node: 'web',
        field: 'rate',
        message: 'web, rate: found 1,000,000,000/s, expected a rate from 0/s to 10,000,000/s.',
      },
      { severity: 'warning', code: 'missing-message-type', field: 'messageType' },
      { severity: 'warning', code: 'odd-field-value', node: 'db' },
      {
        severity: 'warning',
        code: 'unknown-field',
        path: 'nodes[0].fields.color',
        message: 'web: found the field "color", which a producer does not have, so it counts for nothing.',
      },
    ]);
  });

  it('says which field is meant by one that is written wrong, of nodes and of edges', () => {
    const edge = { id: 'e', from: 'a', fromPort: 'out', to: 'b', toPort: 'in' };
    const slips: Design = {
      ...newDesign(),
      nodes: [
        {
          id: 'a',
          kind: 'consumer-group',
          name: 'a',
          fields: { servicetime: { shape: 'constant', mean: 1 } },
        },
        { id: 'b', kind: 'service', name: 'b', fields: {} },
      ],
      // The last is of another kind of edge: kept from before this one was connected to a service.
      edges: [{ ...edge, fields: { timeOut: 100, bindingKey: 'a.*' } }],
    };
    expect(fieldProblems(slips).map(({ message }) => message)).toEqual([
      'a: found the field "servicetime", which a consumer group does not have, so it counts for nothing. Is "serviceTime" meant?',
      'a → b: found the field "timeOut", which this edge does not have, so it counts for nothing. Is "timeout" meant?',
    ]);
  });
});

describe('field values', () => {
  it('are those of the design, else the defaults of the kind', () => {
    const producer = kindDefinition('producer')!;
    expect(fieldValue(producer, design.nodes[0], 'rate')).toBe(1e9);
    expect(fieldValue(producer, design.nodes[0], 'arrivals')).toBe('poisson');
    expect(() => fieldValue(producer, design.nodes[0], 'toString')).toThrow('has no field toString');
    expect(resolveFields(design.nodes[1])).toEqual({
      connections: 20,
      serviceTime: { shape: 'pareto', min: 1, alpha: 1 },
      failureProbability: 0,
    });
  });
});
