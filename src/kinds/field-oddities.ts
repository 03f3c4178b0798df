import type { Distribution, FieldDefinition } from '../design/fields.ts';
import type { Json, Problem } from '../design/types.ts';
import { Columns } from '../lib/columns.ts';
import { Samplers } from '../lib/samplers.ts';
import { writeBytes, writeDuration } from './quantities.ts';
import { formatFieldValue } from './validate-fields.ts';

/** What is odd about a value that is allowed. */
export interface Oddity {
  severity: Exclude<Problem['severity'], 'error'>;
  sentence: string;
}

/** Draws below 0 that move a mean by less than this share are not worth a word; by more than that, a warning. */
const WORTH_A_WORD = 0.0001;
const WORTH_A_WARNING = 0.01;

/** What will surprise about a valid value: a mean that is infinite, draws below 0 that become 0. Null for nothing. */
export function fieldOddity(field: FieldDefinition, value: Json): Oddity | null {
  if (field.value.type !== 'distribution') return null;
  const distribution = value as unknown as Distribution;
  if (distribution.shape === 'pareto') return infiniteMean(distribution.alpha);
  if (distribution.shape === 'normal') return truncation(field, distribution, distribution.mean);
  if (distribution.shape !== 'uniform' || distribution.min >= 0) return null;
  return truncation(field, distribution, (distribution.min + distribution.max) / 2);
}

/** Mean of what is really drawn, so with every draw below 0 taken as 0; Infinity where there is none. */
export function meanDraw(distribution: Distribution): number {
  const samplers = new Samplers(new Columns(), 1);
  return samplers.mean(samplers.add(distribution));
}

function infiniteMean(alpha: number): Oddity | null {
  if (alpha > 1) return null;
  const sentence = `Found alpha ${alpha}: a Pareto law with alpha of 1 or less has an infinite mean, so figures never settle.`;
  return { severity: 'warning', sentence };
}

function truncation(field: FieldDefinition, distribution: Distribution, asked: number): Oddity | null {
  const drawn = meanDraw(distribution);
  if (drawn === asked) return null;
  const moved = (drawn - asked) / drawn;
  if (moved < WORTH_A_WORD) return null;
  const isBytes = field.value.type === 'distribution' && field.value.unit === 'bytes';
  const show = (amount: number) => (isBytes ? writeBytes : writeDuration)(Number(amount.toPrecision(4)));
  const found = formatFieldValue(field, distribution as unknown as Json);
  const sentence = `Found ${found}: draws below 0 become 0, so the mean is ${show(drawn)}, not ${show(asked)}.`;
  return { severity: moved > WORTH_A_WARNING ? 'warning' : 'info', sentence };
}
