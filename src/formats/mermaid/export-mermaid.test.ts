// @vitest-environment jsdom
import { test } from '../../testing/property.ts';
import fc from 'fast-check';
import mermaid from 'mermaid';
import { beforeAll, describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Design, DesignNode } from '../../design/types.ts';
import { orders } from '../../gallery/orders.ts';
import { routing } from '../../gallery/routing.ts';
import { KINDS } from '../../kinds/registry.ts';
import { designArbitrary, HOSTILE_NAMES, nameArbitrary } from '../../testing/design-generator.ts';
import { exportMermaid } from './export-mermaid.ts';
import type { MeasuredFigures } from './measured-labels.ts';
import { printable } from './mermaid-label.ts';

interface Read {
  /** By Mermaid's id. */
  vertices: Map<string, { text: string; type?: string; classes: string[] }>;
  edges: { start: string; end: string; text: string; stroke: string }[];
  subgraphs: { id: string; title: string; nodes: string[] }[];
}

/** What the real Mermaid makes of a text, labels decoded as its renderer does. */
async function read(text: string): Promise<Read> {
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
  // The flowchart database has no public type.
  const db = diagram.db as unknown as {
    getVertices(): Map<string, { id: string; text?: string; type?: string; classes: string[] }>;
    getEdges(): { start: string; end: string; text: string; stroke: string }[];
    getSubGraphs(): { id: string; title: string; nodes: string[] }[];
  };
  const subgraphs = db.getSubGraphs().map(({ id, title, nodes }) => ({ id, title: decode(title), nodes }));
  const vertices = [...db.getVertices()].filter(([id]) => !subgraphs.some((group) => group.id === id));
  return {
    vertices: new Map(
      vertices.map(([id, { text: label, type, classes }]) => [
        id,
        { text: decode(label ?? id), type, classes },
      ]),
    ),
    edges: db
      .getEdges()
      .map(({ start, end, text: label, stroke }) => ({ start, end, text: decode(label), stroke })),
    subgraphs,
  };
}

function decode(label: string): string {
  const html = label
    .replace(/<br\s*\/?>/g, '\n')
    .replaceAll('ﬂ°°', '&#')
    .replaceAll('ﬂ°', '&')
    .replaceAll('¶ß', ';');
  const box = document.createElement('textarea');
  box.innerHTML = html;
  return box.value;
}

/** What is documented to differ: blanks at the ends are no-break spaces, an empty label is one space. */
function expected(text: string): string {
  return printable(text).replace(/^ +| +$/g, (blanks) => '\u00a0'.repeat(blanks.length));
}

function same(label: string, text: string): boolean {
  return label === expected(text) || (text === '' && label.trim() === '');
}

function named(names: readonly string[]): Design {
  return {
    ...newDesign(),
    groups: [{ id: 'g', name: names[0] }],
    nodes: names.map((name, at): DesignNode => ({
      id: `n${at}`,
      kind: KINDS[at % KINDS.length].kind,
      name,
      fields: {},
      ...(at === 0 ? { group: 'g' } : {}),
    })),
    edges: names.map((label, at) => ({
      id: `e${at}`,
      from: 'n0',
      fromPort: 'out',
      to: `n${at}`,
      toPort: 'in',
      label,
    })),
  };
}

const RULE_LIST = [
  '&lt;b&gt;',
  '#35;',
  '#',
  '`md`',
  '`',
  'a\\nb',
  '$$x^2$$',
  '%%{init: {"theme":"dark"}}%%',
  '%%',
  '100 %',
  'a\r\nb',
  '\n',
  ' both ',
  'direction TB',
  'direction\u00a0LR',
  'my direction  RL x',
  'fa:fa-user',
  'fab:fa-github',
  'far:fa-x fa:fa',
  'lifestyle: a#b;',
  'classDef x:#f;',
  'style q fill:#fff;',
  '( ) [ ] { } | ; / @ -- --> ::: end',
  '**b** a*b*c',
  'a@b.com',
  '1. x',
  '- x',
  '+ x',
  'https://a.b/c',
  '¶ß',
  'ﬂ°°35¶ß',
  'ﬂ°',
  '\u2028\u2029',
  '</textarea><b>',
  '<script>alert(1)</script>',
  'a<br/>b',
  '"',
  "'",
  '\\',
  '#quot;',
  '&amp;',
  '&#35;',
  '~~~',
  'x-->',
  '--x',
  'o--o',
];

