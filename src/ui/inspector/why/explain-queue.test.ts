import { describe, expect, it } from 'vitest';
import { newDesign } from '../../../design/new-design.ts';
import type { Design } from '../../../design/types.ts';
import {
  EDGE,
  FrameLayout,
  NODE,
  SAMPLE,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE,
  SAMPLE_NODE_SIZE,
  type PlanShape,
} from '../../../simulation/frame/frame-layout.ts';
import type { Frame } from '../../../store/frames.ts';
import { explainNode, plainText } from './explain-node.ts';
import { readNode } from '../figures/node-reading.ts';

const shape: PlanShape = {
  nodes: [
    { id: 'db', kind: 'database' },
    { id: 'jobs', kind: 'queue' },
    { id: 'jobs.dlq', kind: 'dead-letter-queue' },
    { id: 'web', kind: 'producer' },
    { id: 'workers', kind: 'consumer-group' },
  ],
  edges: [
    { id: 'e1', from: 3, to: 1 },
    { id: 'e2', from: 1, to: 4 },
    { id: 'e3', from: 1, to: 2 },
    { id: 'e4', from: 4, to: 0 },
  ],
  topics: [],
  groups: [{ node: 4, members: 2 }],
  guards: [],
};
const layout = new FrameLayout(shape);

function designWith(overflow: string): Design {
  const nodes = shape.nodes.map(({ id, kind }) => ({ id, kind, name: id, fields: {} }));
  return {
    ...newDesign(),
    nodes: nodes.map((node) => (node.id === 'jobs' ? { ...node, fields: { overflow } } : node)),
  };
}

type Columns = Partial<Record<keyof typeof NODE, number>>;

function frameWith(columns: Record<string, Columns>): Frame {
  const data = new Float64Array(layout.size(0));
  shape.nodes.forEach(({ id }, index) => {
    const at = layout.node(index);
    data[at + NODE.blockedBy] = -1;
    data[at + NODE.machineState] = -1;
    for (const [name, value] of Object.entries(columns[id] ?? {}))
      data[at + NODE[name as keyof typeof NODE]] = value;
  });
  return { layout, data };
}

/** One sample a second with these many messages in the queue. */
function samplesOf(lengths: readonly number[]): Float64Array[] {
  return lengths.map((length, second) => {
    const sample = new Float64Array(layout.sampleSize);
    sample[SAMPLE.simulatedMs] = second * 1000;
    sample[SAMPLE_HEADER_SIZE + SAMPLE_NODE_SIZE + SAMPLE_NODE.amount] = length;
    return sample;
  });
}

function explain(frame: Frame, overflow = 'block', samples: readonly Float64Array[] = []) {
  return explainNode({ design: designWith(overflow), frame, activeFaults: [], trace: [], samples }, 'jobs');
}

const full = { amount: 100, limit: 100, inPerSecond: 300, outPerSecond: 125 };
const busy = { level: 1, busy: 4, servers: 4, inPerSecond: 125 };

