import { estimate, replicate } from '../src/simulation/replications.ts';
import { theoryCases } from '../src/testing/theory-cases.ts';
import { markdownTable } from './markdown-table.ts';

const REPLICATIONS = 30;
const CUSTOMERS = 200_000;
const WARM_UP = 10_000;

/**
 * Designs against queueing theory: 30 replications of 200,000 customers after a warm-up of 10,000. Each z should look
 * like a draw from the normal law; it is wrong if one lies beyond 4.
 */
export function theoryTable(): { text: string; isRight: boolean } {
  const seeds = Array.from({ length: REPLICATIONS }, (_, index) => `bench ${index}`);
  let isRight = true;
  const rows = theoryCases().map((theory) => {
    const results = replicate(theory.design, seeds, {
      untilMs: ((CUSTOMERS + WARM_UP) / theory.arrivalRate) * 1000,
      warmUpMs: (WARM_UP / theory.arrivalRate) * 1000,
    });
    const { mean, standardError, low, high } = estimate(results.map(theory.figure));
    const z = (mean - theory.exact) / standardError;
    if (!(Math.abs(z) < 4)) isRight = false;
    const holds = low <= theory.exact && theory.exact <= high;
    const figures = [theory.exact, mean, low, high].map((value) => value.toPrecision(5));
    return [theory.name, theory.what, ...figures, holds ? 'yes' : 'no', z.toFixed(2)];
  });
  const titles = ['case', 'figure', 'exact', 'mean', '95 % from', 'to', 'holds it', 'z'];
  const note = 'A 95 % interval misses one time in twenty by chance; beyond 4 in z nothing does.';
  return { text: `${markdownTable(titles, rows)}\n${note}\n`, isRight };
}
