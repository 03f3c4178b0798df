import { exp, log } from './exact-math.ts';

/**
 * Tables of a ziggurat of 256 layers of equal area under a falling density (Marsaglia and Tsang, 2000). Layer i
 * spans x from 0 to `x[i + 1]`; all of it left of `edge[i] = x[i]` lies under the density. Layer 255 is the base,
 * widened so that its area counts the tail beyond `tail`.
 */
export interface Ziggurat {
  /** Width of layer i over the number of values of the integer draw. */
  readonly width: Float64Array;
  readonly edge: Float64Array;
  /** Density at `edge[i]`, and at the tail's start for i = 255. */
  readonly height: Float64Array;
  readonly tail: number;
}

const LAYERS = 256;

function buildZiggurat(
  tail: number,
  area: number,
  range: number,
  density: (x: number) => number,
  inverse: (y: number) => number,
): Ziggurat {
  const width = new Float64Array(LAYERS);
  const edge = new Float64Array(LAYERS);
  const height = new Float64Array(LAYERS);
  edge[LAYERS - 1] = tail;
  width[LAYERS - 1] = area / density(tail) / range;
  for (let i = LAYERS - 2; i >= 0; i--) {
    edge[i] = i === 0 ? 0 : inverse(area / edge[i + 1] + density(edge[i + 1]));
    width[i] = edge[i + 1] / range;
  }
  for (let i = 0; i < LAYERS; i++) height[i] = density(edge[i]);
  return { width, edge, height, tail };
}

const EXPONENTIAL_TAIL = 7.69711747013104972;

/** Density e^-x, for an unsigned 32-bit draw. The tail has area e^-tail, beside the base's tail times e^-tail. */
export const EXPONENTIAL = buildZiggurat(
  EXPONENTIAL_TAIL,
  (EXPONENTIAL_TAIL + 1) * exp(-EXPONENTIAL_TAIL),
  4294967296,
  (x) => exp(-x),
  (y) => -log(y),
);

/** Density e^(-x²/2) for x >= 0, for a signed 32-bit draw; tail and area as published, they close at 0. */
export const NORMAL = buildZiggurat(
  3.6541528853610088,
  0.00492867323397465524494,
  2147483648,
  (x) => exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * log(y)),
);
