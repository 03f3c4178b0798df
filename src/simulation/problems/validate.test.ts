import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Design, DesignEdge, DesignNode, Json, Problem, Scenario } from '../../design/types.ts';
import { EXAMPLES, GALLERY } from '../../gallery/gallery.ts';
import { KINDS } from '../../kinds/registry.ts';
import { compile } from '../compile.ts';
import { validate } from './validate.ts';

const FIRST_OUT: Record<string, string> = {
  producer: 'out',
  topic: 'out',
  queue: 'out',
  'consumer-group': 'out',
};

/** A design from `id: kind` and `from.port > to`. */
function design(
  nodes: Record<string, string | [kind: string, fields: Record<string, Json>]>,
  edges: readonly string[] = [],
  scenario: Partial<Scenario> = {},
): Design {
  const built = Object.entries(nodes).map(([id, given]): DesignNode => {
    const [kind, fields] = typeof given === 'string' ? [given, {}] : given;
    return { id, kind, name: id, fields };
  });
  const empty = newDesign();
  return {
    ...empty,
    nodes: built,
    edges: edges.map((text): DesignEdge => {
      const [start, to] = text.split(' > ');
      const [from, port] = start.split('.');
      const kind = built.find((node) => node.id === from)?.kind ?? '';
      return { id: text, from, fromPort: port ?? FIRST_OUT[kind] ?? 'out', to, toPort: 'in' };
    }),
    scenario: { ...empty.scenario, ...scenario },
  };
}

const chain = (group: Record<string, Json> = {}, producer: Record<string, Json> = {}) =>
  design({ web: ['producer', producer], orders: 'topic', billing: ['consumer-group', group] }, [
    'web > orders',
    'orders > billing',
  ]);

