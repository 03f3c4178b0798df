// `node scripts/run.mjs FILE.ts [arguments]`: bundles a TypeScript program as the command line is bundled, so that a
// benchmark measures the code that users run, and runs it in this Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [file, ...args] = process.argv.slice(2);
if (file === undefined || !existsSync(join(root, file))) {
  console.error(`Expected a TypeScript file below ${root}, found ${file ?? 'no argument'}.`);
  process.exit(2);
}

const name = `${basename(file, '.ts')}.mjs`;
const outDir = join(root, 'node_modules/.cache/spillway');
await build({
  root,
  configFile: join(root, 'vite.cli.config.ts'),
  logLevel: 'error',
  build: {
    ssr: file,
    outDir,
    emptyOutDir: false,
    rollupOptions: { output: { entryFileNames: name, banner: '' } },
  },
});
const done = spawnSync(process.execPath, ['--expose-gc', join(outDir, name), ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = done.status ?? 1;
