import type { Design, Problem } from '../../design/types.ts';
import { compile, type CompileOptions } from '../compile.ts';
import type { RunResults } from './results.ts';

/** A figure estimated from independent replications. */
export interface Estimate {
  count: number;
  mean: number;
  standardError: number;
  /** 95 % confidence interval, by Student's t. */
  low: number;
  high: number;
}

/**
 * Runs a design once for each seed and returns the results in the same order. Throws if the design has errors,
 * with their sentences.
 */
export function replicate(
  design: Design,
  seeds: readonly (number | string)[],
  options: Omit<CompileOptions, 'seed' | 'observe'> = {},
): RunResults[] {
  return seeds.map((seed) => {
    const { run, problems } = compile(design, { ...options, seed, observe: false });
    if (!run) throw new Error(errorsOf(problems));
    while (!run.done) run.advance(run.horizonMs, Infinity);
    if (run.stoppedBy) throw new Error(run.stoppedBy.message);
    return run.results();
  });
}

/** Mean and 95 % interval of a figure over replications, of which there must be two or more. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const standardError = Math.sqrt(squares / (count - 1) / count);
  const half = studentT(count - 1) * standardError;
  return { count, mean, standardError, low: mean - half, high: mean + half };
}

/** The 0.975 quantile of Student's t with 1, 2, … degrees of freedom. */
const STUDENT_T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL = 1.95996;

/** Beyond the table by the first two terms of Cornish and Fisher's expansion, right to three digits. */
function studentT(degrees: number): number {
  if (degrees <= STUDENT_T.length) return STUDENT_T[degrees - 1];
  return NORMAL + (NORMAL * NORMAL * NORMAL + NORMAL) / (4 * degrees);
}

function errorsOf(problems: readonly Problem[]): string {
  return problems.flatMap(({ severity, message }) => (severity === 'error' ? [message] : [])).join(' ');
}
