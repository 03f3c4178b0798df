import { METRIC } from '../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '../design/fields.ts';
import type { Json } from '../design/types.ts';
import { defaultLimits } from '../engine/plan.ts';
import { Simulation } from '../engine/simulation.ts';
import { Invariants } from '../testing/invariants.ts';
import { smallRun, type SmallDesign } from '../testing/small-run.ts';
import type { KindDefinition } from './kind.ts';
import type { NodeGauge } from './node-behavior.ts';
import { KINDS } from './registry.ts';
import { RunKinds } from './run-kinds.ts';

/** A design in which every kind has something to do. */
const everyKind: SmallDesign = {
  nodes: [
    { id: 'producer', kind: 'producer' },
    { id: 'topic', kind: 'topic' },
    { id: 'queue', kind: 'queue', fields: { capacity: 5 } },
    { id: 'consumer-group', kind: 'consumer-group', fields: { failureProbability: 0.3, maxAttempts: 2 } },
    {
      id: 'worker',
      kind: 'consumer-group',
      fields: { members: 1, serviceTime: { shape: 'constant', mean: 5 } },
    },
    { id: 'database', kind: 'database' },
    { id: 'service', kind: 'service' },
    { id: 'cloud-broker', kind: 'cloud-broker', fields: { maxReceiveCount: 2, visibilityTimeout: 20 } },
    { id: 'dead-letter-queue', kind: 'dead-letter-queue' },
    { id: 'exchange', kind: 'exchange', fields: { type: 'fanout' } },
    { id: 'broker-cluster', kind: 'broker-cluster' },
    { id: 'event-router', kind: 'event-router' },
  ],
  edges: [
    'producer > topic',
    'producer > exchange',
    'exchange > queue',
    'topic > consumer-group',
    'consumer-group > database',
    'consumer-group > service',
    'consumer-group > queue',
    'consumer-group > cloud-broker',
    'cloud-broker > worker',
    'consumer-group.failed > dead-letter-queue',
    'queue > worker',
    'topic.cluster > broker-cluster',
    'producer > event-router',
    'event-router > service',
  ],
};

/** Another value of a field than its default, within its bounds. */
function another(field: FieldDefinition): Json {
  const { value } = field;
  switch (value.type) {
    case 'choice':
      return value.options.find((option) => option.value !== field.default)?.value ?? '';
    case 'distribution':
      return { shape: 'uniform', min: 1, max: 3 };
    case 'schedule':
      return [{ atMs: 5, ratePerSecond: 7 }];
    case 'message-type':
      return 'other';
    case 'text':
    case 'routing-keys':
      return 'other';
    case 'headers':
      return { other: 1 };
    case 'probability':
      return 0.625;
    default:
      return (field.default as number) === value.min ? value.min + 1 : value.min;
  }
}

/** What else must hold with a value of a field, or the design is refused. */
const NEEDED: Readonly<Record<string, Record<string, Json>>> = { 'commit transaction': { polling: 'batch' } };

/** Fields with their defaults, but those on which a field depends, one on the other, with values in which it counts. */
function valuesFor(kind: KindDefinition, field: FieldDefinition): Record<string, Json> {
  const { visibleWhen: when } = field;
  if (!when) return Object.fromEntries(kind.fields.map(({ name, default: usual }) => [name, usual]));
  const other = kind.fields.find(({ name }) => name === when.field)!;
  const isUsual = when.is.includes(other.default as string);
  const value = isUsual ? (other.default as string) : when.is[0];
  return { ...valuesFor(kind, other), [other.name]: value, ...NEEDED[`${other.name} ${value}`] };
}

/** What a kind reads when a run is built with a node of these fields, and a cluster that keeps it if it is a topic. */
function fieldsRead(kind: KindDefinition, defaults: Record<string, Json>): Set<string> {
  const read = new Set<string>();
  const fields = new Proxy<Record<string, Json>>(defaults, {
    get: (target, name) => {
      read.add(String(name));
      return target[String(name)];
    },
  });
  const none = new Int32Array(3);
  const cluster = KINDS.find(({ kind: name }) => name === 'broker-cluster')!;
  const usual = Object.fromEntries(cluster.fields.map((field) => [field.name, field.default]));
  const sim = new Simulation({
    nodeCount: 2,
    kindOf: Uint8Array.of(KINDS.indexOf(kind), KINDS.indexOf(cluster)),
    edgeCount: 0,
    seed: 1,
    nodeIds: ['n', 'cluster'],
    edgeFrom: new Int32Array(0),
    edgeTo: new Int32Array(0),
    edgePort: new Uint8Array(0),
    limits: defaultLimits,
    outStart: none,
    outEdges: none,
    inStart: none,
    inEdges: none,
  });
  const node = { kind: kind.kind, id: 'n', fields, messageType: 0, cluster: 1 };
  new RunKinds(sim, [node, { kind: cluster.kind, id: 'cluster', fields: usual, messageType: 0 }], []);
  return read;
}

describe.each(KINDS)('the kind $kind', (kind) => {
  it('reads every field it offers, where the field counts', () => {
    // The message type reaches a producer as an index, beside the fields.
    const offered = kind.fields.filter(({ name }) => name !== 'messageType');
    const unread = offered.filter((field) => !fieldsRead(kind, valuesFor(kind, field)).has(field.name));
    expect(unread.map(({ name }) => name)).toEqual([]);
  });

  it.each(kind.fields.filter(({ live }) => live).map((field) => ({ field, name: field.name })))(
    'takes a new value of $name while it runs',
    ({ field }) => {
      const run = smallRun(everyKind);
      run.until(50);
      const before = run.sim.snapshot();
      run.kinds.setField(run.sim, run.node(kind.kind), field.name, another(field));
      const after = run.sim.snapshot();
      expect(after.arrays.some((array, i) => array.some((value, j) => value !== before.arrays[i][j]))).toBe(
        true,
      );
    },
  );

  it.each(kind.faults.map((fault) => ({ fault, id: fault.id })))('suffers $id and recovers', ({ fault }) => {
    const args = Object.fromEntries(fault.fields.map((field) => [field.name, field.default]));
    const run = smallRun(everyKind);
    const node = run.node(kind.kind);
    const invariants = new Invariants(run.sim, run.kinds);
    run.until(2000);
    const before = run.sim.snapshot();
    run.kinds.inject(run.sim, node, fault.id, args);
    const after = run.sim.snapshot();
    expect(after.arrays.some((array, i) => array.some((value, j) => value !== before.arrays[i][j]))).toBe(
      true,
    );
    run.until(4000);
    invariants.check();
    run.kinds.heal(run.sim, node, fault.id, args);
    run.until(6000);
    invariants.check();
  });

  it('fills in every figure of its gauge', () => {
    const run = smallRun(everyKind);
    run.until(100);
    const gauge = {} as NodeGauge;
    run.kinds.gauge(run.sim, run.node(kind.kind), gauge);
    expect(Object.keys(gauge).sort()).toEqual(
      [
        'amount',
        'busy',
        'down',
        'failing',
        'level',
        'limit',
        'machineSince',
        'machineState',
        'servers',
      ].sort(),
    );
  });
});

it('every kind together runs for sixty simulated seconds with its books in balance', () => {
  const run = smallRun(everyKind);
  const invariants = new Invariants(run.sim, run.kinds);
  for (let ms = 0; ms <= 60_000; ms += 250) {
    run.until(ms);
    invariants.check();
  }
  expect(run.sim.metrics.of(run.node('dead-letter-queue'), METRIC.deadLettered)).toBeGreaterThan(0);
});
