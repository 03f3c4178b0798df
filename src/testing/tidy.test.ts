import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DETERMINISTIC, EXCEPTIONS, LAYERS } from '../../scripts/layers.mjs';

/** The house rules that no linter knows. Each exception has its reason here, and the lists may only shrink. */

const LONGEST_FILE = 400;

/** Longer files and the most lines that they may have. */
const LONG_FILES = new Map<string, { lines: number; reason: string }>([]);

/** Unions of three or more states outside a machine file. */
const STATE_UNIONS = new Map<string, string>([]);

const TOP_LEVEL = new Set([
  '.ci',
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.oxlintrc.json',
  '.prettierignore',
  '.prettierrc.json',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'bench',
  'docs',
  'e2e',
  'index.html',
  'knip.json',
  'package-lock.json',
  'package.json',
  'playwright.config.ts',
  'public',
  'scripts',
  'src',
  'tsconfig.json',
  'vite.cli.config.ts',
  'vite.config.ts',
  'vitest.config.ts',
]);

/** As Prettier writes it; Markdown's bold in a template literal has no blanks on both sides. */
const OPERATOR = / \*\*=? /;

const THIS_FILE = 'src/testing/tidy.test.ts';
const root = join(import.meta.dirname, '../..');
const files = projectFiles();
const code = files.filter((path) => ['.ts', '.tsx', '.mjs'].includes(extname(path)));
const texts = new Map(code.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

describe('files', () => {
  test('are found at all', () => {
    expect(code.length).toBeGreaterThan(50);
    expect(code).toContain(THIS_FILE);
  });

  test(`have at most ${LONGEST_FILE} lines, or a reason`, () => {
    const long = [...texts]
      .filter(([path]) => path.startsWith('src/'))
      .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (LONG_FILES.get(path)?.lines ?? LONGEST_FILE));
    expect(long).toEqual([]);
  });

  test('are listed as long only as long as they are', () => {
    const slack = [...LONG_FILES].filter(([path, { lines }]) => {
      const now = (texts.get(path) ?? '').split('\n').length - 1;
      return now <= LONGEST_FILE || now < lines * 0.95;
    });
    expect(slack).toEqual([]);
  });

  test('are named after what they hold: no barrels and no catch-alls', () => {
    const vague = /^(index|utils?|helpers?|common|misc)(\.|$)/;
    expect(code.filter((path) => path.split('/').some((part) => vague.test(part)))).toEqual([]);
  });

  test('have kebab-case names', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|machine|worker|config|d|cli|bench))*\.[a-z]+$/;
    expect(code.filter((path) => !kebab.test(basename(path)))).toEqual([]);
  });

  test('lie at the top level only if a reader expects them there', () => {
    expect(
      [...new Set(files.map((path) => path.split('/')[0]))].filter((name) => !TOP_LEVEL.has(name)),
    ).toEqual([]);
  });
});

describe('texts', () => {
  test('leave nothing to do', () => {
    expect(linesMatching(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  test('focus no test', () => {
    expect(linesMatching(/\b(test|it|describe)(\.[a-z]+)*\.only\(/)).toEqual([]);
  });

  test('know no machine but the reader’s', () => {
    expect(linesMatching(/(["'`\s(])\/(home|Users|work|root|tmp)\//)).toEqual([]);
  });

  test('keep states in machines: a union of three or more has a reason', () => {
    const union = /\btype (\w*(?:State|Status|Phase)) =((?:\s*\|?\s*'[^']*')+)/g;
    const found = [...texts]
      .filter(([path]) => path.startsWith('src/') && !path.endsWith('.machine.ts'))
      .flatMap(([path, text]) =>
        [...text.matchAll(union)]
          .filter(([, , members]) => members.split("'").length > 6)
          .map(([, name]) => `${path}: ${name}`),
      );
    expect(found.toSorted()).toEqual([...STATE_UNIONS.keys()].toSorted());
  });

  test('use no ** where a run is computed: its last bit differs between engines', () => {
    const deterministic = [...texts].filter(
      ([path]) => DETERMINISTIC.includes(path.split('/')[1]) && !path.includes('.test.'),
    );
    const found = deterministic.flatMap(([path, text]) =>
      withoutCommentsAndTexts(text)
        .split('\n')
        .flatMap((line, index) => (OPERATOR.test(line) ? [`${path}:${index + 1}`] : [])),
    );
    expect(found).toEqual([]);
    expect(
      withoutCommentsAndTexts("/** a ** b */ const c = '**'; // **\n2 ** 3").match(OPERATOR),
    ).toHaveLength(1);
  });
});

describe('documents', () => {
  test('link to what exists', () => {
    const broken = files
      .filter((path) => extname(path) === '.md')
      .flatMap((path) =>
        [...readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
          .filter(([, target]) => !existsSync(join(root, dirname(path), target)))
          .map(([, target]) => `${path}: ${target}`),
      );
    expect(broken).toEqual([]);
  });

  test('name only commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const unknown = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'].flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/npm run ([a-z0-9:-]+)/g)]
        .map(([, name]) => name)
        .filter((name) => !(name in scripts)),
    );
    expect(unknown).toEqual([]);
  });
});

describe('layers', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  test('are the folders of src', () => {
    expect(folders.toSorted()).toEqual([...Object.keys(LAYERS), 'testing'].toSorted());
  });

  test.each(folders)('%s has a charter of at most 15 lines', (folder) => {
    const path = join(root, 'src', folder, 'README.md');
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  test('are documented in ARCHITECTURE.md as they are enforced', () => {
    const rows = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(
      /^\| `(\w+)` \| .* \| (.*) \|$/gm,
    );
    const documented = new Map([...rows].map(([, layer, imports]) => [layer, imports]));
    for (const [layer, { imports, types = [] }] of Object.entries(LAYERS)) {
      const open = EXCEPTIONS.filter(({ layers }) => layers.includes(layer)).map(({ file }) => `\`${file}\``);
      const listed = [...imports, ...open, ...types.map((name) => `${name} (types)`)].join(', ') || 'nothing';
      expect(documented.get(layer), `the row of ${layer}`).toBe(listed);
    }
  });
});

/** Every file below the root that .gitignore does not name; needs no Git, so that it works on an unpacked archive. */
function projectFiles(): string[] {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''))
    .filter((line) => line !== '');
  const skip = (name: string) =>
    name === '.git' ||
    ignored.some((entry) => (entry.startsWith('*') ? name.endsWith(entry.slice(1)) : name === entry));
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => !skip(entry.name))
      .flatMap((entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        return entry.isDirectory() ? walk(path) : [path];
      });
  return walk('');
}

function linesMatching(pattern: RegExp): string[] {
  return [...texts]
    .filter(([path]) => path !== THIS_FILE)
    .flatMap(([path, text]) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
}

/** Code with comments and quoted texts blanked; good enough to look for an operator. */
function withoutCommentsAndTexts(text: string): string {
  const blank = (match: string) => match.replaceAll(/[^\n]/g, ' ');
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, blank);
}
