import { THEORY_MODELS } from '../src/testing/theory-cases.ts';
import { checkTheory, isRight, type TheorySize } from '../src/testing/theory-check.ts';
import { markdownTable } from './markdown-table.ts';

const LOADS = [0.5, 0.8];
const SIZE: TheorySize = { replications: 30, messages: new Map(LOADS.map((load) => [load, 20_000])) };

/** One figure of each model at two loads, against queueing theory; `npm run how-we-know` has all of them at full size. */
export function theoryTable(): { text: string; isRight: boolean } {
  const findings = THEORY_MODELS.flatMap((model) =>
    LOADS.flatMap((load) => checkTheory(model, load, SIZE, 'bench')),
  );
  const rows = findings
    .filter(({ isFirst }) => isFirst)
    .map(({ model, load, what, exact, measured, z }) => {
      const figures = [exact, measured.mean, measured.high - measured.mean].map((value) =>
        value.toPrecision(4),
      );
      return [`${model} at ${load}`, what, ...figures, z.toFixed(2)];
    });
  const titles = ['case', 'figure', 'exact', 'measured', '± (95 %)', 'z'];
  const note = 'More loads, figures and messages: [How we know](../docs/how-we-know.md).';
  return { text: `${markdownTable(titles, rows)}\n${note}\n`, isRight: isRight(findings) };
}
