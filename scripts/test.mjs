// `npm test`: every check of the project, one after another, cheapest first. Prints a line a step, stops at the first
// failure with that step's output, and ends with the count of unit and end-to-end tests on a line of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const UNIT_REPORT = 'test-results/unit.json';
const E2E_REPORT = 'test-results/e2e.json';

/** @type {{ script: string, args?: string[], report?: string, count?: (report: any) => Counts }[]} */
const STEPS = [
  { script: 'format:check' },
  { script: 'types' },
  { script: 'lint' },
  { script: 'layers' },
  { script: 'dead-code' },
  {
    script: 'unit',
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`],
    report: UNIT_REPORT,
    count: (report) => ({
      passed: report.numPassedTests,
      // A file that cannot be loaded fails without any test in it.
      failed: report.numFailedTests || (report.success ? 0 : 1),
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  },
  // One tenth of what `npm run fuzz` is to be given before a release; it must have seen all that its table lists.
  { script: 'fuzz', args: ['--designs', '2000', '--seed', '100000', '--jobs', '2'] },
  // A small part of the full run: 500 designs, 10 seeds, and engines that must be downloaded first.
  {
    script: 'same',
    args: ['--designs', '40', '--seeds', '2', '--events', '1000', '--engines', 'chromium,quickjs'],
  },
  { script: 'build' },
  {
    script: 'e2e',
    report: E2E_REPORT,
    count: ({ stats, errors }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + errors.length,
      skipped: stats.skipped,
    }),
  },
];

const total = { passed: 0, failed: 0 };
for (const step of STEPS) {
  if (!(await runStep(step))) {
    process.exitCode = 1;
    break;
  }
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);

/**
 * Runs one npm script, prints its line and adds its tests to the total.
 * @param {(typeof STEPS)[number]} step
 * @returns {Promise<boolean>} whether it passed
 */
async function runStep(step) {
  if (step.report) {
    mkdirSync(dirname(step.report), { recursive: true });
    rmSync(step.report, { force: true });
  }
  process.stdout.write(`${step.script.padEnd(13)}`);
  const startedAt = performance.now();
  const { code, output } = await runScript(step.script, step.args ?? []);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const counts = step.count && step.report ? readCounts(step.report, step.count) : null;
  const passed = code === 0 && (counts === null || counts.failed === 0);
  total.passed += counts?.passed ?? 0;
  // A step without tests of its own, or one that broke before it could count, is one failure.
  if (!passed) total.failed += Math.max(1, counts?.failed ?? 0);
  const skipped = counts?.skipped ? `, ${counts.skipped} skipped` : '';
  const tests = counts ? `   ${counts.passed} tests passed${skipped}` : '';
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s${tests}`);
  if (!passed) console.log(`\n${output.trim()}\n\nFailed: npm run ${step.script}`);
  return passed;
}

/**
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function runScript(script, args) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/**
 * @param {string} path
 * @param {(report: any) => Counts} count
 * @returns {Counts | null} null when the step ended before it wrote its report
 */
function readCounts(path, count) {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
