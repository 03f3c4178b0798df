// The layer table of ARCHITECTURE.md as data: which folder of src may import which, and which packages.
// scripts/check-layers.mjs enforces it; src/testing/tidy.test.ts compares it with the document.

/**
 * @typedef {object} Layer
 * @property {string[]} imports folders of src that it may import
 * @property {string[]} [types] folders of which it may import types only
 * @property {string[]} packages npm packages (or `node:`) that it may import
 */

/** @type {Record<string, Layer>} */
export const LAYERS = {
  lib: { imports: [], packages: [] },
  engine: { imports: ['lib'], packages: [] },
  machines: { imports: ['lib'], packages: ['xstate'] },
  design: { imports: ['lib'], packages: ['zod', 'mutative', 'fastest-levenshtein'] },
  kinds: { imports: ['lib', 'engine', 'machines', 'design'], packages: [] },
  simulation: { imports: ['lib', 'engine', 'machines', 'design', 'kinds'], packages: [] },
  formats: { imports: ['lib', 'machines', 'design', 'kinds'], types: ['simulation'], packages: [] },
  gallery: { imports: [], types: ['design'], packages: [] },
  worker: {
    imports: ['lib', 'engine', 'machines', 'design', 'kinds', 'simulation', 'formats'],
    packages: ['xstate'],
  },
  cli: {
    imports: ['lib', 'engine', 'machines', 'design', 'kinds', 'simulation', 'formats', 'gallery'],
    packages: ['node:'],
  },
  store: {
    imports: ['lib', 'machines', 'design', 'kinds', 'formats', 'gallery', 'worker'],
    types: ['simulation'],
    packages: ['zustand', 'idb', 'xstate', 'mutative'],
  },
  ui: {
    imports: ['lib', 'machines', 'design', 'kinds', 'formats', 'gallery', 'store'],
    types: ['simulation', 'worker'],
    packages: [
      'react',
      'react-dom',
      '@xyflow/react',
      '@base-ui/react',
      'lucide-react',
      'uplot',
      'zustand',
      'xstate',
      '@xstate/react',
      'mermaid',
    ],
  },
};

/** Files of another layer that a layer may import in full where the table grants it types only. */
export const EXCEPTIONS = [
  { layers: ['store', 'ui'], file: 'simulation/frame/frame-layout.ts' },
  { layers: ['ui'], file: 'simulation/verdict/verdict.ts' },
  { layers: ['ui'], file: 'simulation/verdict/log-troubles.ts' },
];

/** Packages that one folder of ui keeps to itself. @type {Record<string, string>} */
export const OWNED_PACKAGES = { '@xyflow/react': 'canvas', uplot: 'charts' };

/** Folders whose code takes part in a run: the same design and seed must give the same bits everywhere. */
export const DETERMINISTIC = ['lib', 'engine', 'machines', 'design', 'kinds', 'simulation'];

/** Globals that bring wall time, locale or chance into a run. */
export const FORBIDDEN_GLOBALS = [
  'Date',
  'Intl',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
];

/** Members of Math whose last bit differs between JavaScript engines, and the one that is chance. */
export const FORBIDDEN_MATH = [
  'random',
  'log',
  'log2',
  'log10',
  'log1p',
  'exp',
  'expm1',
  'pow',
  'cbrt',
  'hypot',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'atan2',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
];

export const FORBIDDEN_METHODS = [
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
  'localeCompare',
];
