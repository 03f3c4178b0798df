import { test } from '../testing/property.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Design } from '../design/types.ts';
import { eventfulDesign } from '../testing/eventful-design.ts';
import { stationDesign } from '../testing/theory-designs.ts';
import { compile, type CompileOptions } from './compile.ts';
import { HEADER, NODE } from './frame/frame-layout.ts';
import type { LiveRun } from './live-run.ts';
import type { RunResults } from './results/results.ts';

function start(design: Design, options?: CompileOptions): LiveRun {
  const { run, problems } = compile(design, options);
  if (!run) throw new Error(problems.map((problem) => problem.message).join(' '));
  return run;
}

function toEnd(run: LiveRun): RunResults {
  while (!run.done) run.advance(run.horizonMs, 100_000);
  return run.results();
}

function indexOf(run: LiveRun, id: string): number {
  return run.shape.nodes.findIndex((node) => node.id === id);
}

function frame(run: LiveRun): Float64Array {
  const into = new Float64Array(run.frameSize());
  run.writeFrame(into);
  return into;
}

function sampleTimes(run: LiveRun, data: Float64Array): number[] {
  return Array.from({ length: data[HEADER.sampleCount] }, (_, row) => data[run.layout.size(row)]);
}

const reference = toEnd(start(eventfulDesign));

describe('a run', () => {
  it('balances its books: what was made has ended or is still held by a node', () => {
    const { produced, copied, acknowledged, deadLettered, dropped, expired, inFlight } = reference.totals;
    expect(produced + copied).toBe(acknowledged + deadLettered + dropped + expired + inFlight);
    const held = Object.values(reference.nodes).reduce((sum, node) => sum + node.held, 0);
    expect(held).toBe(inFlight);
    expect(deadLettered).toBeGreaterThan(0);
  });

  it('is the same for the same seed and another for another', () => {
    expect(toEnd(start(eventfulDesign)).hash).toBe(reference.hash);
    expect(toEnd(start(eventfulDesign, { seed: 12 })).hash).not.toBe(reference.hash);
  });

  it('is the same whether it is watched or not', () => {
    expect(toEnd(start(eventfulDesign, { observe: false }))).toEqual(reference);
  });

  it('run to T and then on is the run to 2T', () => {
    const run = start(eventfulDesign);
    run.advance(15_000, Infinity);
    expect(run.nowMs).toBe(15_000);
    run.advance(30_000, Infinity);
    expect(run.done).toBe(true);
    expect(run.results()).toEqual(reference);
  });

  test.prop(
    [fc.array(fc.record({ ms: fc.double({ min: 0, max: 3000, noNaN: true }), most: fc.nat(5000) }))],
    {
      numRuns: 8,
    },
  )('is the same however it is cut into calls, steps and frames', (cuts) => {
    const run = start(eventfulDesign);
    for (const { ms, most } of cuts) {
      run.advance(run.nowMs + ms, most + 1);
      run.step();
      frame(run);
      run.drainTrace();
    }
    expect(toEnd(run)).toEqual(reference);
  });

  it('does not depend on the order of nodes and edges in the file', () => {
    const turned = {
      ...eventfulDesign,
      nodes: eventfulDesign.nodes.toReversed(),
      edges: eventfulDesign.edges.toReversed(),
    };
    expect(toEnd(start(turned)).hash).toBe(reference.hash);
  });

  it('keeps every figure of the others when an isolated part is added', () => {
    const more = stationDesign({ rate: 5, service: { shape: 'constant', mean: 10 } });
    const wider = {
      ...eventfulDesign,
      nodes: [...eventfulDesign.nodes, ...more.nodes],
      edges: [...eventfulDesign.edges, ...more.edges],
    };
    const results = toEnd(start(wider));
    for (const [id, node] of Object.entries(reference.nodes)) expect(results.nodes[id]).toEqual(node);
  });

  it('goes on from a snapshot as if nothing had happened, with the rows not yet read', () => {
    const run = start(eventfulDesign);
    run.advance(9000, Infinity);
    const snapshot = run.snapshot();
    const first = { results: toEnd(run), rows: run.drainTrace() };
    run.restore(snapshot);
    expect(run.nowMs).toBe(9000);
    expect({ results: toEnd(run), rows: run.drainTrace() }).toEqual(first);
    expect(first.results).toEqual(reference);
  });

  it('gives a frame each chart sample once, and after a jump those that are missing', () => {
    const run = start(eventfulDesign);
    const times = () => sampleTimes(run, frame(run));
    run.advance(9000, Infinity);
    const at9 = run.snapshot();
    expect(times()).toHaveLength(180);
    run.advance(12_000, Infinity);
    const at12 = run.snapshot();
    run.restore(at9);
    expect(times()).toEqual([]);
    run.restore(at12);
    expect(times()).toEqual(Array.from({ length: 60 }, (_, at) => 9050 + 50 * at));
  });

  it('ends its clock at the time asked for, also one that falls between two microseconds', () => {
    const run = start(eventfulDesign);
    run.advance(1.00005, Infinity);
    expect(run.nowMs).toBe(1.001);
    run.advance(0, Infinity);
    expect(run.nowMs).toBe(1.001);
  });

  it('processes exactly one event a step', () => {
    const run = start(eventfulDesign);
    for (let i = 0; i < 100; i++) {
      const before = run.events;
      expect(run.step()).toBe(true);
      expect(run.events).toBe(before + 1);
    }
  });

  it('stops at a limit with a sentence that names the node', () => {
    const flood = stationDesign({ rate: 1000, service: { shape: 'constant', mean: 80_000_000 } });
    const run = start(flood, { limits: { messages: 8000 } });
    const snapshot = run.snapshot();
    expect(snapshot.bytes).toBeGreaterThan(0);
    while (!run.done) run.advance(run.horizonMs, 1_000_000);
    expect(run.stoppedBy?.message).toMatch(
      /^The run stopped at .*: source needed more than 8,000 messages alive\. It sends [\d,]+\/s\. Most messages wait in line: /,
    );
    expect(run.results().problems.at(-1)?.code).toBe('limit-reached');
    expect(run.advance(run.horizonMs, 1)).toBe(0);
  });
});