const snippet = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES, ...RULE_LIST),
  nameArbitrary,
  fc
    .array(fc.constantFrom(...RULE_LIST, ...HOSTILE_NAMES, ' ', '\n', ';', ':', '#', 'style'), {
      minLength: 2,
      maxLength: 4,
    })
    .map((parts) => parts.join('')),
);

async function expectNamesBack(design: Design, compatible: boolean): Promise<void> {
  const { text } = exportMermaid(design, { compatible });
  const { vertices, edges, subgraphs } = await read(text);
  const ids = [...vertices.keys()];
  expect(ids).toHaveLength(design.nodes.length);
  const labels = new Map([...vertices.values()].map(({ text: label }, at) => [ids[at], label]));
  for (const { id, name } of design.nodes) {
    const label = labels.get(id)!;
    expect(same(label, name), `node ${JSON.stringify([name, label, text])}`).toBe(true);
  }
  for (const [at, { label = '' }] of design.edges.entries()) {
    expect(same(edges[at].text, label), `edge ${JSON.stringify([label, edges[at].text, text])}`).toBe(true);
  }
  expect(
    same(subgraphs[0].title, design.groups[0].name),
    JSON.stringify([design.groups[0].name, subgraphs[0].title]),
  ).toBe(true);
}

describe('exportMermaid', () => {
  // The first parse loads the diagram types, which getDiagramFromText takes for granted.
  beforeAll(() => mermaid.parse('flowchart LR\n a --> b'));

  it.for([false, true])(
    'gives every name of the lists back through the real Mermaid, compatible %s',
    async (compatible) => {
      for (const name of [...RULE_LIST, ...HOSTILE_NAMES]) await expectNamesBack(named([name]), compatible);
    },
  );

  test.prop([fc.array(snippet, { minLength: 1, maxLength: 6 }), fc.boolean()], { seed: 7, numRuns: 200 })(
    'gives any names back through the real Mermaid',
    async (names, compatible) => expectNamesBack(named(names), compatible),
  );

  test.prop([designArbitrary], { seed: 8, numRuns: 100 })(
    'keeps the structure of any design',
    async (design) => {
      const { text } = exportMermaid(design);
      const { vertices, edges, subgraphs } = await read(text);
      expect(vertices.size).toBe(design.nodes.length);
      expect(edges).toHaveLength(design.edges.length);
      const texts = [...vertices.values()].map((vertex) => vertex.text).sort();
      expect(texts.map((label) => label.trim())).toEqual(
        design.nodes
          .map(({ name }) => expected(name))
          .sort()
          .map((name) => name.trim()),
      );
      const filled = new Set(design.nodes.flatMap(({ group }) => group ?? []));
      expect(subgraphs.length).toBeGreaterThanOrEqual(filled.size);
      const inGroups = design.nodes.filter(({ group }) => group !== undefined);
      const members = subgraphs.flatMap(({ nodes }) => nodes.filter((id) => vertices.has(id)));
      expect(members).toHaveLength(inGroups.length);
    },
  );

  it('writes the orders design with a shape per kind, a class per family and dotted dead letters', async () => {
    const { text, notes } = exportMermaid(orders);
    expect(notes).toEqual([]);
    expect(text).toMatchInlineSnapshot(`
      "flowchart LR
        checkout_web>"checkout-web"]
        mobile_app>"mobile-app"]
        partner_feed>"partner-feed"]
        orders[["orders"]]
        shipping["shipping"]
        analytics["analytics"]
        billing["billing"]
        shipments_db[("shipments-db")]
        warehouse[("warehouse")]
        ledger_db[("ledger-db")]
        orders_dlq[/"orders.dlq"\\]
        checkout_web --> orders
        mobile_app --> orders
        partner_feed --> orders
        orders --> shipping
        orders --> analytics
        orders --> billing
        shipping --> shipments_db
        analytics --> warehouse
        billing --> ledger_db
        billing -.->|"dead letters"| orders_dlq
        classDef sources fill:#FFFFFF,stroke:#2A763B,stroke-width:2px,color:#101A20
        class checkout_web,mobile_app,partner_feed sources
        classDef channels fill:#FFFFFF,stroke:#1D62B4,stroke-width:2px,color:#101A20
        class orders channels
        classDef processing fill:#FFFFFF,stroke:#6748BD,stroke-width:2px,color:#101A20
        class shipping,analytics,billing processing
        classDef state fill:#FFFFFF,stroke:#0B7078,stroke-width:2px,color:#101A20
        class shipments_db,warehouse,ledger_db state
        classDef reliability fill:#FFFFFF,stroke:#A5432A,stroke-width:2px,color:#101A20
        class orders_dlq reliability
        linkStyle default stroke:#76848D
        linkStyle 9 stroke:#B3141F
      "
    `);
    const { vertices, edges } = await read(text);
    expect(vertices.get('checkout_web')).toMatchObject({
      text: 'checkout-web',
      type: 'odd',
      classes: ['sources'],
    });
    expect(edges.filter(({ stroke }) => stroke === 'dotted')).toMatchObject([
      { start: 'billing', text: 'dead letters' },
    ]);
  });

  it('writes measured figures into the labels with seed and scenario in the caption', async () => {
    const node = {
      throughputPerSecond: 119.96,
      utilization: 0.4444,
      lag: 3,
      latencyMsP95: 12,
      deadLettered: 0,
    };
    const figures: MeasuredFigures = {
      seed: 7,
      untilMs: 600_000,
      warmUpMs: 60_000,
      nodes: { billing: node, 'orders.dlq': { ...node, deadLettered: 42 } },
      edges: { 'billing-to-ledger-db': { ratePerSecond: 203.7 } },
    };
    const { text } = exportMermaid(orders, { figures, direction: 'TB', theme: 'dark' });
    expect(text).toContain(
      'title: "Orders and billing: simulated 10 min after 1 min of warm-up, seed 7"\n---\nflowchart TB\n',
    );
    const { vertices, edges } = await read(text);
    expect(vertices.get('billing')!.text).toBe('billing\n120/s, 44 % busy\n3 behind');
    expect(vertices.get('orders_dlq')!.text).toBe('orders.dlq\n42 dead letters');
    expect(edges[8].text).toBe('204/s');
  });

  it('writes binding keys at the edges of an exchange, and what its alternate exchange is for', async () => {
    const { edges, vertices } = await read(exportMermaid(routing).text);
    expect(vertices.get('logs')).toMatchObject({ text: 'logs', type: 'hexagon' });
    const labelled = edges.flatMap(({ start, end, text }) => (text ? [[start, end, text]] : []));
    expect(labelled).toEqual([
      ['logs', 'alerts', '*.error'],
      ['logs', 'shop_log', 'shop.#'],
      ['logs', 'leftovers', 'unroutable'],
    ]);
  });

  it('keeps ids apart from reserved words, edges and each other', async () => {
    const ids = [
      'end',
      'graph',
      'default',
      'o',
      'x',
      'a b',
      'a-b',
      'L_a_b_0',
      '7',
      'é',
      '🙂',
      'g',
      '__proto__',
      'constructor',
      'class',
      'end-x',
    ];
    const design: Design = {
      ...newDesign(),
      groups: [
        { id: 'g', name: 'Group' },
        { id: 'empty', name: 'Empty' },
      ],
      nodes: ids.map((id) => ({ id, kind: 'queue', name: id, fields: {}, group: 'g' })),
      edges: ids.map((id) => ({ id, from: id, fromPort: 'out', to: 'o', toPort: 'in' })),
    };
    const { text, notes } = exportMermaid(design);
    expect(notes.map(({ code }) => code)).toEqual(['empty-group']);
    const { vertices, edges, subgraphs } = await read(text);
    expect([...vertices.values()].map((vertex) => vertex.text)).toEqual(ids);
    expect(edges).toHaveLength(ids.length);
    expect(subgraphs).toMatchObject([
      { title: 'Group', nodes: expect.arrayContaining([...vertices.keys()]) },
    ]);
  });
});