describe('why a queue is full', () => {
  it('is not asked while it keeps up', () => {
    expect(explain(frameWith({ jobs: { ...full, amount: 40 }, workers: busy }))).toBeNull();
  });

  it('names the sender that waits, since when, and what would help', () => {
    const found = explain(
      frameWith({ jobs: full, workers: busy }),
      'block',
      samplesOf([0, 60, 100, 99, 100]),
    )!;
    expect(found.question).toBe('Why is it full?');
    expect(plainText(found)).toBe(
      'jobs is full since 00:02: 100 of 100 messages, so web waits for room. ' +
        'workers takes 125/s with all 4 workers busy: more of them or shorter work would help.',
    );
    expect(found.sinceMs).toBe(2000);
    expect(found.sentences[0]).toContainEqual({ name: 'web', node: 'web' });
  });

  it('counts what waits for a retry, which takes room as well', () => {
    const frame = frameWith({ jobs: { ...full, amount: 60, delayed: 40 }, workers: busy });
    expect(plainText(explain(frame)!)).toContain(
      'jobs is full: 100 of 100 messages, 40 of them waiting for a retry, so web waits for room.',
    );
  });

  it('says how much is lost, and how many workers would keep up', () => {
    const frame = frameWith({ jobs: { ...full, dropped: 1204 }, workers: busy });
    expect(plainText(explain(frame, 'drop-oldest')!)).toBe(
      'jobs is full: 100 of 100 messages, so the oldest are dropped: 175/s, 1,204 so far. ' +
        'workers takes 125/s with all 4 workers busy; about 10 would keep up.',
    );
    expect(plainText(explain(frame, 'drop-newest')!)).toContain('what arrives is refused and lost: 175/s');
  });

  it('says where the oldest go, though they count among what leaves', () => {
    const frame = frameWith({ jobs: { ...full, amount: 99, outPerSecond: 300 }, workers: busy });
    const at = layout.edge(2);
    frame.data[at + EDGE.total] = 400;
    frame.data[at + EDGE.perSecond] = 175;
    const text = plainText(explain(frame, 'dead-letter')!);
    expect(text).toContain('so the oldest go to jobs.dlq instead, 175/s.');
    expect(text).toContain('about 10 would keep up');
  });

  it('points further when the reader itself waits, and when nobody reads', () => {
    const waits = frameWith({ jobs: full, workers: { ...busy, blockedBy: 0 }, db: { busy: 4, servers: 4 } });
    expect(plainText(explain(waits)!)).toContain(
      'workers itself waits: db is full: 4 of 4 connections busy.',
    );
    const alone: PlanShape = { ...shape, edges: shape.edges.filter(({ id }) => id !== 'e2') };
    const frame = { layout: new FrameLayout(alone), data: frameWith({ jobs: full }).data };
    expect(plainText(explain(frame)!)).toContain('Nobody takes messages from it.');
  });

  it('counts bytes where they are the limit that was reached, as its machine says', () => {
    const bytes = { bytes: 830, bytesLimit: 1000, machineState: 2, machineSinceMs: 4000, dropped: 7 };
    const frame = frameWith({
      jobs: { ...bytes, amount: 40, inPerSecond: 300, outPerSecond: 125 },
      workers: busy,
    });
    const found = explain(frame, 'drop-newest')!;
    expect(plainText(found)).toContain(
      'jobs is full since 00:04: 830 of 1,000 bytes, so what arrives is refused',
    );
    expect(found.sinceMs).toBe(4000);
  });

  it('says which dead letters stay, and who does not take them', () => {
    const found = explain(frameWith({ jobs: { lettersWaiting: 6 }, workers: busy }))!;
    expect(found.question).toBe('Why do dead letters stay?');
    expect(plainText(found)).toBe('6 dead letters stay in it, as jobs.dlq does not take them.');
  });

  it('says that they stay for a queue behind an exchange', () => {
    const frame = frameWith({ jobs: { lettersWaiting: 1 }, workers: busy });
    const nodes = shape.nodes.map((node) => (node.id === 'jobs.dlq' ? { ...node, kind: 'exchange' } : node));
    const behind = { ...frame, layout: new FrameLayout({ ...shape, nodes }) };
    expect(plainText(explain(behind)!)).toBe(
      '1 dead letter stays in it, as not every queue behind jobs.dlq takes it.',
    );
  });

  it('foresees when it will be full', () => {
    const fills = { amount: 60, limit: 100, outPerSecond: 42, amountTrend: 20 };
    expect(plainText(explain(frameWith({ jobs: fills, workers: busy }))!)).toMatch(
      /^It fills up: 62\/s arrive, 42\/s leave\. Full in about 2 s\./,
    );
    expect(plainText(explain(frameWith({ jobs: { ...fills, limit: 0 }, workers: busy }))!)).toMatch(
      /^No bound: 62\/s arrive, 42\/s leave\./,
    );
  });
});

describe('the wait in a queue', () => {
  it('is what its reader measures', () => {
    const frame = frameWith({ jobs: full, workers: { totalIn: 10, waitMsMean: 800, waitMsP95: 950 } });
    expect(readNode(frame, 'jobs')).toMatchObject({ waitMsMean: 800, waitMsP95: 950 });
  });

  it('follows from what waits and what leaves where its reader has other queues, too', () => {
    const two: PlanShape = { ...shape, edges: [...shape.edges, { id: 'e5', from: 3, to: 4 }] };
    const wider = new FrameLayout(two);
    const data = new Float64Array(wider.size(0));
    data[wider.node(1) + NODE.amount] = 100;
    data[wider.node(1) + NODE.outPerSecond] = 125;
    expect(readNode({ layout: wider, data }, 'jobs')).toMatchObject({ waitMsMean: 800, waitMsP95: NaN });
  });

  it('is not known before anything was read', () => {
    expect(readNode(frameWith({ jobs: full }), 'jobs')!.waitMsMean).toBeNaN();
  });
});
