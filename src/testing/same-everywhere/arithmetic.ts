import { Columns } from '../../lib/columns.ts';
import { exp, log, pow } from '../../lib/exact-math.ts';
import { RandomStreams } from '../../lib/random.ts';
import { Samplers, type SamplerSpec } from '../../lib/samplers.ts';
import { Zipf } from '../../lib/zipf.ts';

/** Named doubles, each of which must have the same bits everywhere. */
export type NamedDouble = readonly [name: string, value: number];

const ARGUMENTS = 12;
const DRAWS = 4;
const SHAPES: readonly SamplerSpec[] = [
  { shape: 'exponential', mean: 3 },
  { shape: 'uniform', min: 1, max: 7 },
  { shape: 'normal', mean: 5, sd: 2 },
  { shape: 'log-normal', mean: 4, cv: 1.5 },
  { shape: 'erlang', mean: 3, k: 3 },
  { shape: 'pareto', min: 1, alpha: 2.5 },
];

/**
 * Our own logarithm, exponential, power and draws at arguments that a seed chooses. Times are rounded to whole
 * microseconds, so a wrong last bit would seldom reach the hash of a run: here it is seen at once.
 */
export function ownArithmetic(seed: string): NamedDouble[] {
  const streams = new RandomStreams(new Columns(), 1);
  streams.seed(0, seed, 'arithmetic', 'draws');
  const samplers = new Samplers(new Columns());
  const values = argumentsOf(streams).flatMap(([x, y]): NamedDouble[] => [
    [`log(${x})`, log(x)],
    [`exp(${y})`, exp(y)],
    [`pow(${x}, ${y})`, pow(x, y)],
  ]);
  for (const spec of SHAPES) {
    const sampler = samplers.add(spec);
    for (let i = 0; i < DRAWS; i++) {
      values.push([`draw ${i} of ${spec.shape}`, samplers.sample(sampler, streams, 0)]);
    }
  }
  const zipf = new Zipf(1_000_000, 1.1);
  for (let i = 0; i < DRAWS; i++) values.push([`draw ${i} of Zipf`, zipf.sample(streams, 0)]);
  return values;
}

/**
 * The same functions as the engine has them itself. They differ between engines, which shows that the comparison of
 * our own could have seen a difference.
 */
export function nativeArithmetic(seed: string): NamedDouble[] {
  const streams = new RandomStreams(new Columns(), 1);
  streams.seed(0, seed, 'arithmetic', 'draws');
  return argumentsOf(streams).flatMap(([x, y]): NamedDouble[] => [
    [`Math.log(${x})`, Math.log(x)],
    [`Math.exp(${y})`, Math.exp(y)],
    [`Math.pow(${x}, ${y})`, Math.pow(x, y)],
  ]);
}

/** Positive numbers of all sizes, and exponents that keep their powers finite. */
function argumentsOf(streams: RandomStreams): [x: number, y: number][] {
  return Array.from({ length: ARGUMENTS }, (_, i) => {
    const scale = i % 2 === 0 ? 1 : 2 * streams.below(0, 1_000_000) + 1;
    return [streams.uniform53(0) * scale + Number.MIN_VALUE, 40 * streams.uniform53(0) - 20];
  });
}
