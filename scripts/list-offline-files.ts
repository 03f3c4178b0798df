import { createHash } from 'node:crypto';
import type { Plugin, Rollup } from 'vite';

/** Large and seldom needed: kept by the browser once it was asked for, not before. */
const SELDOM = /\/node_modules\/mermaid\//;

/** Beside what is bundled: the page under its folder's address, and the icon. */
const ALWAYS = ['./', 'mark.svg'];

/** Writes offline-files.js for public/sw.js: the files that the site needs without a network, and a name for them. */
export function listOfflineFiles(): Plugin {
  return {
    name: 'spillway:list-offline-files',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = [...ALWAYS, ...neededFiles(bundle)];
      const page = bundle['index.html'];
      const content = JSON.stringify([files, page?.type === 'asset' ? String(page.source) : '']);
      const version = createHash('sha256').update(content).digest('hex').slice(0, 12);
      const source = `self.VERSION = '${version}';\nself.FILES = ${JSON.stringify(files, null, 1)};\n`;
      this.emitFile({ type: 'asset', fileName: 'offline-files.js', source });
    },
  };
}

/** Everything but the chunks to which only a seldom needed one leads. */
export function neededFiles(bundle: Rollup.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const needed = new Set<string>();
  const pending = chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const chunk = bundle[name];
    if (needed.has(name) || chunk?.type !== 'chunk' || isSeldom(chunk)) continue;
    needed.add(name);
    pending.push(...chunk.imports, ...chunk.dynamicImports);
  }
  return Object.keys(bundle)
    .filter((name) => (bundle[name].type === 'chunk' ? needed.has(name) : name.startsWith('assets/')))
    .toSorted();
}

function isSeldom({ facadeModuleId }: Rollup.OutputChunk): boolean {
  return facadeModuleId !== null && SELDOM.test(facadeModuleId);
}
