/** Shapes of message types, in the order of the design's list; a seventh type repeats the first as an outline. */
export const MESSAGE_SHAPES = ['circle', 'square', 'triangle', 'diamond', 'pentagon', 'cross'] as const;

/** What a dot can look like beyond the message types. */
export const LOOK_RETRY = 12;
export const LOOK_DEAD = 13;
export const LOOKS = 14;

/** Look of a message type by its place in the design's list, 0 to 11; -1 (unknown) looks like the first. */
export function messageLook(messageType: number): number {
  return messageType < 0 || !Number.isFinite(messageType) ? 0 : messageType % 12;
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
