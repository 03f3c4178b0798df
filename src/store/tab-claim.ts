/** Longest wait for a tab that is just closing, such as this very page before a reload. */
const PATIENCE_MS = 400;

/**
 * Claims a saved design for this tab, so that two tabs never write the same one. Resolves to the way to let go, or
 * to null if another tab has it. Where a browser has no locks, or none on an insecure address, every claim succeeds.
 */
export async function claimDesign(id: string): Promise<(() => void) | null> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return () => undefined;
  return new Promise((resolve) => {
    locks
      .request(`spillway-design-${id}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => resolve(null));
  });
}
