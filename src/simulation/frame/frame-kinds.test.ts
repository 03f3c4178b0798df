import { expect, it } from 'vitest';
import { sketched, type Sketch } from '../../gallery/sketch.ts';
import { compile } from '../compile.ts';
import { EDGE, NODE, STAGE } from './frame-layout.ts';

const AT = [0, 0] as const;

/** A frame of a sketch after some time, and its layout. */
function frameOf(sketch: Pick<Sketch, 'nodes' | 'edges' | 'faults'>, ms: number) {
  const { run } = compile(sketched({ name: 'frame', horizonMs: 60_000, ...sketch }), { observe: true });
  run!.advance(ms, Infinity);
  const data = new Float64Array(run!.frameSize());
  run!.writeFrame(data);
  const { layout } = run!;
  const of = (id: string, column: keyof typeof NODE) =>
    data[layout.node(layout.shape.nodes.findIndex((node) => node.id === id)) + NODE[column]];
  return { data, layout, of, results: run!.results() };
}

it('A frame carries the retry topics of a group, with what waits in each and all that came.', () => {
  const fields = {
    failureProbability: 1,
    maxAttempts: 3,
    retryMode: 'topics',
    backoff: 1000,
    jitter: 'none',
  };
  const { data, layout, of, results } = frameOf(
    {
      nodes: {
        p: { kind: 'producer', at: AT, fields: { arrivals: 'constant', rate: 10 } },
        t: { kind: 'topic', at: AT },
        g: { kind: 'consumer-group', at: AT, fields },
      },
      edges: ['p > t', 't > g'],
    },
    10_000,
  );
  const { stages = [] } = layout.shape;
  expect(stages.length).toBe(2);
  stages.forEach((_, stage) => {
    const shown = {
      waiting: data[layout.stage(stage) + STAGE.waiting],
      came: data[layout.stage(stage) + STAGE.came],
    };
    expect(results.nodes.g.retryTopics[stage]).toMatchObject(shown);
    expect(shown.came).toBeGreaterThan(50);
  });
  expect(of('g', 'setAside')).toBe(data[layout.stage(0)] + data[layout.stage(1)]);
  expect(of('g', 'backingOff')).toBe(0);
});

it('A frame counts who backs off apart from who works.', () => {
  const fields = { failureProbability: 1, maxAttempts: 9, backoff: 5000, jitter: 'none', concurrency: 4 };
  const { of } = frameOf(
    {
      nodes: {
        p: { kind: 'producer', at: AT, fields: { arrivals: 'constant', rate: 50 } },
        q: { kind: 'queue', at: AT },
        g: { kind: 'consumer-group', at: AT, fields: { members: 1, ...fields } },
      },
      edges: ['p > q', 'q > g'],
    },
    3000,
  );
  expect([of('g', 'backingOff'), of('g', 'attempting')]).toEqual([4, 0]);
});

it('A frame carries how transactions ended, what compaction left, and the network of an edge.', () => {
  const { data, layout, of, results } = frameOf(
    {
      nodes: {
        p: {
          kind: 'producer',
          at: AT,
          fields: {
            arrivals: 'constant',
            rate: 50,
            client: 'kafka',
            transactions: 'on',
            transactionSize: 10,
          },
        },
        t: { kind: 'topic', at: AT },
      },
      edges: ['p > t'],
      faults: { cut: { atMs: 9000, edge: 'p-to-t', fault: 'partition', args: {} } },
    },
    10_000,
  );
  expect(of('p', 'committed')).toBe(results.nodes.p.transactions!.committed);
  expect(of('p', 'committed')).toBeGreaterThan(20);
  expect([of('t', 'transaction'), of('t', 'keptRecords')]).toEqual([-1, -1]);
  expect(data[layout.edge(0) + EDGE.link]).toBeGreaterThan(0);
  expect(data[layout.edge(0) + EDGE.linkSinceMs]).toBe(9000);
});
