import type { Distribution, FieldDefinition, FieldType } from '../../../design/fields.ts';
import type { Json } from '../../../design/types.ts';

/** A parameter of a distribution as a field of its own. */
export interface Parameter {
  name: string;
  unit: string;
  definition: FieldDefinition;
}

/** Shapes in the order of the menu, the plain ones first. */
export const DISTRIBUTION_SHAPES: readonly { shape: Distribution['shape']; label: string; help: string }[] = [
  { shape: 'constant', label: 'constant', help: 'Always the same.' },
  { shape: 'exponential', label: 'exponential', help: 'Mostly short, sometimes long; no memory.' },
  { shape: 'uniform', label: 'uniform', help: 'Every value between two bounds equally often.' },
  { shape: 'normal', label: 'normal', help: 'Around a mean; below 0 is cut to 0.' },
  { shape: 'log-normal', label: 'log-normal', help: 'As service times mostly are: a hump and a long tail.' },
  { shape: 'erlang', label: 'erlang', help: 'A sum of k exponential stages: steadier the more there are.' },
  { shape: 'pareto', label: 'pareto', help: 'A heavy tail: rare values are very large.' },
  { shape: 'empirical', label: 'measured', help: 'Drawn from values that you measured.' },
];

/** The parameters of a shape, the one that says most first; none for measured values, which are a list. */
export function parametersOf(shape: Distribution['shape'], unit: 'ms' | 'bytes'): Parameter[] {
  const most = unit === 'ms' ? 86_400_000 : 1_000_000_000;
  const from = (least: number): FieldType =>
    unit === 'ms'
      ? { type: 'duration', min: least, max: most }
      : { type: 'number', min: least, max: most, unit: 'bytes' };
  const amount = from(0);
  const inBytes = unit === 'bytes' ? 'bytes' : '';
  const mean = parameter('mean', 'Mean', amount, inBytes);
  const min = parameter('min', 'Smallest', amount, inBytes);
  switch (shape) {
    case 'constant':
    case 'exponential':
      return [mean];
    case 'uniform':
      // As in a file: a range that was fitted to data may begin below 0. Such draws become 0, and a problem says so.
      return [
        parameter('min', 'Smallest', from(-most), inBytes),
        parameter('max', 'Largest', amount, inBytes),
      ];
    case 'normal':
      return [mean, parameter('sd', 'Standard deviation', amount, inBytes)];
    case 'log-normal':
      return [mean, parameter('cv', 'Variation', { type: 'number', min: 0, max: 100, unit: '' }, 'of mean')];
    case 'erlang':
      return [mean, parameter('k', 'Stages', { type: 'integer', min: 1, max: 1000, unit: '' }, 'stages')];
    case 'pareto':
      return [min, parameter('alpha', 'Tail', { type: 'number', min: 0.1, max: 100, unit: '' }, 'alpha')];
    case 'empirical':
      return [];
  }
}

/** The mean of a distribution, by which a change of shape keeps the load as it was. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.shape) {
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'pareto':
      return distribution.alpha > 1
        ? (distribution.min * distribution.alpha) / (distribution.alpha - 1)
        : distribution.min;
    case 'empirical':
      return (
        distribution.values.reduce((sum, value) => sum + value, 0) / Math.max(1, distribution.values.length)
      );
    default:
      return distribution.mean;
  }
}

/** Another shape with the same mean and a usual spread. */
export function withShape(from: Distribution, shape: Distribution['shape']): Distribution {
  const mean = Number(meanOf(from).toPrecision(6));
  switch (shape) {
    case 'constant':
    case 'exponential':
      return { shape, mean };
    case 'uniform':
      return { shape, min: mean / 2, max: mean * 1.5 };
    case 'normal':
      return { shape, mean, sd: mean / 4 };
    case 'log-normal':
      return { shape, mean, cv: 0.5 };
    case 'erlang':
      return { shape, mean, k: 2 };
    case 'pareto':
      return { shape, min: Number((mean / 3).toPrecision(6)), alpha: 1.5 };
    case 'empirical':
      return { shape, values: [mean] };
  }
}

/** A field's value as a distribution; what a broken file left there reads as a constant 0. */
export function asDistribution(value: Json): Distribution {
  const shape = value && typeof value === 'object' && !Array.isArray(value) ? value.shape : null;
  const known = DISTRIBUTION_SHAPES.some((option) => option.shape === shape);
  return known ? (value as unknown as Distribution) : { shape: 'constant', mean: 0 };
}

function parameter(name: string, label: string, value: FieldType, unit: string): Parameter {
  return {
    name,
    unit,
    definition: { name, label, help: '', value, default: 0, live: true },
  };
}
