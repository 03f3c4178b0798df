import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/**
 * Unit tests. Pure folders run in plain Node; a test that needs a document says so in its first line with
 * `// @vitest-environment jsdom`, so that the fast tests never pay for one.
 */
export default defineConfig({
  plugins: [react()],
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['src/testing/dom-setup.ts'],
    maxWorkers: 2,
    // Two cores may be shared with a build; a busy machine must never fail a test.
    testTimeout: 120_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
