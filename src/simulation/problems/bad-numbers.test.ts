import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '../../design/fields.ts';
import { parseDesign } from '../../design/parse-design.ts';
import { serializeDesign } from '../../design/serialize-design.ts';
import type { Design, Json, Problem, ScheduledFault } from '../../design/types.ts';
import { DISTRIBUTION_PARAMETERS } from '../../kinds/distribution-text.ts';
import { KINDS } from '../../kinds/registry.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { compile } from '../compile.ts';
import type { LiveRun } from '../live-run.ts';

/** What stands where a number belongs: beyond every bound, at the edges of what a double is, or no number. */
const ODD_VALUES: readonly (readonly [name: string, value: unknown])[] = [
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
  ['0', 0],
  ['1e300', 1e300],
  ['-1e300', -1e300],
  ['5e-324', 5e-324],
  ['-1', -1],
  ['0.1', 0.1],
  ['a million', 1_000_000],
  ['a day in ms', 86_400_000],
  ['2^53', 9007199254740992],
  ['2^53 + 2', 9007199254740994],
  ['a number as text', '5'],
  ['text', 'much'],
  ['empty text', ''],
  ['null', null],
  ['true', true],
  ['a list', [1, [2]]],
  ['an object', { mean: { mean: 1 } }],
];

/** One number of a design: where it is, and a design that holds something else there. */
interface Place {
  name: string;
  /** What a refusal must name: where in the document, and the node and its field if it is of one. */
  path: RegExp;
  node?: string;
  field?: string;
  put(value: unknown): Design;
}

const MOST_EVENTS = 1000;

/** A design in which every kind has work to do; short times, so that a run has seen much after few events. */
const base: Design = {
  ...designOf(
    {
      producer: ['producer', { rate: 50 }],
      topic: ['topic'],
      'consumer-group': [
        'consumer-group',
        { failureProbability: 0.3, maxAttempts: 3, backoff: 10, sessionTimeout: 5000 },
      ],
      database: ['database'],
      service: ['service', { serviceTime: { shape: 'exponential', mean: 10 } }],
      'cloud-broker': ['cloud-broker'],
      queue: ['queue', { capacity: 5 }],
      worker: ['consumer-group', { members: 2 }],
      'dead-letter-queue': ['dead-letter-queue'],
      'broker-cluster': ['broker-cluster'],
    },
    [
      'producer > topic',
      'topic > consumer-group',
      'consumer-group > database',
      'consumer-group > service',
      'consumer-group > cloud-broker',
      'cloud-broker > worker',
      'consumer-group > queue',
      'consumer-group.failed > dead-letter-queue',
      'queue > worker',
      'topic.cluster > broker-cluster',
    ],
  ),
  scenario: { horizonMs: 20_000, warmUpMs: 500, seed: 7, faults: [] },
};

/** Every number that a field of this definition holds, with what to put around the value. */
function numbersIn(field: FieldDefinition): [name: string, wrap: (value: unknown) => unknown][] {
  if (field.value.type === 'schedule') {
    return [
      ['atMs', (value) => [{ atMs: value, ratePerSecond: 50 }]],
      [
        'a later atMs',
        (value) => [
          { atMs: 0, ratePerSecond: 50 },
          { atMs: value, ratePerSecond: 5 },
        ],
      ],
      ['ratePerSecond', (value) => [{ atMs: 0, ratePerSecond: value }]],
    ];
  }
  if (field.value.type !== 'distribution') return [['', (value) => value]];
  const fine: Record<string, number> = { mean: 10, min: 10, max: 20, sd: 3, cv: 0.5, k: 2, alpha: 2 };
  return [...DISTRIBUTION_PARAMETERS].flatMap(
    ([shape, parameters]): [string, (value: unknown) => unknown][] => {
      if (shape === 'empirical') return [['empirical value', (value) => ({ shape, values: [10, value] })]];
      const names = parameters.map(({ name }) => name);
      const others = Object.fromEntries(names.map((name) => [name, fine[name]]));
      return names.map((name) => [`${shape} ${name}`, (value) => ({ shape, ...others, [name]: value })]);
    },
  );
}

const isNumeric = ({ value: { type } }: FieldDefinition) => type !== 'choice' && type !== 'message-type';

/** What another field must be as well, or what shows this one is refused. */
function alsoFor({ is }: NonNullable<FieldDefinition['visibleWhen']>): Record<string, Json> {
  return is.at(-1) === 'transaction' ? { polling: 'batch' } : {};
}

function fieldPlaces(): Place[] {
  return KINDS.flatMap(({ kind, fields }) =>
    fields.filter(isNumeric).flatMap((field) => {
      // A field that shows only with another has an effect only with it.
      const { visibleWhen } = field;
      const shown = visibleWhen
        ? { [visibleWhen.field]: visibleWhen.is.at(-1)!, ...alsoFor(visibleWhen) }
        : {};
      return numbersIn(field).map(([number, wrap]): Place => ({
        name: `${kind}, ${field.name} ${number}`.trimEnd(),
        path: new RegExp(`^nodes\\[\\d+\\]\\.fields\\.${field.name}$`),
        node: kind,
        field: field.name,
        put: (value) => withFields(kind, { ...shown, [field.name]: wrap(value) as Json }),
      }));
    }),
  );
}

