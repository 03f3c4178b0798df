import { assert } from './assert.ts';
import type { Columns } from './columns.ts';
import { exp, log } from './exact-math.ts';
import type { RandomStreams } from './random.ts';

/** A random amount >= 0 in any unit. `cv` is the coefficient of variation, `sd` the standard deviation. */
export type SamplerSpec =
  | { shape: 'constant'; mean: number }
  | { shape: 'exponential'; mean: number }
  | { shape: 'uniform'; min: number; max: number }
  | { shape: 'normal'; mean: number; sd: number }
  | { shape: 'log-normal'; mean: number; cv: number }
  | { shape: 'erlang'; mean: number; k: number }
  | { shape: 'pareto'; min: number; alpha: number }
  | { shape: 'empirical'; values: readonly number[] };

const CONSTANT = 0;
const EXPONENTIAL = 1;
const UNIFORM = 2;
const NORMAL = 3;
const LOG_NORMAL = 4;
const ERLANG = 5;
const PARETO = 6;
const EMPIRICAL = 7;

/** Parameters a sampler: two or three numbers that depend on the shape, then the factor of `scale`. */
const STRIDE = 4;
const FACTOR = 3;

/** Random amounts compiled to a code and three numbers each, so that a draw is one `switch` over flat arrays. */
export class Samplers {
  private readonly columns: Columns;
  private count = 0;
  private readonly shapes = new Uint8Array();
  private readonly parameters = new Float64Array();
  /** Values of the empirical ones, one after the other. */
  private readonly values = new Float64Array();
  private valueCount = 0;

  constructor(columns: Columns, capacity = 64) {
    this.columns = columns;
    columns.u8(this, 'shapes', capacity);
    columns.f64(this, 'parameters', capacity * STRIDE);
    columns.f64(this, 'values', 16);
    columns.scalars(this, ['count', 'valueCount']);
  }

  /** Compiles a distribution; the number returned stands for it from now on. */
  add(spec: SamplerSpec): number {
    const index = this.count;
    if (index === this.shapes.length) {
      this.columns.grow(this, 'shapes', index * 2);
      this.columns.grow(this, 'parameters', index * 2 * STRIDE);
    }
    this.count += 1;
    this.parameters[index * STRIDE + FACTOR] = 1;
    this.compile(index, spec);
    return index;
  }

  /** Puts another distribution in the place of one, from the next draw on; its scale stays. */
  replace(index: number, spec: SamplerSpec): void {
    assert(index >= 0 && index < this.count, 'only a sampler that was added can be replaced');
    this.compile(index, spec);
  }

  /** Multiplies every draw from now on; the factor replaces the one set before. */
  scale(index: number, factor: number): void {
    assert(factor >= 0 && factor < Infinity, 'a scale is a finite number >= 0');
    this.parameters[index * STRIDE + FACTOR] = factor;
  }

  /** One draw: a real number >= 0. */
  sample(index: number, streams: RandomStreams, stream: number): number {
    const parameters = this.parameters;
    const at = index << 2;
    const factor = parameters[at + FACTOR];
    switch (this.shapes[index]) {
      case CONSTANT:
        return parameters[at] * factor;
      case EXPONENTIAL:
        return parameters[at] * factor * streams.exponential(stream);
      case UNIFORM:
        return Math.max(0, parameters[at] + parameters[at + 1] * streams.uniform(stream)) * factor;
      case NORMAL:
        return Math.max(0, parameters[at] + parameters[at + 1] * streams.normal(stream)) * factor;
      case LOG_NORMAL:
        return exp(parameters[at] + parameters[at + 1] * streams.normal(stream)) * factor;
      case ERLANG: {
        let sum = 0;
        for (let i = parameters[at + 1]; i > 0; i--) sum += streams.exponential(stream);
        return sum * parameters[at] * factor;
      }
      case PARETO:
        // min u^(-1/alpha), with -log u drawn as an exponential.
        return parameters[at] * exp(streams.exponential(stream) * parameters[at + 1]) * factor;
      default:
        return this.values[parameters[at] + streams.below(stream, parameters[at + 1])] * factor;
    }
  }