describe('steering a run', () => {
  it('takes a live field from now on, writes it into the trace and proves it in the hash', () => {
    const run = start(eventfulDesign);
    run.advance(1000, Infinity);
    run.drainTrace();
    expect(run.setField('checkout-web', 'rate', 400)).toBeNull();
    expect(run.drainTrace()).toEqual([
      { atMs: 1000, node: 'checkout-web', code: 'set-field', text: 'checkout-web: rate is now 400/s.' },
    ]);
    expect(toEnd(run).hash).not.toBe(reference.hash);
  });

  it('refuses what is out of range, not live, or not there, and changes nothing', () => {
    const run = start(eventfulDesign);
    expect(run.setField('checkout-web', 'rate', 1e9)?.code).toBe('out-of-range');
    expect(run.setField('orders', 'partitions', 6)?.code).toBe('field-not-live');
    expect(run.setField('orders', 'nonsense', 6)?.code).toBe('unknown-field');
    expect(run.setField('nobody', 'rate', 6)?.code).toBe('unknown-node');
    expect(run.inject('a', 'billing', 'crash', { member: 4 })?.message).toBe(
      'billing: found member 4, expected 1 to 3.',
    );
    expect(run.inject('a', 'billing', 'explode', {})?.code).toBe('unknown-fault');
    expect(run.heal('a')?.code).toBe('unknown-fault');
    expect(toEnd(run)).toEqual(reference);
  });

  it('injects a fault that heals by itself and tells of both', () => {
    const run = start({ ...eventfulDesign, scenario: { ...eventfulDesign.scenario, faults: [] } });
    run.advance(1000, Infinity);
    expect(run.inject('f1', 'ledger-db', 'stop', {}, 500)).toBeNull();
    expect(run.activeFaults()).toMatchObject([{ id: 'f1', node: 'ledger-db', fault: 'stop', sinceMs: 1000 }]);
    run.advance(1400, Infinity);
    expect(frame(run)[run.layout.node(indexOf(run, 'ledger-db')) + NODE.level]).toBe(0);
    run.advance(3000, Infinity);
    expect(run.activeFaults()).toEqual([]);
    const rows = run.drainTrace().filter((row) => row.fault === 'f1');
    expect(rows.map(({ atMs, text }) => [atMs, text])).toEqual([
      [1000, 'ledger-db: stopped.'],
      [
        1500,
        'ledger-db: no longer “stopped” after 500 ms: 5 failed tries, 2 failed calls, 92 behind at the peak.',
      ],
      [
        2000,
        'ledger-db, after “stopped”: 92 behind at the peak, drained at 00:02, 500 ms after it was healed.',
      ],
    ]);
  });

  it('puts an earlier fault back in force when a later one of the same kind ends', () => {
    const quiet = stationDesign({ rate: 1, service: { shape: 'constant', mean: 10 } });
    const run = start({ ...quiet, scenario: { ...quiet.scenario, horizonMs: 90_000 } });
    run.inject('a', 'station', 'slow', { factor: 10 });
    run.inject('b', 'station', 'slow', { factor: 20 });
    run.heal('b');
    const { serviceMsMean } = toEnd(run).nodes.station;
    expect(serviceMsMean).toBeCloseTo(100, 6);
  });
});

