/** The browser's storage may never answer; nobody waits for it longer than this. */
const PATIENCE_MS = 3000;

/** The promise itself, or a `TimeoutError` if it takes longer than 3 seconds. */
export function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException('No answer.', 'TimeoutError')), PATIENCE_MS);
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
