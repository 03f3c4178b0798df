import { expect, it } from 'vitest';
import { queue } from '../../../kinds/queue/kind.ts';
import { FrameLayout, NODE } from '../../../simulation/frame/frame-layout.ts';
import { frameIndex } from './frame-index.ts';
import { Levels } from './levels.ts';
import type { Moment } from './paint.ts';
import { EMPTY_SCENE, type Scene } from './scene.ts';

const layout = new FrameLayout({
  nodes: [{ id: 'jobs', kind: 'queue' }],
  edges: [],
  topics: [],
  groups: [],
  guards: [],
});

const node = { id: 'jobs', kind: 'queue', name: 'jobs', fields: {} };
const scene: Scene = {
  ...EMPTY_SCENE,
  cards: [{ node, definition: queue, lanes: 0, x: 0, y: 0, width: 196, height: 68 }],
};

function momentWith(level: number, more: Partial<Moment> = {}): Moment {
  const data = new Float64Array(layout.size(0));
  data[layout.node(0) + NODE.level] = level;
  const none = {
    samples: [],
    faults: new Map(),
    crashed: new Set<string>(),
    down: new Set<string>(),
    troubles: new Map(),
    still: false,
  };
  return { scene, index: frameIndex(layout), data, ...none, ...more };
}

it('starts at the first reading and reaches the next one evenly in 120 ms', () => {
  const levels = new Levels();
  levels.read(momentWith(0.2));
  expect(levels.at(0)).toBe(0.2);
  levels.read(momentWith(0.8));
  expect(levels.glide(60)).toBe(true);
  expect(levels.at(0)).toBeCloseTo(0.5);
  expect(levels.glide(60)).toBe(false);
  expect(levels.at(0)).toBe(0.8);
  expect(levels.glide(60)).toBe(false);
});

it('goes on from where it stood when cards move', () => {
  const levels = new Levels();
  levels.read(momentWith(0.4));
  const moved = { ...scene, cards: scene.cards.map((card) => ({ ...card, x: 8 })) };
  levels.read(momentWith(1, { scene: moved }));
  expect(levels.at(0)).toBe(0.4);
  levels.glide(500);
  expect(levels.at(0)).toBe(1);
});

it('does not glide where motion is unwanted', () => {
  const levels = new Levels();
  levels.read(momentWith(0.2));
  levels.read(momentWith(0.8, { still: true }));
  expect(levels.at(0)).toBe(0.8);
});
