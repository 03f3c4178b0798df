// `node bench/page.mjs`: the page as a browser sees it, for the tables of `npm run bench`. Needs `npm run build`.
// First load: bytes over the wire (gzip) until the design can be played, and how long that takes. Canvas: script
// time a frame while designs of several sizes run. Frames a second would only measure the machine.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { findChromium } from '../scripts/find-chromium.mjs';

const SIZES = [50, 200, 500];
const RUNS = 5;
const WATCH_MS = 5000;

const server = await preview({ logLevel: 'error', preview: { port: 4175, strictPort: false } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  console.log(await firstLoad());
  console.log(await canvas());
} finally {
  await browser.close();
  await server.close();
}

async function firstLoad() {
  const times = [];
  let bytes = 0;
  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage();
    const seen = new Set();
    page.on('response', (response) => seen.add(new URL(response.url()).pathname));
    const from = performance.now();
    await page.goto(address);
    await page.locator('.react-flow__node').first().waitFor();
    await page.locator('button.play:enabled').waitFor();
    times.push(performance.now() - from);
    bytes = [...seen].reduce((sum, path) => sum + zipped(path), 0);
    await page.close();
  }
  return `First load: ${Math.round(bytes / 1000)} kB (gzip) and ${Math.round(median(times))} ms until the design can be played (median of ${RUNS}, cold cache, loopback).\n`;
}

/** @param {string} path */
function zipped(path) {
  return gzipSync(readFileSync(`dist${path === '/' ? '/index.html' : path}`)).length;
}

async function canvas() {
  const rows = [];
  for (const size of SIZES) rows.push(await watch(size));
  return [
    '| nodes | script a frame, ms | frames | DOM elements |',
    '| ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

/** @param {number} size */
async function watch(size) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const buffer = Buffer.from(JSON.stringify(design(size)));
  // Listens from the start: a listener that comes with the press may come too late, and nobody answers the dialog.
  page.on('filechooser', (chooser) =>
    chooser.setFiles({ name: 'bench.spillway.json', mimeType: 'application/json', buffer }),
  );
  await page.goto(address);
  await page.locator('button.play:enabled').waitFor();
  await page.keyboard.press('Control+o');
  await page.locator('.react-flow__node[aria-label^="p0,"]').waitFor();
  await page.locator('button.play:enabled').click();
  await page.waitForTimeout(2000);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await reading(session);
  const frames = await page.evaluate(
    (ms) =>
      new Promise((resolve) => {
        let count = 0;
        const until = performance.now() + ms;
        const tick = () => (
          ++count,
          performance.now() < until ? requestAnimationFrame(tick) : resolve(count)
        );
        requestAnimationFrame(tick);
      }),
    WATCH_MS,
  );
  const after = await reading(session);
  await page.close();
  const script = (1000 * (after.ScriptDuration - before.ScriptDuration)) / Number(frames);
  return `| ${size} | ${script.toFixed(1)} | ${frames} | ${after.Nodes} |`;
}

/** @param {import('@playwright/test').CDPSession} session */
async function reading(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/**
 * Rows of producer, queue, consumer group and database, so many nodes in all.
 * @param {number} size
 */
function design(size) {
  const kinds = ['producer', 'queue', 'consumer-group', 'database'];
  const fields = [{ rate: 20 }, {}, { serviceTime: { shape: 'exponential', mean: 40 } }, {}];
  const nodes = [];
  const edges = [];
  const places = [];
  for (let index = 0; index < size; index++) {
    const row = Math.floor(index / 4);
    const step = index % 4;
    const id = `${'pqgd'[step]}${row}`;
    nodes.push({ id, kind: kinds[step], name: id, fields: fields[step] });
    places.push({ id, x: step * 272 + Math.floor(row / 25) * 1200, y: (row % 25) * 112 });
    if (step > 0)
      edges.push({
        id: `e${index}`,
        from: `${'pqgd'[step - 1]}${row}`,
        fromPort: 'out',
        to: id,
        toPort: 'in',
      });
  }
  return { format: 'spillway', version: 1, name: 'Bench', nodes, edges, layout: { nodes: places } };
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
