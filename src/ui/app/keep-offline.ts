/**
 * Lets the browser keep the site, so that it opens without a network: see public/sw.js. Asked for once the page is
 * there and idle, as it is worth nothing to this visit. Browsers that refuse (some private windows) lose only that.
 */
export function keepOffline(): void {
  // In development the page must come from the server, each time.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = () => {
    // Both scripts are compared with the server's, past the browser's cache: an update is seen at the next load.
    navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' }).catch(() => undefined);
  };
  const whenIdle = () =>
    'requestIdleCallback' in window ? requestIdleCallback(register) : setTimeout(register, 2000);
  if (document.readyState === 'complete') whenIdle();
  else window.addEventListener('load', whenIdle, { once: true });
}
