import fc from 'fast-check';
import type { Edit } from '../design/edits.ts';
import type { Design, DesignNode, Json } from '../design/types.ts';
import { DESIGN_VERSION, MESSAGE_ROLES } from '../design/types.ts';

/** Names that have broken tools: markup, escapes, other scripts, hidden characters, halves of pairs. */
export const HOSTILE_NAMES: readonly string[] = [
  '',
  ' ',
  'end',
  '"]',
  '-->',
  'a;b',
  '%%{init: {}}%%',
  ':::',
  '#quot;',
  '&amp;',
  '<img src=x onerror=alert(1)>',
  '`code`',
  'tab\tline\nreturn\rnul\u0000sep\u2028next\u0085',
  'zero\u200bwidth\ufeff',
  'e\u0301',
  '\u00e9',
  '👩🏽‍💻',
  '\ud83d',
  'direction LR',
  '__proto__',
  'constructor',
  '../../x',
  '| a | b |',
  "'; rm -rf ~ #",
  'javascript:alert(1)',
];

/** Ids that a careless lookup in a plain object would find there. */
const TRICKY_IDS = [
  'toString',
  'hasOwnProperty',
  'length',
  'then',
  'constructor',
  'valueOf',
  'end',
  'default',
];

/** Any name a node may have. */
export const nameArbitrary: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const idArbitrary = fc.oneof(
  fc.constantFrom(...TRICKY_IDS),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((id) => !/[\u0000-\u001f\u007f]/.test(id)),
);

const keyArbitrary = fc.oneof(
  fc.stringMatching(/^[a-z][A-Za-z]{0,8}$/),
  fc.constantFrom('toString', '7', 'a b', 'constructor'),
);

const numberArbitrary = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) =>
    Object.is(value, -0) || (Number.isInteger(value) && !Number.isSafeInteger(value)) ? 0 : value,
  );

const jsonArbitrary: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    numberArbitrary,
    fc.string({ maxLength: 10 }),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(keyArbitrary, tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).json;

const valuesArbitrary = fc.dictionary(keyArbitrary, jsonArbitrary, { maxKeys: 4, noNullPrototype: true });

