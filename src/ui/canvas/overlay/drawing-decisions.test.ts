import { describe, expect, it } from 'vitest';
import { consumerGroup } from '../../../kinds/consumer-group/kind.ts';
import {
  BADGE,
  FrameLayout,
  READER,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE_SIZE,
} from '../../../simulation/frame/frame-layout.ts';
import { badgeOf } from './badges.ts';
import { bedWidth, edgeLabel, edgeStyle } from './draw-edge.ts';
import { memberKey, shownLanes } from './draw-lanes.ts';
import { frameIndex, shownReader } from './frame-index.ts';
import { crashedMembers } from './paint.ts';
import { sparkline } from './sparkline.ts';

const reading = { ratePerSecond: 100, waiting: 0, blocked: false, receiverDown: false };

describe('badges', () => {
  it('are none for a healthy node', () => {
    expect(badgeOf(consumerGroup, BADGE.none, 0, undefined)).toBeNull();
  });

  it('show what a person broke before what it causes', () => {
    const badge = badgeOf(consumerGroup, BADGE.rebalancing, 0, { fault: 'crash', args: { member: 3 } });
    expect(badge).toEqual({ glyph: 'hand', word: 'm3 crashed', tone: 'accent' });
  });

  it('fill in the value that comes with the frame', () => {
    const slow = consumerGroup.faults.findIndex(({ id }) => id === 'slow');
    expect(badgeOf(consumerGroup, BADGE.faultFirst + slow, 8, undefined)?.word).toBe('8× slower');
  });

  it('have a word for every state', () => {
    for (const code of [BADGE.full, BADGE.blocked, BADGE.rebalancing, BADGE.failing, BADGE.down])
      expect(badgeOf(consumerGroup, code, 0, undefined)?.word).toMatch(/^[A-Z][a-z]+$/);
  });
});

it('nobody reads for a member that lies crashed, whatever its group still believes', () => {
  const fault = { id: 'f', node: 'billing', args: { member: 2 }, sinceMs: 0 };
  const crashed = crashedMembers([
    { ...fault, fault: 'crash' },
    { ...fault, fault: 'slow', args: { factor: 3 } },
  ]);
  expect([...crashed]).toEqual([memberKey('billing', 1)]);
});

describe('edges', () => {
  it('have beds from 4 to 10 that widen by the logarithm of the rate', () => {
    expect(bedWidth(0)).toBe(0);
    expect(bedWidth(0.5)).toBe(4);
    expect(bedWidth(60)).toBeCloseTo(7, 0);
    expect(bedWidth(200)).toBeCloseTo(9, 0);
    expect(bedWidth(1e9)).toBe(10);
  });

  it('show pressure before anything else, and idle where nothing flows', () => {
    expect(edgeStyle('flow', { ...reading, blocked: true })).toBe('pressed');
    expect(edgeStyle('request', reading)).toBe('request');
    expect(edgeStyle('flow', { ...reading, ratePerSecond: 0 })).toBe('idle');
    expect(edgeStyle('dead', { ...reading, ratePerSecond: 0 })).toBe('idle-dead');
  });

  it('carry a number only where it stands on no card, or where motion is unwanted', () => {
    expect(edgeLabel('flow', reading, false)).toBeNull();
    expect(edgeLabel('flow', reading, true)?.text).toBe('100/s');
    expect(edgeLabel('retry', reading, false)?.text).toBe('retry 100/s');
    expect(edgeLabel('dead', { ...reading, ratePerSecond: 0 }, true)).toBeNull();
    expect(edgeLabel('flow', reading, false, '*.error')?.text).toBe('*.error');
    expect(edgeLabel('flow', reading, true, '*.error')?.text).toBe('*.error, 100/s');
  });
});

describe('lanes', () => {
  const lanes = (lags: number[]) =>
    lags.map((lag, partition) => ({ partition, lag, owner: 0, leader: null }));

  it('are all shown up to eight', () => {
    expect(shownLanes(lanes([1, 2, 3, 4, 5, 6, 7, 8]))).toHaveLength(8);
  });

  it('of more are the six that are furthest behind, in order', () => {
    const shown = shownLanes(lanes([0, 50, 0, 40, 0, 30, 20, 10, 60, 0]));
    expect(shown.map((lane) => lane.partition)).toEqual([1, 3, 5, 6, 7, 8]);
  });

  it('have the hot one among them, which takes most though its reader keeps up', () => {
    const shown = shownLanes(lanes([0, 50, 0, 40, 0, 30, 20, 10, 60, 0]), undefined, 4);
    expect(shown.map((lane) => lane.partition)).toEqual([1, 3, 4, 5, 6, 8]);
  });
});

describe('the reader shown on a topic', () => {
  const layout = new FrameLayout({
    nodes: [
      { id: 'a', kind: 'consumer-group' },
      { id: 'b', kind: 'consumer-group' },
      { id: 't', kind: 'topic' },
    ],
    edges: [
      { id: 'ta', from: 2, to: 0 },
      { id: 'tb', from: 2, to: 1 },
    ],
    topics: [{ node: 2, partitions: 2 }],
    guards: [],
    groups: [
      { node: 0, members: 1 },
      { node: 1, members: 1 },
    ],
  });
  const entry = frameIndex(layout).topic.get('t');
  const data = new Float64Array(layout.size(0));
  data[layout.reader(entry?.readers[1].first ?? 0, 1) + READER.lag] = 9;

  it('is the one that is furthest behind, unless another is selected', () => {
    const readers = entry?.readers ?? [];
    expect(shownReader(layout, data, readers, 2, null)?.groupNode).toBe('b');
    expect(shownReader(layout, data, readers, 2, 'a')?.groupNode).toBe('a');
    expect(shownReader(layout, data, [], 2, 'a')).toBeNull();
  });
});

describe('a sparkline', () => {
  const sample = (atMs: number, value: number) => {
    const row = new Float64Array(SAMPLE_HEADER_SIZE + SAMPLE_NODE_SIZE);
    row[0] = atMs;
    row[SAMPLE_HEADER_SIZE + 1] = value;
    return row;
  };

  it('needs two samples', () => {
    expect(sparkline([], 0, 'rate', true)).toBeNull();
    expect(sparkline([sample(0, 1)], 0, 'rate', true)).toBeNull();
  });

  it('looks 30 s back and ends at the right edge', () => {
    const samples = Array.from({ length: 100 }, (_unused, second) => sample(second * 1000, second));
    const line = sparkline(samples, 0, 'rate', true) ?? new Float64Array();
    expect(line.at(-2)).toBe(1);
    expect(line[0]).toBeCloseTo(0);
    expect(line[1]).toBeGreaterThan(line.at(-1) ?? 0);
    expect(Math.max(...line)).toBeLessThanOrEqual(1);
  });
});