function withFields(id: string, fields: Record<string, Json>): Design {
  const known = base.nodes.find((node) => node.id === id);
  const changed = { id, kind: id, name: id, fields: { ...known?.fields, ...fields } };
  // A kind that the design has not found a place for yet stands beside it.
  const nodes = known
    ? base.nodes.map((node) => (node === known ? changed : node))
    : [...base.nodes, changed];
  // A topic refuses what only a queue has.
  const isOfQueues = fields.prefetchMode !== undefined;
  // Kinesis is kept in no cluster.
  const isStream = fields.service === 'kinesis';
  const kept = base.edges.filter(({ fromPort }) => !isStream || fromPort !== 'cluster');
  const edges = kept.map((edge) =>
    isOfQueues && edge.from === 'topic' && edge.to === id ? { ...edge, from: 'queue' } : edge,
  );
  return { ...base, nodes, edges };
}

function faultPlaces(): Place[] {
  return KINDS.flatMap(({ kind, faults }) =>
    faults.flatMap(({ id, fields }): Place[] => {
      const place = (name: string, change: (value: unknown) => Record<string, unknown>): Place => ({
        name: `${kind}, ${id}, ${name}`,
        path: new RegExp(`^scenario\\.faults\\[0\\]\\.(args\\.)?${name}$`),
        node: kind,
        put(value) {
          const usual = { id: 'f', atMs: 1000, forMs: 2000, node: kind, fault: id, args: {} };
          const planned = [{ ...usual, ...change(value) } as ScheduledFault];
          return { ...base, scenario: { ...base.scenario, faults: planned } };
        },
      });
      return [
        place('atMs', (atMs) => ({ atMs })),
        place('forMs', (forMs) => ({ forMs })),
        ...fields.filter(isNumeric).map(({ name }) => place(name, (value) => ({ args: { [name]: value } }))),
      ];
    }),
  );
}

const scenarioPlaces = ['horizonMs', 'warmUpMs'].map((name): Place => ({
  name: `scenario, ${name}`,
  path: new RegExp(`^scenario\\.${name}$`),
  put: (value) => ({ ...base, scenario: { ...base.scenario, warmUpMs: 0, [name]: value } }),
}));

const goalPlaces = ['atMost', 'atLeast'].map((name): Place => ({
  name: `goal, ${name}`,
  path: new RegExp(`^goals\\[0\\]\\.${name}$`),
  put: (value) => ({ ...base, goals: [{ id: 'g', figure: 'latencyMsP99', [name]: value }] }),
}));

const PLACES = [...fieldPlaces(), ...faultPlaces(), ...scenarioPlaces, ...goalPlaces];

/** What is wrong with how a design is taken, or null if it is refused in plain words or runs to lawful figures. */
function badlyTaken(place: Place, design: Design): string | null {
  const { run, problems } = compile(design);
  return run ? badlyRun(run) : badlySaid(place, problems);
}

function badlySaid(place: Place, problems: readonly Problem[]): string | null {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length !== 1) return `${errors.length} errors for one value`;
  const { message, path, node, field } = errors[0];
  if (!/found .+, expected .+\.$/i.test(message)) return `not a plain sentence: ${message}`;
  if (/\d{5}/.test(message)) return `digits without commas: ${message}`;
  if (!place.path.test(path ?? '')) return `names the place ${path}: ${message}`;
  if (place.node !== node || !message.startsWith(place.node ?? 'The ')) {
    return `names the node ${node}: ${message}`;
  }
  return place.field === field ? null : `names the field ${field}: ${message}`;
}

function badlyRun(run: LiveRun): string | null {
  run.advance(run.horizonMs, MOST_EVENTS);
  return badFigures(run);
}

function badFigures(run: LiveRun): string | null {
  const frame = new Float64Array(run.frameSize());
  run.writeFrame(frame);
  if (frame.some((value) => Math.abs(value) === Infinity)) return 'an infinite number in the frame';
  const results = run.results();
  const wrong = unlawful(results, 'results');
  if (wrong) return wrong;
  const { produced, copied, acknowledged, deadLettered, dropped, expired, inFlight } = results.totals;
  if (produced + copied !== acknowledged + deadLettered + dropped + expired + inFlight)
    return 'messages are lost';
  if (results.untilMs > run.horizonMs) return `ran to ${results.untilMs}`;
  for (const node of Object.values(results.nodes)) {
    if ((node.utilization ?? 0) > 1) return `${node.name} is used ${node.utilization}`;
  }
  return null;
}

