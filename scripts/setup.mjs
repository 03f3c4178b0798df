// Run before `npm start` and `npm test`: brings a fresh machine to the point where both work, and costs a few
// milliseconds on a machine that is ready. Only Node's own modules may be used here: node_modules may be absent.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './find-chromium.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, 'node_modules', '.spillway-setup');

checkNode();
installPackages();
if (process.argv.includes('--browser')) installBrowser();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  stop(
    `Spillway needs Node 20.19 or newer in the 20 line, or 22.12 and newer; this is Node ${process.versions.node}.\n` +
      'Install the current LTS from https://nodejs.org (or with your version manager) and run the command again.',
  );
}

/** Installs exactly what package-lock.json names, unless that was done before on this platform and Node. */
function installPackages() {
  const stamp = currentStamp();
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  console.log('Installing packages (once; takes about a minute) …');
  // --include=dev: a machine with NODE_ENV=production would otherwise leave out the build tools.
  const done = run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (!done.ok) {
    stop(
      `npm ci failed:\n\n${done.output}\n\nCheck the connection to your npm registry and run the command again.`,
    );
  }
  writeFileSync(stampPath, stamp);
}

/** What installed packages depend on: the lock file, the platform (native binaries) and Node's major version. */
function currentStamp() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.node.split('.')[0]}`)
    .digest('hex');
}

/** Finds a Chromium for the end-to-end tests or installs one. */
function installBrowser() {
  if (hasBrowser()) return;
  console.log('No Chromium found; installing one (once) …');
  const attempts = onDebianAsRoot() ? [installWithApt, installWithPlaywright] : [installWithPlaywright];
  const reasons = [];
  for (const attempt of attempts) {
    const reason = attempt();
    if (reason === null && hasBrowser()) return;
    reasons.push(reason ?? 'It was installed, but cannot be found.');
  }
  stop(
    `Chromium could not be installed:\n\n${reasons.join('\n\n')}\n\n` +
      'Install it by hand (Debian and Ubuntu: sudo apt-get install chromium; others: npx playwright install chromium),\n' +
      'or set CHROMIUM_PATH to the program of an installed Chromium or Chrome, and run npm test again.',
  );
}

function hasBrowser() {
  try {
    if (findChromium() !== null) return true;
  } catch (error) {
    stop(error instanceof Error ? error.message : String(error));
  }
  const program = downloadedBrowser();
  return program !== null && existsSync(program);
}

/** Where Playwright keeps the browser that it downloads. */
function downloadedBrowser() {
  const ask = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
  const answer = run(process.execPath, ['-e', ask]);
  return answer.ok ? answer.output.trim() : null;
}

function onDebianAsRoot() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** @returns {string | null} why it failed, or null */
function installWithApt() {
  // The index of a fresh image is often missing or old; if only the update fails, the install may still work.
  const updated = run('apt-get', ['update', '-qq']);
  // A bare image has no fonts either, and a page without letters fails tests for no reason of ours.
  const packages = ['chromium', 'fonts-liberation'];
  const installed = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
  return installed.ok ? null : `apt-get: ${updated.ok ? installed.output : updated.output}`;
}

/** @returns {string | null} why it failed, or null */
function installWithPlaywright() {
  const installed = run('npx', ['playwright', 'install', 'chromium']);
  return installed.ok ? null : `npx playwright install chromium: ${installed.output}`;
}

/**
 * Runs a program quietly and keeps what it said.
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function run(program, args, env = {}) {
  const done = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    // npm and npx are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32' && program !== process.execPath,
  });
  const output = done.error ? done.error.message : `${done.stdout}${done.stderr}`;
  return { ok: done.status === 0, output };
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}
