import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DETERMINISTIC,
  EXCEPTIONS,
  FORBIDDEN_GLOBALS,
  FORBIDDEN_MATH,
  FORBIDDEN_METHODS,
  LAYERS,
  OWNED_PACKAGES,
} from './layers.mjs';

/** Deepest nesting of folders under a layer for which rules are written. */
export const DEEPEST = 4;

const TESTS = 'src/**/*.test.{ts,tsx}';

/**
 * The layer table as an oxlint configuration. Relative imports are matched with the exact number of `../` that leads
 * from a file to src, so `../store/x.ts` inside `ui/canvas` is a folder of ui and not the layer of that name.
 * @param {string} root folder that holds src
 * @param {string[]} packages every package that the project depends on
 */
export function layerRules(root, packages) {
  const overrides = [];
  for (const layer of Object.keys(LAYERS)) {
    for (let depth = 1; depth <= DEEPEST; depth++) {
      overrides.push({
        files: [`src/${layer}/${'*/'.repeat(depth - 1)}*.{ts,tsx}`],
        rules: restricted(layerPatterns(root, layer, depth, packages)),
      });
    }
  }
  overrides.push(
    ...kindRules(root, packages),
    ...ownedPackageRules(root, packages),
    determinismRule(),
    ...testRules(),
  );
  return {
    plugins: ['import', 'typescript'],
    categories: { correctness: 'off' },
    rules: { 'import/no-cycle': ['error', { ignoreTypes: true }] },
    overrides,
  };
}

/** @param {object[]} patterns */
function restricted(patterns) {
  return { 'no-restricted-imports': ['error', { patterns }] };
}

/**
 * @param {string} root
 * @param {string} layer
 * @param {number} depth
 * @param {string[]} packages
 */
function layerPatterns(root, layer, depth, packages) {
  const { imports, types = [], packages: allowed } = LAYERS[layer];
  const up = String.raw`\.\./`.repeat(depth);
  const others = [...Object.keys(LAYERS), 'testing'].filter(
    (name) => name !== layer && !imports.includes(name),
  );
  const patterns = [];
  for (const other of others) {
    const typesOnly = types.includes(other);
    patterns.push({
      regex: `^${up}${other}/${filesWithoutExceptions(root, layer, other)}`,
      allowTypeImports: typesOnly,
      message: typesOnly
        ? `${layer} may import only types from ${other}.`
        : `${layer} may not import ${other}.`,
    });
  }
  // A path that climbs out of src, such as into scripts, or that hides its layer behind a longer way round.
  patterns.push({ regex: `^${up}\\.\\./`, message: `An import may not leave src.` });
  return [
    ...patterns,
    ...packagePatterns(
      layer,
      packages.filter((name) => !allowed.includes(name)),
    ),
  ];
}

/**
 * The rest of a pattern for a layer of which some files are open to all: the names of the others, because oxlint's
 * regular expressions know no "anything but", and drop a pattern that they cannot read without a word.
 * @param {string} root
 * @param {string} layer
 * @param {string} other
 */
function filesWithoutExceptions(root, layer, other) {
  const open = EXCEPTIONS.filter(
    ({ layers, file }) => layers.includes(layer) && file.startsWith(`${other}/`),
  );
  if (open.length === 0) return '';
  const files = readdirSync(join(root, 'src', other), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !open.some(({ file }) => file === `${other}/${path}`));
  return `(${files.map(escaped).join('|')})$`;
}

/**
 * @param {string} layer
 * @param {string[]} forbidden
 */
function packagePatterns(layer, forbidden) {
  const patterns = forbidden.map((name) => ({
    regex: `^${escaped(name)}(/|$)`,
    message: `${layer} may not import the package ${name}.`,
  }));
  if (!LAYERS[layer].packages.includes('node:')) {
    patterns.push({
      regex: '^node:',
      message: `${layer} runs in a browser too and may not import Node's modules.`,
    });
  }
  return patterns;
}

/**
 * A kind never imports another kind; the list of kinds is the list of folders, so a new kind is covered at once.
 * @param {string} root
 * @param {string[]} packages
 */
function kindRules(root, packages) {
  const folders = foldersIn(join(root, 'src/kinds')).filter((name) => name !== 'shared');
  return [...folders, 'shared'].map((kind) => ({
    files: [`src/kinds/${kind}/*.{ts,tsx}`],
    rules: restricted([
      ...layerPatterns(root, 'kinds', 2, packages),
      ...folders
        .filter((other) => other !== kind)
        .map((other) => ({
          regex: String.raw`^\.\./${other}/`,
          message: `${kind} may not import ${other}: what kinds share lies in kinds/shared.`,
        })),
    ]),
  }));
}

/**
 * A library that only one folder of ui knows, so that its next major version touches one folder.
 * @param {string} root
 * @param {string[]} packages
 */
function ownedPackageRules(root, packages) {
  const rules = [];
  for (const folder of foldersIn(join(root, 'src/ui'))) {
    const foreign = Object.entries(OWNED_PACKAGES)
      .filter(([, owner]) => owner !== folder)
      .map(([name, owner]) => ({
        regex: `^${escaped(name)}(/|$)`,
        message: `${name} is known to ui/${owner} only.`,
      }));
    for (let depth = 2; depth <= DEEPEST; depth++) {
      rules.push({
        files: [`src/ui/${folder}/${'*/'.repeat(depth - 2)}*.{ts,tsx}`],
        rules: restricted([...layerPatterns(root, 'ui', depth, packages), ...foreign]),
      });
    }
  }
  return rules;
}

/** @param {string} path */
function foldersIn(path) {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Tests may also use `testing`, the test packages, a clock and whatever they put together. */
function testRules() {
  const free = {
    'no-restricted-imports': 'off',
    'no-restricted-globals': 'off',
    'no-restricted-properties': 'off',
  };
  const properties = {
    regex: '^@fast-check/vitest$',
    message: 'Properties are tested by testing/property.ts, which has arrays as long as they may be.',
  };
  return [
    { files: [TESTS, 'src/testing/**'], rules: free },
    { files: [TESTS], rules: restricted([properties]) },
    {
      files: ['src/{lib,engine}/**/*.test.ts'],
      rules: restricted([
        properties,
        {
          regex: String.raw`^(\.\./)+(kinds|simulation|formats|gallery|worker|cli|store|ui)/`,
          message: 'lib and engine are tested without the layers above them.',
        },
      ]),
    },
  ];
}

function determinismRule() {
  const why = 'A run must give the same bits in every browser and in Node';
  return {
    files: [`src/{${DETERMINISTIC.join(',')}}/**`],
    rules: {
      'no-restricted-globals': [
        'error',
        ...FORBIDDEN_GLOBALS.map((name) => ({ name, message: `${why}: pass ${name} in as a parameter.` })),
      ],
      'no-restricted-properties': [
        'error',
        ...FORBIDDEN_MATH.map((property) => ({ object: 'Math', property, message: `${why}: use src/lib.` })),
        ...FORBIDDEN_METHODS.map((property) => ({ property, message: `${why}: it depends on the locale.` })),
      ],
    },
  };
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
