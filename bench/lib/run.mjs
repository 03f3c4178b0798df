/**
 * Micro benchmarks of src/lib: `node bench/lib/run.mjs [part of a name]`. Bundled first, as the product is: under a
 * test runner every call across files goes through a getter, and the figures say little.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
try {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: fileURLToPath(new URL('./lib-bench.ts', import.meta.url)),
      outDir: directory,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'lib-bench.mjs' } },
    },
  });
  const { runAll } = await import(pathToFileURL(join(directory, 'lib-bench.mjs')).href);
  runAll(process.argv[2] ?? '');
} finally {
  await rm(directory, { recursive: true });
}
