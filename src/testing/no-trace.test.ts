import { describe, expect, it } from 'vitest';
import type { FieldType } from '../design/fields.ts';
import type { Design, Json, ScheduledFault } from '../design/types.ts';
import { edgeSite, nodeSite } from '../kinds/fault-site.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { compile } from '../simulation/compile.ts';
import { designOf } from './metamorphic/run-figures.ts';

const FROM_MS = 5000;
const FOR_MS = 5000;
/** By then every backlog is worked off and every time-out over; from then on to the end flows are compared. */
const CALM_MS = 100_000;
const END_MS = 120_000;
/** What is broken stays broken, or comes on top of what is sent. */
const LEAVES_A_TRACE = ['poison', 'schema', 'redrive', 'add-partitions'];

const even = { arrivals: 'constant', rate: 20 };
const work = { serviceTime: { shape: 'constant', mean: 5 } };

const LOG = designOf(
  {
    shop: ['producer', { ...even, client: 'kafka' }],
    fast: ['producer', { ...even, client: 'kafka', acks: 'none', idempotence: 'off' }],
    orders: ['topic', { partitions: 3, replicationFactor: 3 }],
    brokers: ['broker-cluster', { brokers: 3, preferredLeaders: 'on' }],
    events: ['topic', { partitions: 3 }],
    billing: ['consumer-group', { members: 3, ...work }],
    stock: ['consumer-group', { members: 2, protocol: 'consumer', ...work }],
    bank: ['database', { connections: 4, ...work }],
  },
  [
    'shop > orders',
    'fast > events',
    'orders.cluster > brokers',
    'orders > billing',
    'events > stock',
    'billing > bank',
  ],
);

const QUEUES = designOf(
  {
    shop: ['producer', { ...even, client: 'rabbitmq' }],
    app: ['producer', even],
    routes: ['exchange', { type: 'fanout' }],
    mail: ['queue', { queueType: 'quorum' }],
    jobs: ['queue'],
    managed: ['cloud-broker', { profile: 'sqs', visibilityTimeout: 10_000 }],
    news: ['event-router', { profile: 'sns' }],
    postman: ['consumer-group', { members: 2, ...work }],
    worker: ['consumer-group', { members: 2, ...work }],
    lambda: ['consumer-group', { members: 2, ...work }],
    api: ['service', { concurrency: 4, ...work }],
    hook: ['service', { concurrency: 4, ...work }],
  },
  [
    'shop > routes',
    'routes > mail',
    'routes > jobs',
    'mail > postman',
    'jobs > worker',
    'app > managed',
    'app > news',
    'news > hook',
    'managed > lambda',
    'worker > api',
    'postman > managed',
  ],
);

/** Every fault that a design can have, with everything lost, sent twice or failing where a share can be set. */
function faultsOf({ nodes, edges }: Design): ScheduledFault[] {
  const sites = [...nodes.map(nodeSite), ...edges.map((edge) => edgeSite(edge, nodes))];
  return sites.flatMap(({ faults, node, edge, refusal }) =>
    faults
      .filter(({ id }) => !LEAVES_A_TRACE.includes(id) && !(id === 'reorder' && refusal !== undefined))
      .map(({ id, fields }) => {
        const shares = fields
          .filter(({ name }) => name === 'share')
          .map(({ name }): [string, Json] => [name, 1]);
        const place = node ? { node: node.id } : { edge: edge!.id };
        return {
          id: 'f',
          atMs: FROM_MS,
          forMs: FOR_MS,
          ...place,
          fault: id,
          args: Object.fromEntries(shares),
        };
      }),
  );
}

interface Edit {
  node: string;
  field: string;
  value: Json;
  back: Json;
}

/** Another value of every field that can be changed while a design runs. */
function editsOf({ nodes }: Design): Edit[] {
  return nodes.flatMap((node) => {
    const fields = resolveFields(node);
    return kindDefinition(node.kind)!.fields.flatMap(({ name, live, value }) => {
      const back = fields[name];
      const other = live && back !== undefined ? otherValue(value, back) : undefined;
      return other === undefined ? [] : [{ node: node.id, field: name, value: other, back }];
    });
  });
}

function otherValue(value: FieldType, now: Json): Json | undefined {
  if (value.type === 'choice') return value.options.map((option) => option.value).find((one) => one !== now);
  if (value.type === 'distribution') return { shape: 'exponential', mean: 400 };
  return typeof now === 'number' ? Math.max('min' in value ? value.min : 0, Math.floor(now / 3)) : undefined;
}

/** Messages that came into each node and left it in the last 20 seconds. */
function flowsOf(design: Design, faults: ScheduledFault[], edit?: Edit): Record<string, number> {
  const scenario = { ...design.scenario, horizonMs: END_MS, faults };
  const { run, problems } = compile({ ...design, scenario }, { observe: false });
  if (!run) throw new Error(problems.map(({ message }) => message).join(' '));
  if (edit) {
    run.advance(FROM_MS, Infinity);
    expect(run.setField(edit.node, edit.field, edit.value)).toBeNull();
    run.advance(FROM_MS + FOR_MS, Infinity);
    expect(run.setField(edit.node, edit.field, edit.back)).toBeNull();
  }
  run.advance(CALM_MS, Infinity);
  const before = run.results().nodes;
  run.advance(END_MS - 10, Infinity);
  return Object.fromEntries(
    Object.entries(run.results().nodes).flatMap(([id, node]) => [
      [`${id} in`, node.in - before[id].in],
      [`${id} out`, node.out - before[id].out],
    ]),
  );
}

describe.each([
  ['a log', LOG],
  ['queues', QUEUES],
])('%s', (_, design) => {
  const calm = flowsOf(design, []);

  function expectCalm(flows: Record<string, number>): void {
    for (const [id, count] of Object.entries(calm)) {
      const said = `${id}: ${count} if nothing happens, now ${flows[id]}`;
      expect(Math.abs(flows[id] - count), said).toBeLessThan(Math.max(10, count * 0.1));
    }
  }

  it('has work for every node', () => {
    const ends = /^(shop|fast|app|brokers) |^(bank|api|hook) out/;
    const idle = Object.entries(calm).filter(([id, count]) => !ends.test(id) && count <= 300);
    expect(idle).toEqual([]);
  });

  it.each(faultsOf(design).map((fault) => [`${fault.fault} of ${fault.node ?? fault.edge}`, fault] as const))(
    'shows no trace of a fault that is healed: %s',
    (_name, fault) => expectCalm(flowsOf(design, [fault])),
  );

  it.each(editsOf(design).map((edit) => [`${edit.field} of ${edit.node}`, edit] as const))(
    'shows no trace of an edit that is taken back: %s',
    (_name, edit) => expectCalm(flowsOf(design, [], edit)),
  );
});
