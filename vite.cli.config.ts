import { defineConfig } from 'vite';

/** The command line: one file for Node 20 and newer that needs no node_modules beside it. */
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'src/cli/main.ts',
    target: 'node20',
    outDir: 'dist-cli',
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      output: {
        format: 'es',
        entryFileNames: 'spillway.js',
        codeSplitting: false,
        // Constants stay `const`: the compiler of the JavaScript engine then knows them, 20 % of the engine's speed.
        topLevelVar: false,
        banner: '#!/usr/bin/env node',
      },
    },
  },
});
