import { describe, expect, it } from 'vitest';
import type { Design } from '../../../design/types.ts';
import { newDesign } from '../../../design/new-design.ts';
import { FrameLayout, NODE, READER, type PlanShape } from '../../../simulation/frame/frame-layout.ts';
import type { Frame } from '../../../store/frames.ts';
import type { ActiveFault } from '../../../store/run-store.ts';
import type { TraceRow } from '../../../worker/protocol.ts';
import { explainNode, plainText } from './explain-node.ts';

const shape: PlanShape = {
  nodes: [
    { id: 'billing', kind: 'consumer-group' },
    { id: 'ledger', kind: 'database' },
    { id: 'orders', kind: 'topic' },
  ],
  edges: [
    { id: 'e1', from: 2, to: 0 },
    { id: 'e2', from: 0, to: 1 },
  ],
  topics: [{ node: 2, partitions: 3 }],
  groups: [{ node: 0, members: 3 }],
  guards: [],
};

const design: Design = {
  ...newDesign('Orders'),
  nodes: shape.nodes.map(({ id, kind }) => ({ id, kind, name: id, fields: {} })),
};

type Columns = Partial<Record<keyof typeof NODE, number>>;

/** A frame in which all is well, but for the given columns; every partition is read by its own member. */
function frameWith(columns: Record<string, Columns> = {}, owners = [0, 1, 2], lags = [0, 0, 0]): Frame {
  const layout = new FrameLayout(shape);
  const data = new Float64Array(layout.size(0));
  shape.nodes.forEach(({ id, kind }, index) => {
    const at = layout.node(index);
    data[at + NODE.blockedBy] = -1;
    data[at + NODE.machineState] = kind === 'consumer-group' ? 3 : -1;
    for (const [name, value] of Object.entries(columns[id] ?? {})) {
      data[at + NODE[name as keyof typeof NODE]] = value;
    }
  });
  owners.forEach((owner, partition) => {
    const at = layout.reader(layout.readers[0].first, partition);
    data[at + READER.owner] = owner;
    data[at + READER.lag] = lags[partition];
  });
  return { layout, data };
}

function explain(node: string, frame: Frame, activeFaults: ActiveFault[] = [], trace: TraceRow[] = []) {
  return explainNode({ design, frame, activeFaults, trace }, node);
}

const crash: ActiveFault = {
  id: 'f1',
  node: 'billing',
  fault: 'crash',
  args: { member: 2 },
  sinceMs: 31_000,
};

describe('explainNode', () => {
  it('says nothing of a healthy node', () => {
    expect(explain('billing', frameWith())).toBeNull();
  });

  it('says nothing of a node that the frame does not have', () => {
    expect(explain('unknown', frameWith())).toBeNull();
  });

  it('names the partitions that nobody reads since a crash, before and after the group has noticed', () => {
    const sentence = 'Nobody reads p1 since m2 crashed at 00:31.';
    for (const owners of [
      [0, 1, 2],
      [0, -1, 2],
    ]) {
      const found = explain('billing', frameWith({}, owners), [crash]);
      expect(plainText(found!)).toBe(sentence);
      expect(found!.sinceMs).toBe(31_000);
    }
  });

  it('names a crash alone once others read the partitions', () => {
    expect(plainText(explain('billing', frameWith({}, [0, 0, 2]), [crash])!)).toBe('m2 crashed at 00:31.');
  });

  it('names who blocks and why, with a link to the blocker', () => {
    const frame = frameWith({
      billing: { blockedBy: 1, blockedSinceMs: 40_000 },
      ledger: { busy: 20, servers: 20 },
    });
    const found = explain('billing', frame)!;
    expect(found.question).toBe('Why is it blocked?');
    expect(plainText(found)).toBe('ledger is full: 20 of 20 connections busy, so billing waits.');
    expect(found.sentences[0][0]).toEqual({ name: 'ledger', node: 'ledger' });
  });

  it('names the memory of a client where a topic seems to block', () => {
    const frame = frameWith({ billing: { blockedBy: 2 } });
    const sentence =
      'orders has not answered the requests that fill the memory of the client, so billing waits.';
    expect(plainText(explain('billing', frame)!)).toBe(sentence);
    expect(explain('orders', frame)!.question).toBe('Who waits for it?');
  });

  it('tells the blocker who waits for it', () => {
    const frame = frameWith({ billing: { blockedBy: 1 }, ledger: { busy: 20, servers: 20 } });
    expect(plainText(explain('ledger', frame)!)).toBe(
      'ledger is full: 20 of 20 connections busy, so billing waits.',
    );
  });

  it('says that a blocker is stopped rather than full', () => {
    const frame = frameWith({ billing: { blockedBy: 1 }, ledger: { busy: 0, servers: 20 } });
    const stop = { id: 'f2', node: 'ledger', fault: 'stop', args: {}, sinceMs: 5000 };
    expect(plainText(explain('billing', frame, [stop])!)).toBe(
      'ledger is stopped since 00:05, so billing waits.',
    );
  });

  it('gives arrivals and departures that agree with how fast the lag grows', () => {
    const frame = frameWith({ billing: { amount: 3393, amountTrend: 154, outPerSecond: 46 } });
    expect(plainText(explain('billing', frame)!)).toBe('No bound: 200/s arrive, 46/s leave.');
  });

  it('does not say so while the group is only kept from its partitions for a while', () => {
    const billing = { amount: 3393, amountTrend: 154, outPerSecond: 46, loadHindrance: 1 };
    expect(plainText(explain('billing', frameWith({ billing }))!)).toBe(
      'Meanwhile 200/s arrive, 46/s leave.',
    );
  });

  it('says how long catching up takes', () => {
    const frame = frameWith({ billing: { amount: 3000, amountTrend: -100, outPerSecond: 300 } });
    expect(plainText(explain('billing', frame)!)).toBe('Catching up: 3,000 behind, about 30 s to go.');
  });

  it('takes a little noise for steady', () => {
    const frame = frameWith({ billing: { amount: 40, amountTrend: 3, outPerSecond: 200 } });
    expect(explain('billing', frame)).toBeNull();
  });

  it('points at a hot partition', () => {
    expect(plainText(explain('billing', frameWith({}, [0, 1, 2], [900, 50, 50]))!)).toBe(
      'p0 is hot: 90 % of what is behind lies there.',
    );
  });

  it('says since when the group rebalances, from the trace', () => {
    const row = { node: 'billing', code: 'machine', machine: 'group-coordinator', text: '' };
    const trace = [
      { ...row, atMs: 41_000, state: 'preparing-rebalance' },
      { ...row, atMs: 42_000, state: 'stable', member: 1 },
    ];
    expect(plainText(explain('billing', frameWith(), [], trace)!)).toContain('rebalances since 00:41');
    const settled = [...trace, { ...row, atMs: 43_000, state: 'stable' }];
    expect(explain('billing', frameWith(), [], settled)).toBeNull();
  });

  it('stops at three sentences, causes before effects', () => {
    const frame = frameWith(
      { billing: { amount: 3000, amountTrend: 90, outPerSecond: 40, retryPerSecond: 43, blockedBy: 1 } },
      [0, -1, 2],
    );
    const found = explain('billing', frame, [crash])!;
    expect(found.question).toBe('Why is it lagging?');
    expect(found.sentences).toHaveLength(3);
    expect(plainText(found)).toMatch(/^Nobody reads p1/);
  });
});
