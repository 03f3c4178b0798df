// `npm run mutants [-- --only WORDS]`: puts each bug of scripts/mutant-list.mjs into the source, one at a time, runs
// the battery of checks on it, and writes docs/mutants.md: which check saw which bug. A bug that nobody sees fails.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { mutationPlugin, occurrences } from './mutation.mjs';
import { MUTANTS } from './mutant-list.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outDir = join(root, 'node_modules/.cache/spillway/mutants');
/** Longer than any battery that ends; a bug that makes the run go on for ever is seen by that. */
const BATTERY_MS = 240_000;
const UNIT_MS = 120_000;

/**
 * Which check sees a mutant, or null.
 * @param {import('./mutant-list.mjs').Mutant | null} mutant null for the code as it is
 * @param {{ unitTests?: boolean }} [options]
 * @returns {Promise<string | null>}
 */
export async function seenBy(mutant, { unitTests = true } = {}) {
  const name = `battery-${process.pid}.mjs`;
  await build({
    root,
    configFile: join(root, 'vite.cli.config.ts'),
    logLevel: 'error',
    plugins: mutant ? [mutationPlugin(root, mutant)] : [],
    build: {
      ssr: 'src/testing/mutants/battery.ts',
      outDir,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: name, banner: '' } },
    },
  });
  const bundle = join(outDir, name);
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [bundle], {
    cwd: root,
    encoding: 'utf8',
    timeout: BATTERY_MS,
    killSignal: 'SIGKILL',
  });
  rmSync(bundle, { force: true });
  if (error || status === null) return 'time limit: the run never ends';
  if (status === 1) return stdout.trim().split('\n').at(-1) ?? 'battery';
  if (status !== 0) throw new Error(`The battery broke: ${stderr}`);
  return mutant && unitTests ? seenByUnitTests(mutant) : null;
}

/**
 * The unit tests of a folder that fail with a mutant, or without any.
 * @param {number} place of the mutant in the list, -1 for none
 * @param {string} folder
 */
function failingUnitTests(place, folder) {
  const report = join(outDir, `unit-${process.pid}.json`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = [
    'run',
    '--testTimeout',
    '10000',
    '--config',
    'scripts/mutant-vitest.config.ts',
    '--reporter=json',
  ];
  const { error } = spawnSync(process.execPath, [vitest, ...options, `--outputFile=${report}`, folder], {
    cwd: root,
    env: { ...process.env, MUTANT: String(place) },
    timeout: UNIT_MS,
    killSignal: 'SIGKILL',
    stdio: 'ignore',
  });
  if (error) return ['time limit: a unit test never ends'];
  /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string, fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report, { force: true });
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const title = `unit test ${name.slice(root.length + 1)}`;
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [title] : [];
    return failed.map(({ fullName }) => `${title}: ${fullName}`);
  });
}

/** @type {Map<string, string[]>} */
const failingAnyway = new Map();

/** @param {import('./mutant-list.mjs').Mutant} mutant */
function seenByUnitTests(mutant) {
  const folder = mutant.file.split('/').slice(0, 2).join('/');
  const known = failingAnyway.get(folder) ?? failingUnitTests(-1, folder);
  failingAnyway.set(folder, known);
  const failing = failingUnitTests(MUTANTS.indexOf(mutant), folder);
  return failing.find((test) => !known.includes(test)) ?? null;
}

async function main() {
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? '' : process.argv[at + 1];
  const stale = MUTANTS.filter((mutant) => occurrences(root, mutant) !== 1);
  for (const { name, file } of stale) console.log(`STALE     ${name} (${file})`);
  await expectClean();
  const rows = [];
  for (const mutant of MUTANTS.filter(({ name }) => !stale.some((other) => other.name === name))) {
    if (!mutant.name.includes(only)) continue;
    const check = await seenBy(mutant);
    console.log(`${check === null ? 'SURVIVES ' : 'seen     '} ${mutant.name}: ${check ?? 'nobody sees it'}`);
    rows.push({ mutant, check });
  }
  // The source may have changed meanwhile; a table of what saw that would say nothing.
  await expectClean();
  const survivors = rows.filter(({ check }) => check === null);
  console.log(`\n${rows.length} mutants, ${survivors.length} survive, ${stale.length} are stale.`);
  if (only === '') writeFileSync(join(root, 'docs/mutants.md'), table(rows));
  process.exitCode = survivors.length + stale.length > 0 ? 1 : 0;
}

/** Without any mutant the battery must find nothing. */
async function expectClean() {
  const clean = await seenBy(null);
  if (clean !== null) throw new Error(`The battery fails without any mutant: ${clean}`);
}

/** @param {{ mutant: import('./mutant-list.mjs').Mutant, check: string | null }[]} rows */
function table(rows) {
  const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = rows.map(
    ({ mutant, check }) =>
      `| ${cell(mutant.name)} | \`${mutant.file}\` | ${cell(check ?? '**nobody**').slice(0, 160)} |`,
  );
  return [
    '# Bugs put in on purpose',
    '',
    'Written by `npm run mutants`. Each row is one bug of `scripts/mutant-list.mjs`, put into the source while the checks',
    'are bundled, and the first check that saw it: a law of `src/testing` (I… are invariants, M… metamorphic relations),',
    'a formula of queueing theory, or a unit test.',
    '',
    '| Bug | In | Seen by |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