describe('a limit', () => {
  it('that a command reaches ends the run like any other', () => {
    const { bytes } = start(eventfulDesign, { observe: false }).snapshot();
    const run = start(eventfulDesign, { observe: false, limits: { bytes } });
    const values = Array.from({ length: 10_000 }, (_, at) => at);
    expect(run.setField('billing', 'serviceTime', { shape: 'empirical', values })).toBeNull();
    expect(run.done).toBe(true);
    expect(run.stoppedBy?.code).toBe('limit-reached');
    expect(run.advance(run.horizonMs, 1)).toBe(0);
  });
});

describe('the message trace', () => {
  it('loses no row and changes none of the others, however long a call is', () => {
    const fanOut: Design = {
      ...eventfulDesign,
      nodes: [
        { id: 'source', kind: 'producer', name: 'source', fields: { rate: 2000 } },
        ...Array.from({ length: 12 }, (_, at) => ({
          id: `q${at}`,
          kind: 'queue',
          name: `q${at}`,
          fields: {},
        })),
      ],
      edges: Array.from({ length: 12 }, (_, at) => {
        return { id: `e${at}`, from: 'source', fromPort: 'out', to: `q${at}`, toPort: 'in' };
      }),
      scenario: { horizonMs: 5000, warmUpMs: 0, seed: 1, faults: [] },
    };
    const run = start(fanOut);
    run.traceMessages();
    const { totals } = toEnd(run);
    const entered = run.drainMessages().filter(({ code }) => code === 'entered');
    expect(entered).toHaveLength(totals.produced + totals.copied);

    const traced = start(eventfulDesign);
    traced.traceMessages();
    expect(toEnd(traced)).toEqual(reference);
    const plain = start(eventfulDesign);
    toEnd(plain);
    expect(traced.drainTrace()).toEqual(plain.drainTrace());
  });
});

describe('a frame', () => {
  it('carries the same totals as the results and one sample each six-hundredth of the run', () => {
    const run = start(eventfulDesign);
    toEnd(run);
    const data = frame(run);
    expect(data[HEADER.produced]).toBe(reference.totals.produced);
    expect(data[HEADER.inFlight]).toBe(reference.totals.inFlight);
    expect(data[HEADER.sampleCount]).toBe(600);
    expect(data[run.layout.samplesAt]).toBe(50);
    expect(data[run.layout.size(599)]).toBe(30_000);
    expect(frame(run)[HEADER.sampleCount]).toBe(0);
  });

  it('shows the rate of about the last second', () => {
    const quiet = stationDesign({ rate: 50, service: { shape: 'constant', mean: 1 } });
    const steady = {
      ...quiet,
      nodes: quiet.nodes.map((node) =>
        node.id === 'source' ? { ...node, fields: { rate: 50, arrivals: 'constant' } } : node,
      ),
    };
    const run = start(steady);
    run.advance(10_000, Infinity);
    expect(frame(run)[HEADER.throughputPerSecond]).toBeCloseTo(50, -0.7);
    run.setField('source', 'rate', 500);
    run.advance(12_000, Infinity);
    expect(frame(run)[HEADER.throughputPerSecond]).toBeCloseTo(500, -1.7);
  });

  it('hands out samples as far as there is room and keeps the others', () => {
    const run = start(eventfulDesign);
    run.advance(1000, Infinity);
    const small = new Float64Array(run.layout.size(3));
    expect(run.writeFrame(small)).toBe(small.length);
    expect(small[HEADER.sampleCount]).toBe(3);
    expect(run.frameSize()).toBe(run.layout.size(17));
  });
});
