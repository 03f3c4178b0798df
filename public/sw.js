/* global FILES, VERSION */
// Keeps the site usable without a network. The build writes offline-files.js: VERSION names it, and FILES lists what
// it is made of, as addresses beside this file. The page itself is asked of the network first, so an update shows at
// the next load; everything else has a hash in its name and never changes.
importScripts('./offline-files.js');

const PREFIX = `spillway ${registration.scope} `;
const CACHE = PREFIX + VERSION;
const PAGE = new URL('./', location.href).href;
const ASSETS = new URL('assets/', PAGE).href;

addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil(fill());
});

addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([clients.claim(), dropOld()]));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const address = request.url.split(/[?#]/)[0];
  if (request.mode === 'navigate') {
    if (address === PAGE || address === `${PAGE}index.html`) event.respondWith(page(request));
  } else if (address.startsWith(ASSETS)) event.respondWith(asset(request));
  else if (address.startsWith(PAGE)) event.respondWith(fromNetwork(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: a page from before the update must not be kept as the new one.
  await cache.addAll(FILES.map((file) => new Request(new URL(file, PAGE), { cache: 'reload' })));
}

/** A tab that is still open may need parts of the version before, so that one stays. */
async function dropOld() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(PAGE)) ?? Response.error();
  }
}

/** Parts that few need, such as the pictures of exports, are kept once they were asked for. */
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone());
  }
  return answer;
}

async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}
