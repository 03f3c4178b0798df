// `npm run same [-- --designs N] [--seeds M] [--events K] [--engines a,b] [--write]`: the same runs in every JavaScript
// engine there is. A difference fails, and its first event is named. With --engines each of those named must be
// there; without it an engine that cannot be had is said and left out.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { runInThisContext } from 'node:vm';
import { bundleDriver, ENGINES } from './same-engines.mjs';

/**
 * @typedef {import('./same-engines.mjs').Engine} Engine
 * @typedef {import('../src/testing/same-everywhere/case-run.ts').SameCase} SameCase
 * @typedef {import('../src/testing/same-everywhere/driver.ts').CaseAnswer} CaseAnswer
 * @typedef {import('../src/testing/same-everywhere/driver.ts').CaseError} CaseError
 * @typedef {import('../src/testing/same-everywhere/first-difference.ts').Ask} Ask
 * @typedef {{ engine: Engine, answers: (CaseAnswer | CaseError)[], seconds: number }} Column
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Cases in one request: enough that starting an engine does not count. */
const BATCH = 250;
/** Engines at work at the same time. */
const SIDE_BY_SIDE = 2;
/** Cases told in full for each engine that differs. */
const MOST_TOLD = 3;

/**
 * Runs `designs` × `seeds` cases in all engines and compares them with the first.
 * @param {readonly Engine[]} engines
 * @param {{ designs: number, seeds: number, events: number }} size
 * @param {string} bundle
 * @param {(column: Column) => void} [onColumn] called when an engine is through
 * @returns {Promise<{ columns: Column[], differences: string[] }>}
 */
export async function compareEngines(engines, { designs, seeds, events }, bundle, onColumn = () => {}) {
  const [first] = engines;
  const designSeeds = await asker(first)({ ask: 'designs', from: 1, count: designs });
  const cases = designSeeds.flatMap((designSeed) =>
    // What the page shows is compared for one seed of each design: it takes longer than the run.
    Array.from({ length: seeds }, (_, i) => ({ designSeed, runSeed: i + 1, events, frame: i === 0 })),
  );
  /** @type {Column[]} */
  const columns = [];
  const waiting = [...engines.entries()];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [at, engine] = next;
      columns[at] = await answersOf(engine, cases);
      onColumn(columns[at]);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  const { firstDifference } = driverOf(bundle);
  const differences = broken(columns[0], cases);
  for (const other of columns.slice(1)) {
    const apart = cases.flatMap((_, i) => (print(columns[0], i) === print(other, i) ? [] : [i]));
    for (const i of apart.slice(0, MOST_TOLD)) {
      const asks = /** @type {const} */ ([asker(first), asker(other.engine)]);
      const told = await firstDifference(cases[i], asks, [columns[0].answers[i], other.answers[i]]);
      differences.push(`${nameOf(first)} | ${nameOf(other.engine)}, ${titleOf(cases[i])}. ${told}`);
    }
    const more = apart.length - MOST_TOLD;
    if (more > 0) differences.push(`${nameOf(other.engine)}: ${more} more cases differ.`);
  }
  return { columns, differences };
}

/**
 * A case that breaks is a failure even if it breaks in every engine.
 * @param {Column} column
 * @param {readonly SameCase[]} cases
 */
function broken({ engine, answers }, cases) {
  return cases.flatMap((of, i) => {
    const answer = answers[i];
    return 'error' in answer ? [`${nameOf(engine)}, ${titleOf(of)}: ${answer.error}`] : [];
  });
}

/**
 * @param {Engine} engine
 * @param {readonly SameCase[]} cases
 * @returns {Promise<Column>}
 */
async function answersOf(engine, cases) {
  const startedAt = performance.now();
  const ask = asker(engine);
  const answers = [];
  for (let from = 0; from < cases.length; from += BATCH) {
    answers.push(...(await ask({ ask: 'cases', cases: cases.slice(from, from + BATCH) })));
  }
  return { engine, answers, seconds: (performance.now() - startedAt) / 1000 };
}

/**
 * @param {Engine} engine
 * @returns {Ask}
 */
function asker(engine) {
  return async (request) => JSON.parse(await engine.answer(JSON.stringify(request)));
}

/**
 * Everything that must be the same of one case, as a text.
 * @param {Column} column
 * @param {number} at
 */
function print({ answers }, at) {
  return JSON.stringify({ ...answers[at], native: '' });
}

/** @param {Engine} engine */
function nameOf({ name, version }) {
  return `${name} ${version.split(' ')[0]}`;
}

/** @param {SameCase} of */
function titleOf({ designSeed, runSeed }) {
  return `design ${designSeed}, seed ${runSeed}`;
}

