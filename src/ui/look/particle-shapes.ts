import type { MessageRole } from '../../design/types.ts';

/** Shapes of message types, in the order of the design's list; a seventh type repeats the first as an outline. */
export const MESSAGE_SHAPES = ['circle', 'square', 'triangle', 'diamond', 'pentagon', 'cross'] as const;
const SHAPES = MESSAGE_SHAPES.length;

/**
 * Looks of dots by number: 0 to 5 a filled shape, 6 to 11 an outlined one, 12 to 23 the same with a light centre, then
 * what is no message type.
 */
const OUTLINED = SHAPES;
const LIGHT_CENTRE = 2 * SHAPES;
export const LOOK_RETRY = 4 * SHAPES;
export const LOOK_DEAD = LOOK_RETRY + 1;

/**
 * Look of a message type by its place in the design's list, -1 for unknown: a seventh type repeats a shape as an
 * outline, a command has a light centre, a query is always an outline.
 */
export function messageLook(messageType: number, role: MessageRole = 'event'): number {
  const place = messageType < 0 || !Number.isFinite(messageType) ? 0 : messageType % (2 * SHAPES);
  if (role === 'query') return (place % SHAPES) + OUTLINED;
  return role === 'command' ? place + LIGHT_CENTRE : place;
}

/** How a look below `LOOK_RETRY` is drawn: its shape, from 0, which is also that of its colour, and its filling. */
export function lookParts(look: number): { shape: number; outlined: boolean; lightCentre: boolean } {
  return {
    shape: look % SHAPES,
    outlined: look % (2 * SHAPES) >= OUTLINED,
    lightCentre: look >= LIGHT_CENTRE,
  };
}

/** Outline of a shape around 0,0, about 9 wide: SVG path data that a canvas and an SVG both take. */
export const SHAPE_PATHS: Readonly<Record<(typeof MESSAGE_SHAPES)[number], string>> = {
  circle: 'M-4.6 0a4.6 4.6 0 1 1 9.2 0a4.6 4.6 0 1 1-9.2 0Z',
  square: 'M-4.2-3.2a1 1 0 0 1 1-1h6.4a1 1 0 0 1 1 1v6.4a1 1 0 0 1-1 1h-6.4a1 1 0 0 1-1-1Z',
  triangle: 'M-4.2-5 5.6 0-4.2 5Z',
  diamond: 'M0-5.4 5.4 0 0 5.4-5.4 0Z',
  pentagon: 'M0-5.1 4.9-1.5 3 4.2-3 4.2-4.9-1.5Z',
  cross: 'M-1.7-4.9h3.4v3.2h3.2v3.4h-3.2v3.2h-3.4v-3.2h-3.2v-3.4h3.2Z',
};

/** The × of a dead letter. */
export const DEAD_PATH = 'M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6';

/** Radius of the light centre of a command. */
export const CENTRE_RADIUS = 1.7;