/** An edge that has no field set has no `fields` at all. */
const edgeFieldsArbitrary = fc.option(
  fc.dictionary(keyArbitrary, jsonArbitrary, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  { nil: undefined, freq: 2 },
);

/** Unknown fields: their keys begin with `x-`, so that they are never one of ours. */
const extraArbitrary = fc.option(
  fc.dictionary(fc.stringMatching(/^x-[a-z]{1,6}$/), jsonArbitrary, {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  }),
  { nil: undefined, freq: 6 },
);

function withExtra<Item extends object>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item> {
  return fc.tuple(item, extraArbitrary).map(([made, extra]) => clean({ ...made, extra }));
}

/** The same without keys that hold undefined, as JSON would give it back. */
function clean<Item extends object>(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as Item;
}

function listById<Item extends { id: string }>(item: fc.Arbitrary<Item>, maxLength: number) {
  return fc.uniqueArray(item, { maxLength, selector: ({ id }) => id });
}

const kindArbitrary = fc.constantFrom(
  'producer',
  'topic',
  'queue',
  'consumer-group',
  'database',
  'service',
  'cloud-broker',
  'exchange',
  'event-router',
  'from-the-future',
);
const place = fc.integer({ min: -5000, max: 5000 });

/**
 * Random designs that are sound as documents: references lead somewhere, ids differ. Kinds may be unknown, names
 * hostile, fields anything; so most of them cannot run.
 */
export const designArbitrary: fc.Arbitrary<Design> = fc
  .record({
    name: nameArbitrary,
    messageTypes: listById(
      withExtra(
        fc.record(
          { id: idArbitrary, name: nameArbitrary, role: fc.constantFrom(...MESSAGE_ROLES) },
          { requiredKeys: ['id', 'name'] },
        ),
      ),
      3,
    ),
    groups: listById(withExtra(fc.record({ id: idArbitrary, name: nameArbitrary })), 4),
    nodes: listById(
      withExtra(
        fc.record({ id: idArbitrary, kind: kindArbitrary, name: nameArbitrary, fields: valuesArbitrary }),
      ),
      8,
    ),
    extra: extraArbitrary,
    layoutExtra: extraArbitrary,
    scenario: fc.record({
      horizonMs: fc.integer({ min: 2, max: 1_000_000 }),
      warmUpMs: fc.constantFrom(0, 1),
      seed: fc.oneof(fc.integer(), fc.string({ maxLength: 10 })),
    }),
  })
  .chain(({ layoutExtra, ...base }) => withReferences(base as Base, layoutExtra));

type Base = Pick<Design, 'name' | 'messageTypes' | 'groups' | 'nodes' | 'extra'> & {
  scenario: Omit<Design['scenario'], 'faults'>;
};

/** Adds what refers to nodes and groups: memberships, parents, edges, faults, goals and places. */
function withReferences(base: Base, layoutExtra: Design['extra']): fc.Arbitrary<Design> {
  const nodeIds = base.nodes.map(({ id }) => id);
  const pick = fc.nat().map((at) => nodeIds[at % nodeIds.length]);
  const some = nodeIds.length === 0 ? 0 : 6;
  const edge = fc.record({
    id: idArbitrary,
    from: pick,
    fromPort: fc.constant('out'),
    to: pick,
    toPort: fc.constant('in'),
    label: fc.option(nameArbitrary, { nil: undefined }),
    fields: edgeFieldsArbitrary,
  });
  const fault = fc.record({
    id: idArbitrary,
    atMs: fc.nat({ max: 1000 }),
    forMs: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
    node: pick,
    fault: fc.constantFrom('crash', 'slow'),
    args: valuesArbitrary,
  });
  const goal = fc.record({
    id: idArbitrary,
    node: nodeIds.length === 0 ? fc.constant(undefined) : fc.option(pick, { nil: undefined }),
    figure: fc.constantFrom('lag' as const, 'latencyMsP99' as const),
    atMost: fc.nat({ max: 100 }),
  });
  return fc
    .record({
      memberships: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      parents: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      edges: listById(withExtra(edge), some),
      faults: listById(withExtra(fault), Math.min(some, 3)),
      goals: listById(withExtra(goal), 3),
      places: fc.array(fc.tuple(place, place), { minLength: 8, maxLength: 8 }),
    })
    .map(({ memberships, parents, edges, faults, goals, places }) =>
      clean<Design>({
        version: DESIGN_VERSION,
        name: base.name,
        messageTypes: base.messageTypes,
        nodes: base.nodes.map((node, at) => clean({ ...node, group: base.groups[memberships[at] % 8]?.id })),
        edges,
        // A parent is always an earlier group, so there is no circle.
        groups: base.groups.map((group, at) => {
          const parent = parents[at] % (at + 1);
          return clean({ ...group, parent: parent < at ? base.groups[parent].id : undefined });
        }),
        scenario: { ...base.scenario, faults },
        goals,
        layout: clean({
          nodes: base.nodes.map(({ id }, at) => ({ id, x: places[at][0], y: places[at][1] })),
          extra: layoutExtra,
        }),
        extra: base.extra,
      }),
    );
}

/** Random edits that fit a design, all types of them. */
export function editArbitrary(design: Design): fc.Arbitrary<Edit> {
  const nodeIds = design.nodes.map(({ id }) => id);
  const freshNode: DesignNode = { id: 'fresh-node', kind: 'queue', name: 'fresh', fields: {} };
  const anywhere: fc.Arbitrary<Edit>[] = [
    fc.constant<Edit>({
      type: 'add-nodes',
      nodes: [freshNode],
      places: [{ id: 'fresh-node', x: 8, y: 16 }],
      edges: [
        {
          id: 'fresh-edge',
          from: 'fresh-node',
          fromPort: 'out',
          to: nodeIds[0] ?? 'fresh-node',
          toPort: 'in',
        },
      ],
    }),
    fc.record({ type: fc.constant('rename-design' as const), name: nameArbitrary }),
    fc.record({ type: fc.constant('set-scenario' as const), horizonMs: fc.integer({ min: 5, max: 1000 }) }),
    fc.record({
      type: fc.constant('set-scenario' as const),
      seed: fc.string(),
      warmUpMs: fc.constantFrom(0, 1),
    }),
    fc.subarray([...design.groups]).map((groups): Edit => ({
      type: 'set-groups',
      groups: groups.map(({ parent: _, ...group }) => group),
    })),
    fc
      .subarray([...design.messageTypes])
      .map((messageTypes): Edit => ({ type: 'set-message-types', messageTypes })),
    fc.subarray([...design.goals]).map((goals): Edit => ({ type: 'set-goals', goals })),
    fc.subarray([...design.scenario.faults]).map((faults): Edit => ({ type: 'set-faults', faults })),
    fc.constant<Edit>({ type: 'set-chaos', chaos: { perMinute: 1, healAfterMs: 1000 } }),
    fc
      .tuple(fc.subarray(nodeIds), fc.subarray(design.edges.map(({ id }) => id)))
      .map(([nodes, edges]): Edit => ({ type: 'remove', nodes, edges })),
    fc
      .tuple(
        fc.subarray(nodeIds),
        fc.option(fc.constantFrom(undefined, ...design.groups.map(({ id }) => id))),
      )
      .map(([nodes, group]): Edit => clean({ type: 'set-node-group', nodes, group: group ?? undefined })),
    fc
      .tuple(fc.subarray(nodeIds), place, place)
      .map(([nodes, x, y]): Edit => ({ type: 'move', places: nodes.map((id) => ({ id, x, y })) })),
    fc.tuple(nameArbitrary, fc.subarray(nodeIds)).map(([name, nodes]): Edit => ({
      type: 'batch',
      label: 'Two things',
      edits: [
        { type: 'rename-design', name },
        { type: 'remove', nodes, edges: [] },
      ],
    })),
  ];
  const ofNodes: fc.Arbitrary<Edit>[] = nodeIds.length === 0 ? [] : editsOfNodes(nodeIds, design);
  const ofEdges: fc.Arbitrary<Edit>[] =
    design.edges.length === 0
      ? []
      : [
          fc
            .tuple(fc.constantFrom(...design.edges.map(({ id }) => id)), fc.option(nameArbitrary))
            .map(([edge, label]): Edit => clean({ type: 'set-edge-label', edge, label: label ?? undefined })),
          editOfEdgeField(design),
        ];
  return fc.oneof(...anywhere, ...ofNodes, ...ofEdges);
}

function editOfEdgeField({ edges }: Design): fc.Arbitrary<Edit> {
  const known = edges.flatMap(({ fields = {} }) => Object.keys(fields));
  return fc
    .record({
      type: fc.constant('set-edge-field' as const),
      edge: fc.constantFrom(...edges.map(({ id }) => id)),
      field: fc.oneof(keyArbitrary, fc.constantFrom('bindingKey', ...known)),
      value: fc.option(jsonArbitrary, { nil: undefined }),
    })
    .map((edit): Edit => clean(edit));
}

function editsOfNodes(nodeIds: string[], design: Design): fc.Arbitrary<Edit>[] {
  const pick = fc.constantFrom(...nodeIds);
  const field = fc.oneof(
    keyArbitrary,
    fc.constantFrom('rate', ...design.nodes.flatMap((node) => Object.keys(node.fields))),
  );
  return [
    fc.record({ type: fc.constant('rename-node' as const), node: pick, name: nameArbitrary }),
    fc
      .record({
        type: fc.constant('set-field' as const),
        node: pick,
        field,
        value: fc.option(jsonArbitrary, { nil: undefined }),
      })
      .map((edit): Edit => clean(edit)),
    fc.tuple(pick, pick).map(([from, to]): Edit => ({
      type: 'add-edge',
      edge: { id: 'fresh-edge', from, fromPort: 'out', to, toPort: 'in' },
    })),
  ];
}
