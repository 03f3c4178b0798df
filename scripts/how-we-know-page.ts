import { THEORY_MODELS } from '../src/testing/theory-cases.ts';
import { lookTogether, MOST_Z, type Finding, type TheorySize } from '../src/testing/theory-check.ts';
import { markdownTable } from '../bench/markdown-table.ts';

/** Everything that the page tells of. */
export interface Measured {
  findings: readonly Finding[];
  /** Of a station that is one percent slower than theory is told. */
  slow: readonly Finding[];
  /** How far Little's law is from holding exactly, as a share. */
  gap: number;
}

/** The page docs/how-we-know.md: what theory says, what was measured, what was out of the ordinary. */
export function howWeKnowPage({ findings, slow, gap }: Measured, size: TheorySize): string {
  const others = findings.filter(({ isFirst, readWithin }) => !isFirst && readWithin === 0);
  return `${[
    INTRODUCTION,
    '![Mean wait against load](images/theory-wait.svg)',
    sizes(size),
    '## What theory says',
    models(),
    THEORY_NOTES,
    '## All together',
    together(findings),
    '![Standard errors of every case](images/theory-z.svg)',
    outside(findings),
    '![Difference in percent](images/theory-error.svg)',
    '## Case by case',
    TABLE_NOTE,
    table(findings.filter(({ isFirst }) => isFirst)),
    '![Networks, loss and dead letters](images/theory-networks.svg)',
    '## More than means',
    percentiles(findings),
    '![Percentiles](images/theory-percentiles.svg)',
    little(gap),
    `<details>\n<summary>All other figures</summary>\n\n${table(others)}\n\n</details>`,
    '## Would it notice?',
    notice(slow),
    AGAIN,
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# How we know

<!-- Written by npm run how-we-know. -->

A simulation that looks right may be wrong by a factor. For a few systems mathematics gives the answer exactly: how long a message waits, how many are lost, how often one is tried. We draw those systems as designs, run them as you run yours, through the same compiler, kinds and results, and compare.`;

function sizes({ replications, messages }: TheorySize): string {
  const counts = [...messages].map(([load, count]) => `${count.toLocaleString('en')} at ${load}`).join(', ');
  return `Every model runs at ${messages.size} loads. A load of 0.9 means that the workers are busy 90 % of the time. At each load there are ${replications} independent runs, with messages from outside after the warm-up: ${counts}. Full servers need more messages, since long queues change slowly. Seeds are the names of the cases and were fixed before anything was measured.`;
}

function models(): string {
  const rows = THEORY_MODELS.map(({ name, builtAs, says }) => `| ${name} | ${builtAs} | ${says} |`);
  return ['| model | as a design | theory |', '| --- | --- | --- |', ...rows].join('\n');
}

const THEORY_NOTES = `Here ρ is the load, λ the arrivals a second, s the mean service time (1 s in most designs) and cv the standard deviation of the service divided by its mean. Arrivals are Poisson.

Two designs deserve a word.

- **Erlang B** is about servers without any queue. A queue in Spillway has one place at least, so the pure case cannot be drawn. With one place, a message that is let in finds all four workers busy exactly as often as Erlang’s formula says, since cutting states off the end of a birth and death chain keeps the ratios of the rest. It then waits for the first of four to finish. So the mean wait, times four, divided by the service time, is Erlang’s B.
- **Retries later** lets returned messages go first, which theory does not ask for. It makes no difference to means: messages that are alike in all that is to come can change places.`;

function together(findings: readonly Finding[]): string {
  const look = lookTogether(findings);
  const { count, squares, squaresChance, distance, distanceChance, held, largest } = look;
  const expected = Math.round(count * 0.95);
  return `One case proves little: it may be off by chance, or right by chance. So each case has one figure that is judged with all others. The z of a figure is its distance from theory in standard errors (Student’s t of ${largest.measured.count} runs, turned into a normal draw). If the engine is right, the ${count} values of z are independent draws from the normal law.

| question | found | if the engine is right |
| --- | --- | --- |
| How large is the greatest? | ${signed(largest.z)} (${largest.model} at ${largest.load}) | below ${MOST_Z}; one in 16,000 is beyond |
| How large are they all? | sum of squares ${squares.toFixed(1)} for ${count} draws | ${chance(squaresChance)} as much or more |
| Do they lie as they should? | Kolmogorov-Smirnov distance ${distance.toFixed(3)} | ${chance(distanceChance)} as far or farther |
| How many 95 % intervals hold the exact figure? | ${held} of ${count} | about ${expected} |`;
}

/** What a reader should know of the cases that stand out; nothing is left out for looking bad. */
function outside(findings: readonly Finding[]): string {
  const far = findings.filter(({ z }) => Math.abs(z) >= MOST_Z);
  const missed = findings.filter(
    ({ isFirst, measured, exact }) => isFirst && !(measured.low <= exact && exact <= measured.high),
  );
  const most = Math.max(...findings.map(({ z }) => Math.abs(z))).toFixed(2);
  const wrong =
    far.length === 0
      ? `None of the ${findings.length} figures of this page is ${MOST_Z} standard errors off; the farthest is ${most}.`
      : `**Off by ${MOST_Z} standard errors or more**: ${far.map(named).join('; ')}.`;
  const misses =
    missed.length === 0
      ? 'Every 95 % interval of the first figures holds the exact one.'
      : `Outside their 95 % interval, as one in twenty must be: ${missed.map(named).join('; ')}.`;
  return `${wrong} ${misses}`;
}

function named({ model, load, what, z }: Finding): string {
  return `${model} at ${load} (${what.replace(/, s$/, '')}, z ${signed(z)})`;
}

const TABLE_NOTE =
  'The first figure of each case, which is the one judged above. ± is half the width of the 95 % interval.';

function table(findings: readonly Finding[]): string {
  const rows = findings.map(({ model, what, load, exact, measured, z }) => {
    const half = measured.high - measured.mean;
    // As many decimals as the interval has two digits.
    const decimals = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(half))));
    return [
      model,
      what,
      String(load),
      ...[exact, measured.mean, half].map((v) => v.toFixed(decimals)),
      signed(z),
    ];
  });
  return markdownTable(['model', 'figure', 'load', 'exact', 'measured', '±', 'z'], rows).trimEnd();
}

