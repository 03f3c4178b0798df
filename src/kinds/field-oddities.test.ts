import { describe, expect, it } from 'vitest';
import type { Distribution, FieldDefinition } from '../design/fields.ts';
import type { Json } from '../design/types.ts';
import { fieldOddity, meanDraw } from './field-oddities.ts';
import { validateFieldValue } from './validate-fields.ts';

const field = (unit: 'ms' | 'bytes'): FieldDefinition => ({
  name: 'f',
  label: 'F',
  help: '',
  value: { type: 'distribution', unit },
  default: 0,
  live: true,
});
const service = field('ms');
const size = field('bytes');

function said(definition: FieldDefinition, distribution: Distribution): string | null {
  const value = distribution as unknown as Json;
  expect(validateFieldValue(definition, value)).toBeNull();
  const odd = fieldOddity(definition, value);
  return odd && `${odd.severity}: ${odd.sentence}`;
}

describe('a distribution that surprises', () => {
  it.each<[FieldDefinition, Distribution, string | null]>([
    [
      service,
      { shape: 'pareto', min: 1, alpha: 1 },
      'warning: Found alpha 1: a Pareto law with alpha of 1 or less has an infinite mean, so figures never settle.',
    ],
    [service, { shape: 'pareto', min: 1, alpha: 1.1 }, null],
    [
      service,
      { shape: 'uniform', min: -5, max: 15 },
      'warning: Found uniform(-5 ms, 15 ms): draws below 0 become 0, so the mean is 5.625 ms, not 5 ms.',
    ],
    [
      size,
      { shape: 'uniform', min: -1000, max: 1000 },
      'warning: Found uniform(-1 kB, 1 kB): draws below 0 become 0, so the mean is 250 bytes, not 0 bytes.',
    ],
    [
      service,
      { shape: 'uniform', min: -1, max: 0 },
      'warning: Found uniform(-1 ms, 0 ms): draws below 0 become 0, so the mean is 0 ms, not -0.5 ms.',
    ],
    [
      service,
      { shape: 'normal', mean: 10, sd: 10 },
      'warning: Found normal(10 ms, sd 10 ms): draws below 0 become 0, so the mean is 10.83 ms, not 10 ms.',
    ],
    [
      service,
      { shape: 'normal', mean: 20, sd: 10 },
      'info: Found normal(20 ms, sd 10 ms): draws below 0 become 0, so the mean is 20.08 ms, not 20 ms.',
    ],
    [service, { shape: 'normal', mean: 0, sd: 5e-324 }, null],
    [service, { shape: 'normal', mean: 40, sd: 10 }, null],
    [service, { shape: 'normal', mean: 40, sd: 0 }, null],
    [service, { shape: 'normal', mean: 0, sd: 0 }, null],
    [service, { shape: 'uniform', min: 0, max: 0 }, null],
    [service, { shape: 'exponential', mean: 40 }, null],
  ])('is said with what it comes to, %#: $1', (definition, distribution, sentence) => {
    expect(said(definition, distribution)).toBe(sentence);
  });
});

it('The mean of what is drawn is that of the law where nothing is cut off, and infinite where it is so.', () => {
  expect(meanDraw({ shape: 'uniform', min: 1, max: 3 })).toBe(2);
  expect(meanDraw({ shape: 'empirical', values: Array.from({ length: 100 }, (_, i) => i) })).toBe(49.5);
  expect(meanDraw({ shape: 'pareto', min: 1, alpha: 0.5 })).toBe(Infinity);
});
