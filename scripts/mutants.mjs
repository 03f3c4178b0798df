// `npm run mutants [-- --only WORDS --missing --share 1/2]`: puts each bug of scripts/mutant-list.mjs into the source, one at a
// time, runs the battery of checks on it, and writes docs/mutants.md: which check saw which bug. A bug that nobody sees
// fails. What saw a bug the last time is tried first. With an option only some are run, the other rows stay: those whose
// name has these words, those that nobody has seen yet, or one of so many equal shares, which may run side by side.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { mutationPlugin, occurrences } from './mutation.mjs';
import { MUTANTS } from './mutant-list.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outDir = join(root, 'node_modules/.cache/spillway/mutants');
const tablePath = join(root, 'docs/mutants.md');
/** Longer than any battery that ends; a bug that makes the run go on for ever is seen by that. */
const BATTERY_MS = 240_000;
const UNIT_MS = 400_000;

/**
 * Which check sees a mutant, or null.
 * @param {import('./mutant-list.mjs').Mutant | null} mutant null for the code as it is
 * @param {{ unitTests?: boolean, lastTime?: string }} [options] what saw it the last time is tried first
 * @returns {Promise<string | null>}
 */
export async function seenBy(mutant, { unitTests = true, lastTime = '' } = {}) {
  // The tests beside a bug take seconds, the battery more than a minute.
  const isOfBattery = lastTime !== '' && lastTime !== NOBODY && !lastTime.startsWith('unit test');
  if (mutant && unitTests && !isOfBattery) {
    const own = mutant.file.replace(/\.tsx?$/, '.test.ts');
    const beside = existsSync(join(root, own)) ? await seenIn(mutant, own) : null;
    const seen = beside ?? (await seenIn(mutant, dirname(mutant.file)));
    if (seen !== null) return seen;
  }
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
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [bundle, lastTime], {
    cwd: root,
    encoding: 'utf8',
    timeout: BATTERY_MS,
    killSignal: 'SIGKILL',
  });
  rmSync(bundle, { force: true });
  if (error || status === null) return 'time limit: the run never ends';
  if (status === 1) return stdout.trim().split('\n').at(-1) ?? 'battery';
  if (status !== 0) throw new Error(`The battery broke: ${stderr}`);
  if (!mutant || !unitTests) return null;
  // Then all tests of its layer, and the runs that the fuzzer once failed at.
  const layer = mutant.file.split('/').slice(0, 2).join('/');
  return (await seenIn(mutant, layer)) ?? seenIn(mutant, 'src/testing/fuzz/regressions.test.ts');
}

/**
 * Whether a program of Node ends in time; it and all that it started are ended if not, as one of its workers may go
 * round in circles.
 * @param {readonly string[]} words
 * @param {Record<string, string>} env beside that of this process
 * @param {number} ms
 * @returns {Promise<boolean>}
 */
function ends(words, env, ms) {
  const isWindows = process.platform === 'win32';
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: !isWindows,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (isWindows || child.pid === undefined) child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
      resolve(false);
    }, ms);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/**
 * The unit tests of a folder that fail with a mutant, or without any.
 * @param {number} place of the mutant in the list, -1 for none
 * @param {string} folder
 */