function percentiles(findings: readonly Finding[]): string {
  const read = findings.filter(({ readWithin }) => readWithin > 0);
  const rows = read.map(({ model, what, load, exact, measured }) => {
    const percent = (value: number) => `${signed((value / exact) * 100)} %`;
    const figures = [exact, measured.mean].map((value) => value.toPrecision(4));
    const half = percent(measured.high - measured.mean);
    return [model, what, String(load), ...figures, percent(measured.mean - exact), half];
  });
  const titles = ['model', 'figure', 'load', 'exact', 'measured', 'difference', '±'];
  return `The time that a message spends in M/M/1 is exponential, and in three such stations in a row it is a sum of three independent exponential times. So their percentiles are known as well. They are read from a histogram whose buckets may be off by ${read[0].readWithin * 100} %, so a difference counts only beyond that.

<details>
<summary>The ${read.length} percentiles</summary>

${markdownTable(titles, rows).trimEnd()}

</details>`;
}

function little(gap: number): string {
  const differ =
    gap === 0
      ? 'do not differ at all'
      : `differ by ${gap.toExponential(0)} of their value at most, which is rounding`;
  return `Little’s law needs no statistics. Once all messages have left, the integral of the number waiting over time is the sum of all waits, and the busy time is the sum of all services. With one worker and with four, 100,000 messages each and three seeds, the two sides ${differ}.`;
}

function notice(slow: readonly Finding[]): string {
  const first = slow.filter(({ isFirst }) => isFirst);
  const row = (name: string, cells: readonly string[]) => `| ${[name, ...cells].join(' | ')} |`;
  return `A comparison that cannot fail proves nothing. So the script also runs M/M/1 with service times of 1.01 s, and tells theory that they are 1 s. It fails if that looks right.

${row(
  'load',
  first.map(({ load }) => String(load)),
)}
${row(
  '---',
  first.map(() => '---:'),
)}
${row(
  'z of the mean wait',
  first.map(({ z }) => signed(z)),
)}`;
}

const AGAIN = `## What this does not show

Theory knows only simple systems: nothing with backpressure, rebalancing, hot partitions or faults. Those are held by laws that must be true in every run (nothing is lost, nothing is done twice unless said), by relations between runs, and by mutants of the engine that must be caught. The service of M/LN/1 has rare long times, so its means settle slowest, and their intervals are the widest.

## Run it again

\`\`\`
npm run how-we-know
\`\`\`

This takes some minutes, writes this page and its plots, and fails if a figure is ${MOST_Z} standard errors off or if all together look unlike chance. The same version writes the same figures on any machine. A smaller set with other seeds is part of \`npm test\`.

The formulas are in [closed-forms.ts](../src/testing/closed-forms.ts), the designs in [theory-stations.ts](../src/testing/theory-stations.ts) and [theory-networks.ts](../src/testing/theory-networks.ts).`;

function signed(z: number): string {
  return (z < 0 ? '−' : '') + Math.abs(z).toFixed(2);
}

function chance(share: number): string {
  return `a chance of ${share < 0.001 ? 'less than 0.1' : (share * 100).toFixed(share < 0.1 ? 1 : 0)} % to be`;
}
