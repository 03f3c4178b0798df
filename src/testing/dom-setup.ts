import { afterEach } from 'vitest';

/**
 * Runs before each test file. For those that ask for jsdom it adds the matchers of jest-dom, clears the page after
 * each test, and stands in for what jsdom lacks and React Flow asks for. Other tests pay nothing.
 */
if (typeof document !== 'undefined') {
  await import('@testing-library/jest-dom/vitest');
  const { cleanup } = await import('@testing-library/react');
  afterEach(cleanup);

  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  globalThis.DOMMatrixReadOnly ??= class {
    /** React Flow reads only the zoom. */
    m22 = 1;
  } as unknown as typeof DOMMatrixReadOnly;
  window.matchMedia ??= (media) =>
    ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
}