/** The first figure that is no finite number of at least 0. */
function unlawful(value: unknown, path: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? null : `${path} is ${value}`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const found = key === 'problems' || key === 'seed' ? null : unlawful(part, `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

/** The odd values that a check finds fault with, each with what it says or throws. */
function complaints(check: (value: unknown) => string | null): string[] {
  return ODD_VALUES.flatMap(([name, value]) => {
    let said: string | null;
    try {
      said = check(value);
    } catch (error) {
      said = `throws ${String(error)}`;
    }
    return said === null ? [] : [`${name}: ${said}`];
  });
}

/** A design as text, with things that JSON cannot hold written as a program would. */
function asText(design: Design, value: unknown): string {
  if (typeof value !== 'number' || Number.isFinite(value)) return serializeDesign(design);
  const marked = JSON.stringify({ format: 'spillway', ...design }, (_, part: unknown) =>
    Object.is(part, value) ? '<odd>' : part,
  );
  return marked.replace('"<odd>"', String(value));
}

describe('an odd value where a number belongs', () => {
  it('is tried at every number of every kind, and of the scenario', () => {
    expect(PLACES.length).toBeGreaterThan(85);
    expect(compile(base).problems).toEqual([]);
  });

  it.each(PLACES)('is refused in plain words or runs to lawful figures: $name', (place) => {
    expect(complaints((value) => badlyTaken(place, place.put(value)))).toEqual([]);
  });

  it.each(PLACES)('is refused or read from a file as well: $name', (place) => {
    const check = (value: unknown): string | null => {
      const { design, problems } = parseDesign(asText(place.put(value), value));
      // What comes back as it was has just been tried.
      if (design && isDeepStrictEqual(design, place.put(value))) return null;
      if (design) return badlyTaken(place, design);
      return problems.every(({ message }) => /found .+[,:.] /i.test(message)) ? null : problems[0].message;
    };
    expect(complaints(check)).toEqual([]);
  });

  const live = KINDS.flatMap(({ kind, fields }) =>
    fields.flatMap((field) =>
      field.live && isNumeric(field)
        ? numbersIn(field).map(([number, wrap]) => ({ kind, field: field.name, number, wrap }))
        : [],
    ),
  );
  it.each(live)(
    'is refused or taken while the run goes on: $kind, $field $number',
    ({ kind, field, wrap }) => {
      const check = (value: unknown): string | null => {
        const run = compile(base).run!;
        run.advance(400, MOST_EVENTS);
        const refused = run.setField(kind, field, wrap(value) as Json);
        if (refused)
          return badlySaid({ name: '', path: /^$/, node: kind, field, put: () => base }, [refused]);
        return badlyRun(run);
      };
      expect(complaints(check)).toEqual([]);
    },
  );

  it('is 0 if it is minus zero', () => {
    const hashOf = (place: Place, value: number) => {
      const { run } = compile(place.put(value), { observe: false });
      run?.advance(Infinity, MOST_EVENTS);
      return run?.results().hash;
    };
    for (const place of PLACES)
      expect([place.name, hashOf(place, -0)]).toEqual([place.name, hashOf(place, 0)]);
  });

  it('is refused in a fault that is injected by hand', () => {
    for (const { kind, faults } of KINDS) {
      for (const { id, fields } of faults) {
        const check = (args: Record<string, unknown>, forMs?: unknown) => {
          const run = compile(base).run!;
          run.advance(400, MOST_EVENTS);
          run.inject('f', kind, id, args as Record<string, Json>, forMs as number);
          return badlyRun(run);
        };
        expect(complaints((value) => check({}, value))).toEqual([]);
        for (const { name } of fields) expect(complaints((value) => check({ [name]: value }))).toEqual([]);
      }
    }
  });
});

describe('a seed', () => {
  const seeds = [
    '',
    '🦓',
    '\ud800',
    '\u0000',
    '__proto__',
    'NaN',
    'x'.repeat(100_000),
    0,
    -0,
    -1,
    1e300,
    5e-324,
    0.5,
  ];

  it.each(seeds)('may be %j, and gives the same run each time', (seed) => {
    const run = () => {
      const started = compile({ ...base, scenario: { ...base.scenario, seed } }, { observe: false }).run!;
      started.advance(Infinity, MOST_EVENTS);
      return started.results();
    };
    expect(badFigures(compile({ ...base, scenario: { ...base.scenario, seed } }).run!)).toBeNull();
    expect(run().hash).toBe(run().hash);
    expect(run().seed).toBe(seed);
  });

  it('gives another run than any other seed does', () => {
    const hashes = [...seeds, `${'x'.repeat(99_999)}y`].map((seed) => {
      const { run } = compile(base, { seed, observe: false });
      run!.advance(Infinity, MOST_EVENTS);
      return run!.results().hash;
    });
    // 0 and minus zero are one number.
    expect(new Set(hashes).size).toBe(hashes.length - 1);
  });

  it('is refused if it is no text and no finite number', () => {
    for (const seed of [NaN, Infinity, null, {}, ['1'], true] as unknown as string[]) {
      const { run, problems } = compile({ ...base, scenario: { ...base.scenario, seed } });
      expect(run).toBeNull();
      expect(problems[0]).toMatchObject({ code: 'bad-seed', path: 'scenario.seed' });
      expect(problems[0].message).toMatch(/^The seed: found .+, expected text or a finite number\.$/);
    }
  });
});
