import type { Family } from '../../kinds/kind.ts';

/** Silhouette of a family's tile on a 28 grid: a path, and the width of the stroke that rounds its corners. */
export interface TileShape {
  path: string;
  stroke: number;
}

/** Pentagon, pill, rounded square, drum, hexagon, shield, circle: the family is known without its colour. */
export const TILE_SHAPES: Readonly<Record<Family, TileShape>> = {
  sources: {
    path: 'M6 2.5h11.2a4 4 0 0 1 3 1.4l6.2 7.5a4 4 0 0 1 0 5.2l-6.2 7.5a4 4 0 0 1-3 1.4H6A4 4 0 0 1 2 21.5v-15a4 4 0 0 1 4-4Z',
    stroke: 0,
  },
  channels: { path: 'M11 3h6a11 11 0 0 1 0 22h-6a11 11 0 0 1 0-22Z', stroke: 0 },
  processing: {
    path: 'M7.5 1.5h13a6 6 0 0 1 6 6v13a6 6 0 0 1-6 6h-13a6 6 0 0 1-6-6v-13a6 6 0 0 1 6-6Z',
    stroke: 0,
  },
  state: { path: 'M2 6C2 3.2 7.4 1 14 1s12 2.2 12 5v16c0 2.8-5.4 5-12 5S2 24.8 2 22Z', stroke: 0 },
  integration: { path: 'M8 3h12l6.5 11L20 25H8L1.5 14Z', stroke: 2.5 },
  reliability: {
    path: 'M14 1.5 25.5 5v9.5c0 6-5.5 10.5-11.5 12.5C8 25 2.5 20.5 2.5 14.5V5Z',
    stroke: 2,
  },
  observability: { path: 'M14 1a13 13 0 0 1 0 26a13 13 0 0 1 0-26Z', stroke: 0 },
};

/** Names of the families as the palette shows them, in palette order. */
export const FAMILY_NAMES: Readonly<Record<Family, string>> = {
  sources: 'Sources',
  channels: 'Channels',
  processing: 'Processing',
  state: 'State',
  integration: 'Integration',
  reliability: 'Reliability',
  observability: 'Observability',
};
