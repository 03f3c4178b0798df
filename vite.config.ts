import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { listOfflineFiles } from './scripts/list-offline-files.ts';
import { publishDesignSchema } from './scripts/publish-design-schema.ts';

/** Constants stay `const`: the compiler of the JavaScript engine then knows them, 20 % of the engine's speed. */
const constants = { topLevelVar: false };

/** The page: a static site that runs from any folder. The command line is built by vite.cli.config.ts. */
export default defineConfig({
  base: './',
  plugins: [react(), publishDesignSchema(), listOfflineFiles()],
  worker: { format: 'es', rollupOptions: { output: constants } },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // Mermaid is one lazy chunk of about a megabyte; scripts/check-build.mjs guards what matters, the first load.
    chunkSizeWarningLimit: 2000,
    rollupOptions: { output: constants },
  },
  server: { port: 5173 },
  preview: { port: 4173, strictPort: true },
});
