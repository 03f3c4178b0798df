// `npm run how-we-know`: holds the engine against queueing theory at full size, and writes docs/how-we-know.md with its
// plots. Ends with 1 if a figure is wrong. The same engine writes the same bytes on any machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { THEORY_LOADS, THEORY_MODELS } from '../src/testing/theory-cases.ts';
import {
  checkTheory,
  isRight,
  littleGap,
  lookTogether,
  type Finding,
  type TheorySize,
} from '../src/testing/theory-check.ts';
import { SLOW_STATION } from '../src/testing/theory-stations.ts';
import { howWeKnowPage } from './how-we-know-page.ts';
import { theoryPlots } from './theory-plots.ts';

/** A mean needs the more messages the fuller the servers are: asymptotic variances grow with (1 − ρ)⁻⁴. */
const SIZE: TheorySize = {
  replications: 30,
  messages: new Map([
    [0.3, 50_000],
    [0.5, 50_000],
    [0.7, 60_000],
    [0.8, 80_000],
    [0.9, 150_000],
    [0.95, 300_000],
  ]),
};

const MODELS = [...THEORY_MODELS, SLOW_STATION];

/** Sums of a hundred thousand doubles agree to more digits than this. */
const MOST_GAP = 1e-12;

interface Task {
  model: number;
  load: number;
}

if (isMainThread) await main();
else
  parentPort!.on('message', ({ model, load }: Task) => {
    parentPort!.postMessage(checkTheory(MODELS[model], load, SIZE, 'how we know'));
  });

async function main(): Promise<void> {
  const found = await findAll();
  const slow = found.filter(({ model }) => model === SLOW_STATION.name);
  const findings = found.filter((finding) => !slow.includes(finding));
  const look = lookTogether(findings);
  const gap = Math.max(littleGap(1, 100_000, [1, 2, 3]), littleGap(4, 100_000, [1, 2, 3]));
  mkdirSync('docs/images', { recursive: true });
  for (const { name, svg } of theoryPlots(findings)) writeFileSync(`docs/images/${name}.svg`, svg);
  writeFileSync('docs/how-we-know.md', howWeKnowPage({ findings, slow, gap }, SIZE));
  const { count, largest, squaresChance, distanceChance } = look;
  console.log(
    `${count} cases, greatest |z| ${Math.abs(largest.z).toFixed(2)} (${largest.model} at ${largest.load}); ` +
      `all together: sum of squares ${squaresChance.toFixed(3)}, Kolmogorov-Smirnov ${distanceChance.toFixed(3)}.`,
  );
  if (!isRight(findings) || isRight(slow) || gap > MOST_GAP) process.exitCode = 1;
}

/** All cases on as many threads as there are cores, the long ones first; which thread ran a case changes nothing. */
async function findAll(): Promise<Finding[]> {
  const tasks = THEORY_LOADS.flatMap((load) => MODELS.map((_, model) => ({ model, load })));
  const waiting = tasks.toReversed();
  const found: Finding[] = [];
  const work = async () => {
    // Not `new URL(…, import.meta.url)`: this program is bundled, and its thread is the bundle itself.
    const worker = new Worker(process.argv[1]);
    for (let task = waiting.shift(); task; task = waiting.shift()) found.push(...(await ask(worker, task)));
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const names = MODELS.map(({ name }) => name);
  // Stable: the figures of a case keep their order.
  return found.toSorted((a, b) => names.indexOf(a.model) - names.indexOf(b.model) || a.load - b.load);
}

function ask(worker: Worker, task: Task): Promise<Finding[]> {
  return new Promise((resolve, reject) => {
    worker.once('message', (findings: Finding[]) => {
      worker.off('error', reject);
      process.stderr.write(`${findings[0].model} at ${findings[0].load}\n`);
      resolve(findings);
    });
    worker.once('error', reject);
    worker.postMessage(task);
  });
}