async function failingUnitTests(place, folder) {
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
  const words = [vitest, ...options, `--outputFile=${report}`, folder];
  if (!(await ends(words, { MUTANT: String(place) }, UNIT_MS))) return ['time limit: a unit test never ends'];
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

/**
 * The first unit test of a folder that sees a bug, or null.
 * @param {import('./mutant-list.mjs').Mutant} mutant
 * @param {string} folder
 */
async function seenIn(mutant, folder) {
  const known = failingAnyway.get(folder) ?? (await failingUnitTests(-1, folder));
  failingAnyway.set(folder, known);
  const failing = await failingUnitTests(MUTANTS.indexOf(mutant), folder);
  return failing.find((test) => !known.includes(test)) ?? null;
}

/**
 * The mutants that a run is to try.
 * @param {Map<string, string>} seen what saw each the last time
 * @param {{ only?: string, isMissing?: boolean, share?: string }} options `share` as `1/2`
 * @param {readonly import('./mutant-list.mjs').Mutant[]} [all]
 */
export function chosenMutants(seen, { only = '', isMissing = false, share = '1/1' }, all = MUTANTS) {
  const [part, parts] = /^(\d+)\/(\d+)$/u.exec(share)?.slice(1).map(Number) ?? [0, 0];
  if (part < 1 || part > parts) throw new RangeError(`--share is one of so many, as 1/2, not ${share}.`);
  const isKnown = (/** @type {string} */ name) => (seen.get(cell(name)) ?? NOBODY) !== NOBODY;
  // A share of all, so that it is the same one whatever another run has written meanwhile.
  return all
    .filter((_, at) => at % parts === part - 1)
    .filter(({ name }) => name.includes(only) && !(isMissing && isKnown(name)));
}

/**
 * Writes one row. Another run may write its own, so the table is read again, and only one writes at a time.
 * @param {string} name
 * @param {string} check
 */
function note(name, check) {
  const lock = join(outDir, 'table.lock');
  const isMine = () => {
    try {
      mkdirSync(lock);
      return true;
    } catch {
      return false;
    }
  };
  mkdirSync(outDir, { recursive: true });
  // Who holds it for longer was broken off.
  for (let left = 50; left > 0 && !isMine(); left--)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  writeFileSync(tablePath, table(lastTable().set(cell(name), cell(check).slice(0, 160))));
  rmSync(lock, { recursive: true, force: true });
}

async function main() {
  const option = (/** @type {string} */ name) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const seen = lastTable();
  const isMissing = process.argv.includes('--missing');
  const asked = chosenMutants(seen, { only: option('--only'), isMissing, share: option('--share') });
  const stale = MUTANTS.filter((mutant) => occurrences(root, mutant) !== 1);
  for (const { name, file } of stale) console.log(`STALE     ${name} (${file})`);
  await expectClean();
  const chosen = asked.filter((mutant) => !stale.includes(mutant));
  let survivors = 0;
  for (const mutant of chosen) {
    const check = await seenBy(mutant, { lastTime: seen.get(cell(mutant.name)) });
    if (check === null) survivors++;
    console.log(`${check === null ? 'SURVIVES ' : 'seen     '} ${mutant.name}: ${check ?? 'nobody sees it'}`);
    // Each time, so that a run that is broken off has not been for nothing.
    note(mutant.name, check ?? NOBODY);
  }
  // The source may have changed meanwhile; a table of what saw that would say nothing.
  await expectClean();
  console.log(`\n${chosen.length} mutants, ${survivors} survive, ${stale.length} are stale.`);
  process.exitCode = survivors + stale.length > 0 ? 1 : 0;
}

/** Without any mutant the battery must find nothing. */
async function expectClean() {
  const clean = await seenBy(null);
  if (clean !== null) throw new Error(`The battery fails without any mutant: ${clean}`);
}

const NOBODY = '**nobody**';
const NOT_RUN = 'not run yet';

/** @param {string} text as a cell of the table has it */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** What saw each bug by the table as it stands, by the name of the bug. */
function lastTable() {
  const text = existsSync(tablePath) ? readFileSync(tablePath, 'utf8') : '';
  const rows = [...text.matchAll(/^\| (.+?) \| `[^`]+` \| (.+) \|$/gmu)];
  return new Map(rows.flatMap(([, name, check]) => (check === NOT_RUN ? [] : [[name, check]])));
}

/** @param {Map<string, string>} seen */
function table(seen) {
  const lines = MUTANTS.map(
    ({ name, file }) => `| ${cell(name)} | \`${file}\` | ${seen.get(cell(name)) ?? NOT_RUN} |`,
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