function said(problems: readonly Problem[]): string[] {
  return problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('validate', () => {
  it('has nothing to say against a good design, and no error in the gallery', () => {
    expect(validate(chain())).toEqual([]);
    for (const entry of GALLERY) {
      expect(validate(entry.design).filter((problem) => problem.severity === 'error')).toEqual([]);
    }
  });

  it.each<[string, Design, string[]]>([
    [
      'a node of an unknown kind',
      design({ web: 'producer', x: 'teleporter' }),
      [
        `warning unknown-kind: x is left out: found the kind "teleporter", expected one of ${KINDS.map(({ kind }) => kind).join(', ')}.`,
        'warning feeds-nothing: web sends to nobody: no edge leads on from it.',
      ],
    ],
    [
      'an edge to nowhere',
      design({ web: 'producer' }, ['web > orders']),
      ['error dangling-edge: The edge "web > orders" names the node "orders", which does not exist.'],
    ],
    [
      'ports that do not fit',
      design({ web: 'producer', jobs: 'queue', db: 'database' }, ['web > jobs', 'jobs > db']),
      [
        'error ports-do-not-fit: jobs → db: A queue cannot feed a database. A database is called by consumer groups and producers.',
      ],
    ],
    [
      'the wrong port of two',
      design({ web: 'producer', orders: 'topic', a: 'consumer-group', d: 'dead-letter-queue' }, [
        'web > orders',
        'orders > a',
        'a.out > d',
      ]),
      ['error ports-do-not-fit: a → d: found the ports "out" to "in", expected failed to in.'],
    ],
    [
      'too many edges at a port',
      design(
        { w: 'producer', q: 'queue', g: 'consumer-group', d: 'dead-letter-queue', e: 'dead-letter-queue' },
        ['w > q', 'q > g', 'g.failed > d', 'g.failed > e'],
      ),
      ['error too-many-edges: g, dead letters to: found 2 edges, expected at most 1.'],
    ],
    [
      'no producer',
      design({ jobs: 'queue', g: 'consumer-group' }, ['jobs > g']),
      [
        'warning no-producer: Nothing will happen: the design has no producer.',
        'warning fed-by-nothing: Nothing reaches jobs: no edge leads to it.',
      ],
    ],
    [
      'more members than partitions',
      chain({ members: 6 }),
      ['warning idle-members: m4 to m6 stay idle: orders has 3 partitions.'],
    ],
    [
      'one member too many',
      chain({ members: 4 }),
      ['warning idle-members: m4 stays idle: orders has 3 partitions.'],
    ],
    [
      'two members too many',
      chain({ members: 5 }),
      ['warning idle-members: m4 and m5 stay idle: orders has 3 partitions.'],
    ],
    [
      'members to whom range deals nothing',
      design(
        {
          w: ['producer', { rate: 1 }],
          a: ['topic', { partitions: 1 }],
          b: ['topic', { partitions: 1 }],
          g: ['consumer-group', { members: 3, assignor: 'range' }],
        },
        ['w > a', 'w > b', 'a > g', 'b > g'],
      ),
      [
        'warning idle-members: m2 and m3 stay idle: range deals out each topic for itself, and no topic has more than 1 partition.',
      ],
    ],
    [
      'a queue to wait in and one that nobody reads',
      design(
        {
          w: 'producer',
          q: 'queue',
          g: 'consumer-group',
          later: ['queue', { ttl: 5000 }],
          lost: ['queue', { ttl: 5000 }],
        },
        ['w > q', 'q > g', 'w > later', 'w > lost', 'later.dead > q'],
      ),
      ['warning feeds-nothing: lost is read by nobody: no edge leads on from it.'],
    ],
    [
      'an overflow with nowhere to go',
      design({ w: 'producer', q: ['queue', { capacity: 5, overflow: 'dead-letter' }], g: 'consumer-group' }, [
        'w > q',
        'q > g',
      ]),
      [
        'warning no-dead-letter-edge: q has nowhere to put dead letters: when it is full, the oldest message is dropped.',
      ],
    ],
    [
      'a circle of zero delay',
      design(
        { w: 'producer', t: 'topic', g: ['consumer-group', { serviceTime: { shape: 'constant', mean: 0 } }] },
        ['w > t', 't > g', 'g > t'],
      ),
      [
        'error zero-delay-circle: Time would stand still in the loop t → g → t: every message comes back at the same instant, as every service time in it is less than a microsecond.',
      ],
    ],
    [
      'a circle that only fills up',
      design({ w: 'producer', t: 'topic', g: 'consumer-group' }, ['w > t', 't > g', 'g > t']),
      [
        'warning endless-circle: The loop t → g → t only fills up: 100/s come in from outside, and each message that goes through t comes back. Break the loop, or let some leave it.',
      ],
    ],
    [
      'more load than can be done',
      chain({ serviceTime: { shape: 'exponential', mean: 65 } }, { rate: 200 }),
      ['warning overload: No bound: 200/s arrive at billing, it can do 46/s.'],
    ],
    [
      'a Pareto law without a mean',
      chain({ serviceTime: { shape: 'pareto', min: 1, alpha: 1 } }),
      [
        'warning odd-field-value: billing, service time: found alpha 1: a Pareto law with alpha of 1 or less has an infinite mean, so figures never settle.',
      ],
    ],
    [
      'a rate out of range',
      chain({}, { rate: 1e9 }),
      ['error bad-field-value: web, rate: found 1,000,000,000/s, expected a rate from 0/s to 10,000,000/s.'],
    ],
    [
      'a field that is not a number',
      chain({}, { rate: 'fast' }),
      ['error bad-field-value: web, rate: found "fast", expected a rate from 0/s to 10,000,000/s.'],
    ],
  ])('says in one sentence each what is wrong with %s', (_, given, expected) => {
    expect(said(validate(given))).toEqual(expected);
  });

  it('lets a circle be that some messages leave, or in which a call takes time', () => {
    const edges = ['w > t', 't > g', 'g > t'];
    const leaky = { failureProbability: 0.5, maxAttempts: 1, serviceTime: { shape: 'constant', mean: 0 } };
    expect(validate(design({ w: 'producer', t: 'topic', g: ['consumer-group', leaky] }, edges))).toEqual([]);
    const calling = design(
      {
        w: 'producer',
        t: 'topic',
        g: ['consumer-group', { serviceTime: { shape: 'constant', mean: 0 } }],
        db: 'database',
      },
      [...edges, 'g > db'],
    );
    expect(validate(calling).map((problem) => problem.code)).toEqual(['endless-circle']);
  });

  it('knows when retries and calls leave too little time', () => {
    const slowDatabase = design(
      {
        web: ['producer', { rate: 100 }],
        jobs: 'queue',
        workers: ['consumer-group', { members: 1, serviceTime: { shape: 'constant', mean: 1 } }],
        db: ['database', { connections: 100, serviceTime: { shape: 'constant', mean: 19 } }],
      },
      ['web > jobs', 'jobs > workers', 'workers > db'],
    );
    expect(said(validate(slowDatabase))).toEqual([
      'warning overload: No bound: 100/s arrive at workers, it can do 50/s.',
    ]);
    const retries = chain({
      failureProbability: 0.5,
      maxAttempts: 2,
      serviceTime: { shape: 'constant', mean: 25 },
    });
    expect(said(validate(retries))).toEqual([
      'warning overload: No bound: 100/s arrive at billing, it can do 35/s, as a message takes 1.5 tries on average.',
    ]);
  });

  it('speaks of what is overloaded in the order of the design', () => {
    const slow: [string, Record<string, Json>] = ['consumer-group', { members: 1 }];
    const readers = design({ web: ['producer', { rate: 5000 }], log: 'topic', a: slow, b: slow, c: slow }, [
      'web > log',
      ...['a', 'b', 'c'].map((id) => `log > ${id}`),
    ]);
    expect(validate(readers).map(({ node }) => node)).toEqual(['a', 'b', 'c']);
  });

  it('says what becomes of what a group has no time for, where its queue has a bound', () => {
    const behind = (queue: Record<string, Json>) =>
      said(
        validate(
          design(
            {
              web: ['producer', { rate: 100 }],
              jobs: ['queue', queue],
              workers: ['consumer-group', { members: 1, serviceTime: { shape: 'constant', mean: 20 } }],
            },
            ['web > jobs', 'jobs > workers'],
          ),
        ),
      );
    const rates = '100/s arrive at workers, it can do 50/s';
    expect(behind({})).toEqual([`warning overload: No bound: ${rates}.`]);
    expect(behind({ capacity: 10, overflow: 'drop-newest' })).toEqual([
      `warning overload: Too much: ${rates}, and the rest overflows.`,
    ]);
    expect(behind({ capacityBytes: 10_000, overflow: 'drop-oldest' })).toEqual([
      `warning overload: Too much: ${rates}, and the rest overflows.`,
    ]);
    expect(behind({ capacity: 10 })).toEqual([
      `warning overload: Too much: ${rates}, and who sends to jobs is held back.`,
    ]);
    expect(behind({ ttl: 1000, capacity: 10 })).toEqual([
      `warning overload: Too much: ${rates}, and the rest expires.`,
    ]);
  });

  it('says that a run of billions of events takes long', () => {
    const huge = { ...chain({ members: 3, serviceTime: { shape: 'constant', mean: 0 } }, { rate: 1e6 }) };
    huge.scenario = { ...huge.scenario, horizonMs: 3_600_000 };
    expect(said(validate(huge))[0]).toMatch(/^info many-events: About 7 billion events or more/);
  });

  it('checks the times and the faults of the scenario', () => {
    const bad: Design = {
      ...chain(),
      scenario: {
        horizonMs: 60_000,
        warmUpMs: 60_000,
        seed: 1,
        faults: [
          { id: 'a', atMs: 1, node: 'nobody', fault: 'crash', args: {} },
          { id: 'b', atMs: 1, node: 'billing', fault: 'explode', args: {} },
          { id: 'c', atMs: 1, node: 'billing', fault: 'crash', args: { member: 7 } },
          { id: 'd', atMs: -5, forMs: 0, node: 'billing', fault: 'crash', args: { member: 1 } },
        ],
      },
    };
    expect(said(validate(bad))).toEqual([
      "error warm-up-too-long: The warm-up: found 1 min, expected 0 ms or more and less than the run's length of 1 min.",
      'error fault-without-node: The scheduled fault "a" names the node "nobody", which does not exist.',
      'error unknown-fault: billing: found the fault "explode", expected one of crash, exit, restart, rolling, hang, cut-off, slow, clock, slow-member.',
      'error missing-member: billing: found member 7, expected 1 to 3.',
      'error bad-fault-time: billing: found a fault at -5 ms, expected 0 ms to 30 d.',
      'error bad-fault-time: billing: found a fault for 0 ms, expected longer than 0 ms and at most 30 d.',
    ]);
    const faults = [{ id: 'e', atMs: 70_000, node: 'billing', fault: 'crash', args: {} }];
    const late = { ...chain(), scenario: { horizonMs: 60_000, warmUpMs: 0, seed: 1, faults } };
    expect(said(validate(late))).toEqual([
      'warning fault-after-end: The fault of billing at 70 s never happens: the run ends at 1 min.',
    ]);
  });

  it('follows a chain of 5,000 nodes without running out of stack', () => {
    const nodes: Record<string, string> = { w: 'producer' };
    const edges = ['w > t0'];
    for (let i = 0; i < 2500; i++) {
      nodes[`t${i}`] = 'topic';
      nodes[`g${i}`] = 'consumer-group';
      edges.push(`t${i} > g${i}`);
      if (i > 0) edges.push(`g${i - 1} > t${i}`);
    }
    expect(validate(design(nodes, edges)).filter((problem) => problem.severity === 'error')).toEqual([]);
  });
});

describe('compile', () => {
  it('gives no run and every sentence for a design with an error', () => {
    const { run, problems } = compile(chain({}, { rate: -1 }));
    expect(run).toBeNull();
    expect(problems.some((problem) => problem.severity === 'error' && problem.node === 'web')).toBe(true);
  });

  it('leaves out nodes of unknown kinds and runs the rest', () => {
    const withUnknown = chain();
    const { run } = compile({
      ...withUnknown,
      nodes: [...withUnknown.nodes, { id: 'x', kind: 'teleporter', name: 'x', fields: {} }],
      edges: [...withUnknown.edges, { id: 'e', from: 'billing', fromPort: 'out', to: 'x', toPort: 'in' }],
    });
    expect(run?.shape.nodes.map((node) => node.id)).toEqual(['billing', 'orders', 'web']);
    expect(run?.shape.edges).toHaveLength(2);
  });

  it('makes do without any one node of an example, with all that it says of itself', () => {
    for (const { design: example } of EXAMPLES) {
      for (const { id } of example.nodes) {
        const changed = {
          ...example,
          nodes: example.nodes.map((node) => (node.id === id ? { ...node, kind: 'teleporter' } : node)),
        };
        const unknown = validate(changed).filter(({ code }) => code === 'unknown-kind');
        expect(unknown.map(({ node }) => node)).toEqual([id]);
        expect(() => compile(changed)).not.toThrow();
      }
    }
  });

  it('refuses what would not fit into memory before it allocates, and names the node', () => {
    const { run, problems } = compile(chain({ members: 1000, concurrency: 1000 }));
    expect(run).not.toBeNull();
    const two = design(
      {
        w: 'producer',
        q: 'queue',
        a: ['consumer-group', { members: 1000, concurrency: 1000 }],
        b: ['consumer-group', { members: 1000, concurrency: 999 }],
      },
      ['w > q', 'q > a', 'q > b'],
    );
    expect(said(compile(two).problems.slice(-1))).toEqual([
      'error too-large: Found 1,999,000 workers (members times what each does at once) in all, expected at most 1,000,000. Most are in a: 1,000,000.',
    ]);
    expect(problems).toHaveLength(1);
  });

  it('puts settings in the place of fields, and says which do not exist', () => {
    const { problems } = compile(chain(), {
      overrides: [
        { node: 'nobody', field: 'rate', value: 1 },
        { node: 'web', field: 'colour', value: 1 },
      ],
    });
    expect(said(problems)).toEqual([
      'error unknown-setting: Found a setting for the node "nobody", which does not exist.',
      'error unknown-setting: Found a setting for the field "colour" of web, which does not exist.',
    ]);
    const { run } = compile(chain(), {
      untilMs: 1000,
      overrides: [{ node: 'web', field: 'rate', value: 0 }],
    });
    run?.advance(1000, Infinity);
    expect(run?.results()).toMatchObject({ untilMs: 1000, totals: { produced: 0 } });
  });
});
