import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Design } from '../../design/types.ts';
import type { TraceRow } from '../../worker/protocol.ts';
import { labelPlace } from './fault-lane.tsx';
import { faultFlags, placeSpanLabel, stateLanes } from './lanes.ts';

const design: Design = {
  ...newDesign('Orders'),
  nodes: [
    { id: 'billing', kind: 'consumer-group', name: 'billing', fields: {} },
    { id: 'web', kind: 'producer', name: 'web', fields: {} },
  ],
};

const machine = (atMs: number, state: string): TraceRow => ({
  atMs,
  node: 'billing',
  code: 'machine',
  machine: 'group-coordinator',
  state,
  text: '',
});

const hold = (atMs: number, code: 'blocked' | 'unblocked'): TraceRow => ({
  atMs,
  node: 'web',
  code,
  text: '',
});

const lanesOf = (trace: TraceRow[], selected: string[] = []) =>
  stateLanes(design, trace, new Set(selected), { most: 2, mergeMs: 100 });

describe('faultFlags', () => {
  it('joins a fault with its end and names the node', () => {
    const trace: TraceRow[] = [
      { atMs: 1000, node: 'billing', code: 'fault', text: 'm2 crashed.', fault: 'f1' },
      { atMs: 3000, node: 'billing', code: 'heal', text: 'm2 is back.', fault: 'f1' },
    ];
    expect(faultFlags(design, trace)).toEqual([
      {
        key: 'f1',
        atMs: 1000,
        untilMs: 3000,
        label: 'billing: m2 crashed',
        scheduled: undefined,
        future: false,
      },
    ]);
  });

  it('shows a planned fault before it happens, and once only', () => {
    const planned = {
      ...design,
      scenario: {
        ...design.scenario,
        faults: [{ id: 's1', atMs: 5000, node: 'billing', fault: 'slow', args: { factor: 4 } }],
      },
    };
    expect(faultFlags(planned, [])).toMatchObject([
      { key: 's1', label: 'billing: 4× slower', scheduled: 's1', future: true },
    ]);
    const happened: TraceRow[] = [{ atMs: 5000, node: 'billing', code: 'fault', text: 'Slow.', fault: 's1' }];
    expect(faultFlags(planned, happened)).toMatchObject([{ key: 's1', scheduled: 's1', future: false }]);
  });
});

describe('stateLanes', () => {
  it('shows a rebalance from its start to stable, and leaves it open while it lasts', () => {
    const rebalance = [machine(1000, 'preparing-rebalance'), machine(1500, 'completing-rebalance')];
    expect(lanesOf(rebalance)[0].spans).toEqual([{ fromMs: 1000, label: 'rebalance' }]);
    expect(lanesOf([...rebalance, machine(2000, 'stable')])[0].spans).toEqual([
      { fromMs: 1000, untilMs: 2000, label: 'rebalance' },
    ]);
  });

  it('names the cause of a rebalance, and of what each member does by itself', () => {
    const joined = { ...machine(1000, 'preparing-rebalance'), cause: 'm2 joined' };
    expect(lanesOf([joined])[0].spans).toEqual([{ fromMs: 1000, label: 'rebalance: m2 joined' }]);
    const silent = { ...machine(1000, 'reconciling'), cause: 'm1 was silent for too long' };
    const spans = [{ fromMs: 1000, label: 'reconciling: m1 was silent for too long' }];
    expect(lanesOf([silent])[0].spans).toEqual(spans);
  });

  it('shows a circuit breaker from open to closed, half-open times included', () => {
    const breaker = (atMs: number, state: string): TraceRow => ({
      ...machine(atMs, state),
      machine: 'circuit-breaker',
      edge: 'billing-to-db',
    });
    const trace = [breaker(500, 'open'), breaker(800, 'half-open'), breaker(820, 'open')];
    const lane = { node: 'billing', label: 'billing breaker' };
    expect(lanesOf(trace)).toEqual([{ ...lane, spans: [{ fromMs: 500, label: 'open' }] }]);
    trace.push(breaker(1200, 'half-open'), breaker(1300, 'closed'));
    expect(lanesOf(trace)).toMatchObject([{ ...lane, spans: [{ fromMs: 500, untilMs: 1300 }] }]);
  });

  it('shows when a connection is held back, and by what', () => {
    const connection = (atMs: number, state: string): TraceRow => ({
      ...machine(atMs, state),
      node: 'web',
      machine: 'publisher-connection',
    });
    const trace = [connection(500, 'flow'), connection(900, 'blocked'), connection(2000, 'running')];
    expect(lanesOf(trace)).toEqual([
      {
        node: 'web',
        label: 'web connection',
        spans: [
          { fromMs: 500, untilMs: 900, label: 'flow' },
          { fromMs: 900, untilMs: 2000, label: 'blocked' },
        ],
      },
    ]);
  });

  it('leaves out flicker, however much of it there is', () => {
    const flicker = Array.from({ length: 50 }, (_, at) => [
      hold(at * 60, 'blocked'),
      hold(at * 60 + (at === 0 ? 58 : 2), 'unblocked'),
    ]).flat();
    // One longer hold at the start must not swallow all the flicker after it.
    expect(lanesOf(flicker)).toMatchObject([{ spans: [{ fromMs: 0, untilMs: 122 }] }]);
  });

  it('draws what is held back most of the time as one span', () => {
    const trace = [hold(0, 'blocked'), hold(500, 'unblocked'), hold(550, 'blocked'), hold(900, 'unblocked')];
    expect(lanesOf(trace)).toMatchObject([{ label: 'web held back', spans: [{ fromMs: 0, untilMs: 900 }] }]);
  });

  it('puts selected nodes first, then the latest', () => {
    const trace = [hold(0, 'blocked'), hold(500, 'unblocked'), machine(1000, 'preparing-rebalance')];
    expect(lanesOf(trace).map((lane) => lane.node)).toEqual(['billing', 'web']);
    expect(lanesOf(trace, ['web']).map((lane) => lane.node)).toEqual(['web', 'billing']);
  });
});

describe('placeSpanLabel', () => {
  const label = 'rebalance: m2 joined';

  it('puts a label into its span, else after it, and nowhere before a near neighbour', () => {
    expect(placeSpanLabel(label, 10, 40, 100)).toEqual({ text: label, place: 'inside' });
    expect(placeSpanLabel(label, 10, 14, 100)).toEqual({ text: label, place: 'after' });
    expect(placeSpanLabel(label, 10, 14, 20)).toEqual({ text: '', place: 'none' });
  });

  it('leaves out the cause before it leaves out the state', () => {
    expect(placeSpanLabel(label, 10, 22, 30)).toEqual({ text: 'rebalance', place: 'inside' });
    expect(placeSpanLabel('blocked', 10, 12, 14)).toEqual({ text: '', place: 'none' });
  });
});

describe('labelPlace', () => {
  it('puts a label after its diamond, before it at the right end, and nowhere between two neighbours', () => {
    expect(labelPlace([10], 0, 'm1 crashed')).toBe('');
    expect(labelPlace([97], 0, 'm1 crashed')).toBe('before');
    expect(labelPlace([10, 12], 0, 'm1 crashed')).toBe('bare');
  });
});
