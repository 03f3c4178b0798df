import { describe, expect, it } from 'vitest';
import { newDesign } from '../../../design/new-design.ts';
import { BADGE, FrameLayout, MEMBER, NODE, type PlanShape } from '../../../simulation/frame/frame-layout.ts';
import { consumerFindings } from './explain-consumers.ts';
import { explainNode, plainText } from './explain-node.ts';
import { MEMBER_STATE, type Context } from './explanation-parts.ts';
import type { NodeReading } from '../figures/node-reading.ts';

const shape: PlanShape = {
  nodes: [
    { id: 'jobs', kind: 'queue' },
    { id: 'workers', kind: 'consumer-group' },
    { id: 'web', kind: 'producer' },
  ],
  edges: [
    { id: 'e1', from: 0, to: 1 },
    { id: 'e2', from: 2, to: 0 },
  ],
  topics: [],
  groups: [{ node: 1, members: 3 }],
  guards: [],
};
const layout = new FrameLayout(shape);

type Columns = Partial<Record<keyof typeof NODE, number>>;

/** What the page says of a node of which a frame has these columns, and those of others. */
function said(
  node: 'jobs' | 'workers' | 'web',
  columns: Columns,
  others: Readonly<Record<string, Columns>> = {},
  members: readonly { state: number; busy: number }[] = [],
): string {
  const data = new Float64Array(layout.size(0));
  for (let at = 0; at < 3; at++) {
    data.set([-1], layout.node(at) + NODE.blockedBy);
    data.set([-1], layout.node(at) + NODE.machineState);
  }
  for (const [of, values] of Object.entries({ ...others, [node]: columns })) {
    const at = layout.node(shape.nodes.findIndex(({ id }) => id === of));
    for (const [name, value] of Object.entries(values)) data[at + NODE[name as keyof typeof NODE]] = value;
  }
  for (const [at, { state, busy }] of members.entries()) {
    data[layout.member(0, at) + MEMBER.state] = state;
    data[layout.member(0, at) + MEMBER.busy] = busy;
  }
  const nodes = shape.nodes.map(({ id, kind }) => ({ id, kind, name: id, fields: {} }));
  const evidence = {
    design: { ...newDesign(), nodes },
    frame: { layout, data },
    activeFaults: [],
    trace: [],
  };
  const found = explainNode(evidence, node);
  return found ? `${found.question} ${plainText(found)}` : '';
}

describe('what goes on between a queue and its consumers', () => {
  it('is said where messages go round', () => {
    expect(said('jobs', { retryPerSecond: 40, outPerSecond: 42 })).toBe(
      'Why do messages come back? Most of what it gives out comes back: redelivered 40/s of 42/s to workers.',
    );
    expect(said('jobs', { retryPerSecond: 0.1, outPerSecond: 42 })).toBe('');
  });

  it('is said of consumers that get nothing, as they had something for too long', () => {
    expect(said('jobs', { returned: 4, outstanding: 1 })).toBe(
      'Why does a consumer get nothing? 1 consumer gets nothing: it had a message for longer than 30 min (the consumer timeout), and the queue sends nothing more until it has settled that.',
    );
    expect(said('jobs', { returned: 4, outstanding: 2 })).toContain(
      '2 consumers get nothing: they had messages for longer than 30 min (the consumer timeout), and the queue sends nothing more until they have settled them.',
    );
    expect(said('jobs', { returned: 4 })).toBe('');
  });

  it('is said where one consumer alone does all the work', () => {
    const active = { activeGroup: 1, activeMember: 2, unacknowledged: 1 };
    expect(said('jobs', { ...active, amount: 50 })).toContain('only workers m2 gets messages');
    expect(said('jobs', { ...active, amount: 0 })).toBe('');
  });

  it('is said of a publisher in the words of its connection', () => {
    expect(said('web', { connection: 1 })).toContain('The memory alarm of the broker blocks all publishing.');
    expect(said('web', { connection: 1 }, { jobs: { alarm: 1 } })).toContain('The disk alarm of the broker');
    expect(said('web', { connection: 1 }, { jobs: { alarm: 3 } })).toContain(
      'The alarms for memory and disk',
    );
    expect(said('web', { connection: 2, blockedBy: 0 })).toContain('used up its credit: jobs takes in less');
    const waiting = { connection: 0, badge: BADGE.blocked, outstanding: 100 };
    expect(said('web', waiting)).toContain('waits for confirms of jobs: 100 messages');
    expect(said('web', { connection: 0 })).toBe('');
  });

  it('is said where a prefetch keeps messages from who has time', () => {
    const columns = { unacknowledged: 200, busy: 1, servers: 3 };
    const { reading } = MEMBER_STATE;
    const of = (...members: [state: number, busy: number][]) =>
      said(
        'workers',
        columns,
        {},
        members.map(([state, busy]) => ({ state, busy })),
      );
    expect(of([reading, 1], [reading, 0], [reading, 0])).toContain(
      '200 messages wait with busy members while 2 workers have nothing',
    );
    expect(of([reading, 1], [reading, 1], [reading, 1])).toBe('');
    // Who is cut off or gone would do nothing with them.
    expect(of([reading, 1], [MEMBER_STATE['cut-off'], 0], [MEMBER_STATE.crashed, 0])).not.toContain(
      'smaller prefetch',
    );
  });
});

it('Why of a member that hangs tells of the messages that it is sent all the same.', () => {
  const { hanging, reading } = MEMBER_STATE;
  const of = (states: number[], unacknowledged = 12) =>
    said(
      'workers',
      { unacknowledged, servers: 3 },
      {},
      states.map((state) => ({ state, busy: 0 })),
    );
  expect(of([reading, hanging, reading])).toBe(
    'Why do messages not get done? The broker does not know that m2 hangs: it sends it messages up to its prefetch all the same, and nobody else gets those until it goes on or is gone.',
  );
  expect(of([hanging, hanging, reading])).toContain('that 2 members hang: it sends them messages');
  expect(of([reading, hanging, reading], 0)).toBe('');
  expect(of([reading, reading, reading])).toContain('a smaller prefetch would share them out');
});

describe('a subscription of Pulsar with one consumer at a time', () => {
  const nodes = [
    { id: 'b', kind: 'cloud-broker' },
    { id: 'g', kind: 'consumer-group' },
  ];
  const of = (subscription: string, reading: Partial<NodeReading>): string[] => {
    const fields = { profile: 'pulsar', subscription };
    const context = {
      design: { ...newDesign(), nodes: nodes.map((node) => ({ ...node, name: node.id, fields })) },
      frame: { layout: { shape: { nodes, edges: [{ id: 'e', from: 0, to: 1 }] } } },
      id: 'b',
      kind: 'cloud-broker',
      reading: { amount: 5, activeGroup: -1, activeMember: 0, ...reading },
    };
    return consumerFindings(context as unknown as Context).map(({ sentence }) =>
      sentence.map((part) => (typeof part === 'string' ? part : part.name)).join(''),
    );
  };

  it('says who that is, and what the others do', () => {
    const active = { activeGroup: 1, activeMember: 2 };
    expect(of('failover', active)).toEqual([
      'Its subscription has one consumer: only g m2 gets messages, others take over when it goes.',
    ]);
    expect(of('exclusive', active)[0]).toContain('others were refused (ConsumerBusy)');
    expect([of('shared', active), of('failover', { ...active, amount: 0 })]).toEqual([[], []]);
  });

  it('says that nobody is, where those that were refused do not ask again', () => {
    expect(of('exclusive', {})[0]).toContain('Nobody reads it');
    expect(of('failover', {})).toEqual([]);
  });
});