/**
 * @param {string} bundle
 * @returns {typeof import('../src/testing/same-everywhere/same-everywhere.ts')}
 */
function driverOf(bundle) {
  runInThisContext(bundle);
  return Reflect.get(globalThis, 'spillwaySame');
}

/** @param {readonly Column[]} columns */
function table(columns) {
  const head = ['engine', 'version', 'cases', 'events', 'hash of all hashes', 'Math as in Node', 'seconds'];
  const rows = columns.map((column) => {
    const { engine, answers, seconds } = column;
    const ran = answers.flatMap((answer) => ('error' in answer ? [] : [answer]));
    const alike = answers.filter((answer, i) => native(answer) === native(columns[0].answers[i]));
    const all = createHash('sha256').update(answers.map((_, i) => print(column, i)).join('\n'));
    return [
      engine.name,
      engine.version,
      ran.length,
      ran.reduce((sum, { events }) => sum + events, 0),
      all.digest('hex').slice(0, 16),
      `${Math.round((100 * alike.length) / answers.length)} %`,
      seconds.toFixed(0),
    ].map(String);
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const isNumber = (/** @type {number} */ i) => i === 2 || i === 3 || i > 4;
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (isNumber(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** @param {CaseAnswer | CaseError} answer */
function native(answer) {
  return 'error' in answer ? NaN : answer.native;
}

/**
 * @param {string} figures
 * @param {{ designs: number, seeds: number, events: number }} size
 * @param {readonly string[]} missing
 */
function page(figures, { designs, seeds, events }, missing) {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const at = commit.status === 0 ? ` (${commit.stdout.trim()})` : '';
  return `# The same everywhere

By \`npm run same -- --write\`${at}, ${process.platform} ${process.arch}.

${designs} random designs × ${seeds} seeds, each run for at most ${events} events with its faults and its edits while it runs, in
every engine at hand. Compared bit for bit: the hash of the run after 1, 2, 4, 8, … events and after the last, all
results, for one seed of each design the frame that the page would draw, and for each case a sample of our own
logarithm, exponential, power and draws.

${figures}
${missing.map((sentence) => `\n- ${sentence}`).join('')}
*Math as in Node* is the share of cases in which the engine's own \`Math.log\`, \`exp\` and \`pow\` give the bits of the
first engine at the very same arguments: why a run must not use them, and a proof that the comparison sees a wrong last
bit. Two engines run side by side, so the seconds are rough.

When two engines part, the run is narrowed down from the last checkpoint on which they agree to the first event that
differs; number, time, node and type of it are printed, and the command fails. \`npm test\` does the same with fewer
designs, and with an event that is late on purpose. The code is in \`src/testing/same-everywhere\`.
`;
}

async function main() {
  const { values } = parseArgs({
    options: {
      designs: { type: 'string', default: '500' },
      seeds: { type: 'string', default: '10' },
      events: { type: 'string', default: '3000' },
      engines: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const size = {
    designs: Number(values.designs),
    seeds: Number(values.seeds),
    events: Number(values.events),
  };
  const wanted = values.engines?.split(',');
  const unknown = wanted?.filter((name) => !(name in ENGINES)) ?? [];
  if (unknown.length > 0 || !Object.values(size).every((count) => Number.isInteger(count) && count > 0)) {
    const known = Object.keys(ENGINES).join(',');
    console.error(
      `Usage: npm run same -- [--designs N] [--seeds M] [--events K] [--engines ${known}] [--write]`,
    );
    return 2;
  }
  const bundle = await bundleDriver();
  const engines = [];
  const missing = [];
  for (const [name, open] of Object.entries(ENGINES)) {
    if (wanted && name !== 'node' && !wanted.includes(name)) continue;
    try {
      engines.push(await open(bundle));
    } catch (error) {
      const reason = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
      missing.push(`${name} was not available: ${reason.split('\n')[0]}`);
    }
  }
  try {
    const { columns, differences } = await compareEngines(engines, size, bundle, ({ engine, seconds }) =>
      console.error(`${nameOf(engine)}: ${seconds.toFixed(0)} s`),
    );
    const figures = table(columns);
    console.log(figures);
    for (const sentence of [...missing, ...differences]) console.log(`\n${sentence}`);
    const isIdle = engines.length < 2;
    if (isIdle) console.log('\nOne engine alone proves nothing.');
    const fails = differences.length > 0 || isIdle || (wanted !== undefined && missing.length > 0);
    if (!fails)
      console.log(`\n${columns[0].answers.length} cases are the same in ${columns.length} engines.`);
    if (values.write && !fails) {
      writeFileSync(join(root, 'docs/same-everywhere.md'), page(figures, size, missing));
    }
    return fails ? 1 : 0;
  } finally {
    for (const engine of engines) await engine.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