  /** Expected value of a draw, after truncation and scale; Infinity for a Pareto with alpha <= 1. */
  mean(index: number): number {
    const at = index * STRIDE;
    const [a, b, c] = this.parameters.subarray(at, at + FACTOR);
    const factor = this.parameters[at + FACTOR];
    switch (this.shapes[index]) {
      case CONSTANT:
      case EXPONENTIAL:
        return a * factor;
      case UNIFORM:
        return meanOfTruncatedUniform(a, a + b) * factor;
      case NORMAL:
        return meanOfTruncatedNormal(a, b) * factor;
      case LOG_NORMAL:
        return exp(a + (b * b) / 2) * factor;
      case ERLANG:
        return a * b * factor;
      case PARETO:
        return c > 1 ? ((a * c) / (c - 1)) * factor : Infinity;
      default: {
        let sum = 0;
        for (let i = 0; i < b; i++) sum += this.values[a + i];
        return (sum / b) * factor;
      }
    }
  }

  private compile(index: number, spec: SamplerSpec): void {
    switch (spec.shape) {
      case 'constant':
        return this.set(index, CONSTANT, Math.max(0, spec.mean), 0, 0);
      case 'exponential':
        return this.set(index, EXPONENTIAL, spec.mean, 0, 0);
      case 'uniform':
        return this.set(index, UNIFORM, spec.min, spec.max - spec.min, 0);
      case 'normal':
        return this.set(index, NORMAL, spec.mean, spec.sd, 0);
      case 'log-normal': {
        if (spec.mean === 0) return this.set(index, CONSTANT, 0, 0, 0);
        const variance = log(1 + spec.cv * spec.cv);
        return this.set(index, LOG_NORMAL, log(spec.mean) - variance / 2, Math.sqrt(variance), 0);
      }
      case 'erlang':
        return this.set(index, ERLANG, spec.mean / spec.k, spec.k, 0);
      case 'pareto':
        return this.set(index, PARETO, spec.min, 1 / spec.alpha, spec.alpha);
      case 'empirical':
        return this.compileEmpirical(index, spec.values);
    }
  }

  /** Reuses the place of the values it replaces when they fit, so that live changes do not pile up. */
  private compileEmpirical(index: number, values: readonly number[]): void {
    assert(values.length > 0, 'an empirical distribution has at least one value');
    const at = index * STRIDE;
    const room = this.shapes[index] === EMPIRICAL ? this.parameters[at + 2] : 0;
    let start = this.parameters[at];
    if (room < values.length) {
      start = this.valueCount;
      const needed = start + values.length;
      if (needed > this.values.length) {
        this.columns.grow(this, 'values', Math.max(needed, this.values.length * 2));
      }
      this.valueCount = needed;
    }
    values.forEach((value, i) => (this.values[start + i] = Math.max(0, value)));
    this.set(index, EMPIRICAL, start, values.length, Math.max(room, values.length));
  }

  private set(index: number, shape: number, a: number, b: number, c: number): void {
    this.shapes[index] = shape;
    const at = index * STRIDE;
    this.parameters[at] = a;
    this.parameters[at + 1] = b;
    this.parameters[at + 2] = c;
  }
}

/** E max(0, X) for X uniform between two bounds. */
function meanOfTruncatedUniform(min: number, max: number): number {
  if (min >= 0 || max <= 0) return Math.max(0, (min + max) / 2);
  return (max * max) / (2 * (max - min));
}

/** E max(0, X) for a normal X: m Φ(m/s) + s φ(m/s). */
function meanOfTruncatedNormal(mean: number, sd: number): number {
  if (sd === 0) return Math.max(0, mean);
  const z = mean / sd;
  const density = 0.3989422804014327 * exp(-0.5 * z * z);
  return mean * normalBelow(z, density) + sd * density;
}

/** Φ(z) from the series z + z³/3 + z⁵/15 + ... times the density; beyond 8 it is 0 or 1 to the last bit that matters. */
function normalBelow(z: number, density: number): number {
  if (z > 8) return 1;
  if (z < -8) return 0;
  let term = z;
  let sum = z;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 + sum * density;
}
