import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Design, DesignEdge, DesignNode, Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { exchangeProblems } from './exchange-problems.ts';
import { validate } from './validate.ts';

type Fields = Record<string, Json>;

/** A producer, exchanges by their types, and queues that a group reads; edges as `from.port > to` with their fields. */
function design(
  exchanges: Record<string, string>,
  edges: Record<string, Fields>,
  sends: Fields = {},
): Design {
  const nodes: DesignNode[] = [
    { id: 'p', kind: 'producer', name: 'p', fields: sends },
    ...Object.entries(exchanges).map(([id, type]) => ({ id, kind: 'exchange', name: id, fields: { type } })),
    { id: 'q', kind: 'queue', name: 'q', fields: {} },
    {
      id: 'g',
      kind: 'consumer-group',
      name: 'g',
      fields: { serviceTime: { shape: 'constant', mean: 0 } },
    },
  ];
  const texts = ['p > x', 'q > g', ...Object.keys(edges).filter((text) => text !== 'p > x')];
  return {
    ...newDesign(),
    nodes,
    edges: texts.map((text): DesignEdge => {
      const [start, to] = text.split(' > ');
      const [from, fromPort = 'out'] = start.split('.');
      const fields = edges[text] && Object.keys(edges[text]).length > 0 ? { fields: edges[text] } : {};
      return { id: text, from, fromPort, to, toPort: 'in', ...fields };
    }),
  };
}

function said(found: Design): string[] {
  return validate(found).map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('bindings', () => {
  it('that are sound have nothing said against them', () => {
    expect(said(design({ x: 'topic' }, { 'x > q': { bindingKey: '#.a.#' } }, { routingKey: 'a' }))).toEqual(
      [],
    );
  });

  it('with three # are refused as the broker refuses them, with their place', () => {
    const [problem, ...others] = validate(
      design({ x: 'topic' }, { 'x > q': { bindingKey: '#.a.#.b.#' } }, { routingKey: 'a.b' }),
    );
    expect(others).toEqual([]);
    expect(problem).toEqual({
      severity: 'error',
      code: 'too-many-hashes',
      message:
        'x → q: found 3 times the word # in the binding key "#.a.#.b.#", expected at most 2: RabbitMQ refuses such a binding from version 4.3 on.',
      path: 'edges[2].fields.bindingKey',
      edge: 'x > q',
      field: 'bindingKey',
    });
  });

  it.each<[string, string, Fields, string]>([
    [
      'a key on a fanout',
      'fanout',
      { bindingKey: 'a' },
      'info binding-ignored: x → q: the binding key "a" is ignored, since x is a fanout exchange.',
    ],
    [
      'headers on a direct exchange',
      'direct',
      { headers: { a: 1 } },
      'info binding-ignored: x → q: the headers of the binding are ignored, since x is a direct exchange.',
    ],
    [
      'a pattern on a direct exchange',
      'direct',
      { bindingKey: 'a.*' },
      'info wildcard-in-direct: x → q: the binding key "a.*" is compared letter by letter; wildcards count in a topic exchange only.',
    ],
    [
      'all of no headers',
      'headers',
      {},
      'info no-headers: x → q: no headers are asked for, so every message matches.',
    ],
    [
      'any of no headers',
      'headers',
      { match: 'any' },
      'warning no-headers: x → q: any of no headers is asked for, so no message ever matches.',
    ],
  ])('are spoken of: %s', (_, type, fields, sentence) => {
    expect(said(design({ x: type }, { 'x > q': fields }))).toContain(sentence);
  });

  it.each<[string, Fields, string]>([
    ['a number for a key', { bindingKey: 3 }, 'x → q, binding key: found 3, expected text.'],
    [
      'a key of 256 bytes',
      { bindingKey: 'é'.repeat(128) },
      'x → q, binding key: found 256 bytes, expected text of at most 255 bytes.',
    ],
    [
      'a list in a header',
      { headers: { a: [1] } },
      'x → q, headers: found a list of 1 as header "a", expected text, a number, true, false or null.',
    ],
  ])('are refused for %s', (_, fields, sentence) => {
    expect(said(design({ x: 'topic' }, { 'x > q': fields }))).toEqual([`error bad-field-value: ${sentence}`]);
  });
});

describe('an exchange', () => {
  it('that is bound to itself, or is its own alternate, is told that this changes nothing', () => {
    const found = said(design({ x: 'fanout' }, { 'x > q': {}, 'x > x': {}, 'x.alternate > x': {} }));
    expect(found).toEqual([
      'warning self-binding: x is bound to itself, which changes nothing: a message visits an exchange once.',
      'warning self-binding: x is its own alternate exchange, which changes nothing: a message visits an exchange once.',
    ]);
  });

  it('without a binding is said to have none, and that all it gets is dropped', () => {
    expect(said(design({ x: 'direct' }, {}, { routingKey: 'a, b' }))).toEqual([
      'warning feeds-nothing: x has no binding: no edge leads on from it.',
      'warning fed-by-nothing: Nothing reaches q: no edge leads to it.',
      'warning unroutable: p → x: every message is dropped, as no binding takes it to a queue.',
    ]);
  });

  it('that no queue is bound to for one of the keys is named with this key', () => {
    const found = said(
      design({ x: 'direct' }, { 'x > q': { bindingKey: 'a' } }, { routingKey: 'a, b', unroutable: 'return' }),
    );
    expect(found).toEqual([
      'warning unroutable: p → x: what has the routing key "b" is returned, as no binding takes it to a queue.',
    ]);
  });

  it('passes what it cannot route to its alternate exchange, so that nothing is lost', () => {
    const found = said(
      design(
        { x: 'direct', y: 'fanout' },
        { 'x > q': { bindingKey: 'a' }, 'x.alternate > y': {}, 'y > q': {} },
        { routingKey: 'a, b' },
      ),
    );
    expect(found).toEqual([]);
  });
});

describe('a loop', () => {
  it('of bindings alone is none of messages', () => {
    expect(said(design({ x: 'fanout', y: 'fanout' }, { 'x > y': {}, 'y > x': {}, 'y > q': {} }))).toEqual([]);
  });

  it('of a group that publishes what it reads is found, also by way of two exchanges', () => {
    const found = said(
      design({ x: 'fanout', y: 'topic' }, { 'x > y': {}, 'y > q': { bindingKey: '#' }, 'g > x': {} }),
    );
    expect(found.join('\n')).toMatch(/error zero-delay-circle: Time would stand still in the loop .*x → q/);
  });

  it('that only some messages can take is no error', () => {
    const found = said(
      design({ x: 'topic' }, { 'x > q': { bindingKey: 'a' }, 'g > x': {} }, { routingKey: 'a' }),
    );
    expect(found.filter((sentence) => sentence.startsWith('error'))).toEqual([]);
  });
});

describe('the key of dead letters', () => {
  const found = (to: 'x' | 'r') =>
    exchangeProblems(
      designOf(
        {
          p: ['producer'],
          q: ['queue', { deadLetterRoutingKey: 'dead.q' }],
          x: ['exchange', { type: 'direct' }],
          r: ['queue'],
        },
        ['p > q', 'x > r', `q.dead > ${to}`],
      ),
    )
      .filter(({ field }) => field === 'deadLetterRoutingKey')
      .map(({ severity, code }) => `${severity} ${code}`);

  it('is ignored where dead letters go to no exchange', () => {
    expect(found('r')).toEqual(['info dead-letter-key-ignored']);
  });

  it('loses them where no binding takes it', () => {
    expect(found('x')).toEqual(['warning dead-letters-unroutable']);
  });
});
