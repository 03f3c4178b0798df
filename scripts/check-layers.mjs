// `npm run layers`: first plants one violation of each rule in a temporary folder and sees it caught, because a guard
// that reads nothing and exits green is worse than none; then checks src.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEEPEST, layerRules } from './layer-rules.mjs';
import { LAYERS } from './layers.mjs';

/** @typedef {{ filename: string, code: string, message: string, help?: string, labels?: { span: { line: number } }[] }} Diagnostic */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });

/** Files that break one rule each, and the rule; a file without a rule is a control and must pass. */
const PLANTED = [
  ['src/lib/upward.ts', "import { x } from '../engine/x.ts';\nexport const y = x;", 'no-restricted-imports'],
  ['src/lib/package.ts', "import { z } from 'zod';\nexport const y = z;", 'no-restricted-imports'],
  [
    'src/lib/platform.ts',
    "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;",
    'no-restricted-imports',
  ],
  [
    'src/lib/for-tests.ts',
    "import { x } from '../testing/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  ['src/engine/re-export.ts', "export { x } from '../kinds/x.ts';", 'no-restricted-imports'],
  [
    'src/kinds/queue/other-kind.ts',
    "import { x } from '../topic/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  [
    'src/kinds/shared/one-kind.ts',
    "import { x } from '../topic/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  [
    'src/gallery/value.ts',
    "import { x } from '../design/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  [
    'src/ui/app/value.ts',
    "import { x } from '../../simulation/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  [
    'src/ui/a/b/c/deep.ts',
    "import { x } from '../../../../cli/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  ['src/ui/canvas/chart.ts', "import U from 'uplot';\nexport const y = U;", 'no-restricted-imports'],
  ['src/ui/charts/flow.ts', "import '@xyflow/react/dist/style.css';", 'no-restricted-imports'],
  [
    'src/ui/app/flow.ts',
    "import { Handle } from '@xyflow/react';\nexport const y = Handle;",
    'no-restricted-imports',
  ],
  [
    'src/ui/app/outside.ts',
    "import { x } from '../../../scripts/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  [
    'src/design/property.test.ts',
    "import { fc } from '@fast-check/vitest';\nexport const y = fc;",
    'no-restricted-imports',
  ],
  [
    'src/lib/upward.test.ts',
    "import { x } from '../store/x.ts';\nexport const y = x;",
    'no-restricted-imports',
  ],
  ['src/lib/ring-a.ts', "import { b } from './ring-b.ts';\nexport const a = () => b;", 'no-cycle'],
  ['src/engine/clock.ts', 'export const now = () => Date.now();', 'no-restricted-globals'],
  ['src/kinds/queue/chance.ts', 'export const draw = () => Math.random();', 'no-restricted-properties'],
  ['src/simulation/power.ts', 'export const y = (x: number) => Math.pow(x, 2);', 'no-restricted-properties'],
  ['src/design/locale.ts', 'export const y = (x: number) => x.toLocaleString();', 'no-restricted-properties'],

  ['src/lib/ring-b.ts', "import { a } from './ring-a.ts';\nexport const b = () => a;", 'no-cycle'],
  ['src/engine/x.ts', 'export const x = 1;', null],
  ['src/kinds/x.ts', 'export const x = 1;', null],
  ['src/kinds/topic/x.ts', "import { x as one } from '../x.ts';\nexport const x = one;", null],
  [
    'src/kinds/queue/behavior.ts',
    "import { s } from '../shared/s.ts';\nimport { x } from '../../engine/x.ts';\nexport const y = s + x;",
    null,
  ],
  ['src/kinds/shared/s.ts', 'export const s = 1;', null],
  ['src/design/x.ts', 'export interface X { x: 1 }\nexport const x = 1;', null],
  ['src/gallery/types.ts', "import type { X } from '../design/x.ts';\nexport const y: X = { x: 1 };", null],
  ['src/simulation/x.ts', 'export interface X { x: 1 }\nexport const x = 1;', null],
  ['src/simulation/frame/frame-layout.ts', 'export const HEADER = 1;', null],
  [
    'src/ui/app/layout.ts',
    "import { HEADER } from '../../simulation/frame/frame-layout.ts';\nexport const y = HEADER;",
    null,
  ],
  [
    'src/ui/app/types.ts',
    "import type { X } from '../../simulation/x.ts';\nexport const y: X = { x: 1 };",
    null,
  ],
  ['src/ui/canvas/flow.ts', "import { Handle } from '@xyflow/react';\nexport const y = Handle;", null],
  ['src/ui/charts/chart.ts', "import U from 'uplot';\nexport const y = U;", null],
  ['src/ui/store/inner.ts', 'export const x = 1;', null],
  ['src/cli/platform.ts', "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;", null],
  [
    'src/engine/time.test.ts',
    "import { x } from '../testing/x.ts';\nexport const y = x + Math.exp(performance.now());",
    null,
  ],
  [
    'src/testing/x.ts',
    "import { x as one } from '../simulation/x.ts';\nexport const x = Math.exp(one);",
    null,
  ],
];

const missed = provePlantedAreCaught();
if (missed.length > 0) {
  console.error(`The layer check does not work:\n${missed.join('\n')}`);
  process.exit(1);
}
const found = [...lint(root), ...unknownPlaces()];
for (const { filename, message, help, labels } of found) {
  console.error(`${filename}:${labels?.[0]?.span.line ?? 1}: ${help ?? ''} (${message})`);
}
console.log(`${PLANTED.length} planted files judged rightly; ${found.length} violations in src.`);
if (found.length > 0) process.exit(1);

/** @returns {string[]} a sentence for each planted file that was not judged as it should be */
function provePlantedAreCaught() {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-layers-'));
  try {
    for (const [path, text] of PLANTED) {
      mkdirSync(dirname(join(folder, String(path))), { recursive: true });
      writeFileSync(join(folder, String(path)), `${text}\n`);
    }
    const codes = new Map();
    for (const { filename, code } of lint(folder))
      codes.set(filename, [...(codes.get(filename) ?? []), code]);
    return PLANTED.flatMap(([path, , rule]) => {
      const got = codes.get(path) ?? [];
      const right = rule === null ? got.length === 0 : got.length === 1 && got[0].includes(rule);
      return right ? [] : [`  ${path}: expected ${rule ?? 'no finding'}, found ${got.join(', ') || 'none'}`];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Lints the src below a folder by the layer rules.
 * @param {string} folder
 * @returns {Diagnostic[]}
 */
function lint(folder) {
  // Globs of a configuration are relative to its own folder, so it has to lie beside src.
  const config = join(folder, '.oxlintrc.layers.json');
  try {
    writeFileSync(config, JSON.stringify(layerRules(folder, packages)));
    const done = spawnSync(process.execPath, [oxlint, '-c', config, '--format=json', 'src'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(done.stdout).diagnostics.map((/** @type {Diagnostic} */ diagnostic) => ({
      ...diagnostic,
      filename: diagnostic.filename.replaceAll('\\', '/'),
    }));
  } finally {
    rmSync(config, { force: true });
  }
}

/** Folders that the table does not know and files deeper than its rules reach. @returns {Diagnostic[]} */
function unknownPlaces() {
  const places = [];
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    const path = `src/${entry.replaceAll('\\', '/')}`;
    if (!/\.tsx?$/.test(path)) continue;
    const parts = path.split('/').slice(1);
    if (parts.length - 1 > DEEPEST) places.push(place(path, `Nested deeper than ${DEEPEST} folders.`));
    if (parts.length > 1 && !(parts[0] in LAYERS) && parts[0] !== 'testing') {
      places.push(place(path, `${parts[0]} is no layer: add it to scripts/layers.mjs and ARCHITECTURE.md.`));
    }
    // The page's entry puts store and ui together; everything else directly under src has lost its way.
    if (parts.length === 1 && parts[0] !== 'main.tsx') places.push(place(path, 'A file belongs to a layer.'));
  }
  return places;
}

/**
 * @param {string} filename
 * @param {string} help
 * @returns {Diagnostic}
 */
function place(filename, help) {
  return { filename, code: 'layers', message: 'place', help };
}
