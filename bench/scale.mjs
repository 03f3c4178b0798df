// `node bench/scale.mjs`: a topic that takes a million messages a second, simulated message by message while the page
// is watched, for the tables of `npm run bench`. Needs `npm run build`. Each row is a design at a speed: what the worker
// reaches, what the page has left for its frames, and how soon a press is answered.
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { findChromium } from '../scripts/find-chromium.mjs';
import { MILLION, scaleDesign, TEN_MILLION } from './scale-design.mjs';

const WARM_UP_MS = 3000;
const WATCH_MS = 10_000;
const PRESSES = 20;
const SETTLE_MS = 150;
/** USER_HZ, the same on every Linux that one meets. */
const TICKS_A_SECOND = 100;

const server = await preview({ logLevel: 'error', preview: { port: 4176, strictPort: false } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  console.log(
    [
      '| messages a second | speed | reached, × real time | the same for a whole core | page says | script a frame, ms | frame p50, ms | p95, ms | press: zoom p50, ms | p95, ms | press: pause or play p50, ms | p95, ms |',
      '| ---: | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      await watch(0, '1×'),
      await watch(MILLION, '1×'),
      await watch(MILLION, 'Max, as fast as it goes'),
      await watch(TEN_MILLION, '1×'),
    ].join('\n'),
  );
} finally {
  await browser.close();
  await server.close();
}

/**
 * One row; a rate of 0 stands for a page that has nothing to simulate, to compare with.
 * @param {number} rate
 * @param {string} speed
 */
async function watch(rate, speed) {
  const page = await open(rate === 0 ? { ...scaleDesign(MILLION), edges: [] } : scaleDesign(rate));
  await page.getByRole('button', { name: /^Speed / }).click();
  await page.getByRole('menuitemradio', { name: speed, exact: true }).click();
  await page.locator('button.play:enabled').click();
  await page.waitForTimeout(WARM_UP_MS);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await scriptSeconds(session);
  const workedBefore = workerSeconds();
  const { frames, reached, seconds } = await page.evaluate(countFrames, WATCH_MS);
  const worked = workerSeconds() - workedBefore;
  const script = (1000 * ((await scriptSeconds(session)) - before)) / frames.length;
  const says = (await page.locator('.speed-reached').allInnerTexts())[0] ?? '';
  const zooms = await presses(page, () => zoom(page));
  const plays = await presses(page, () => playOrPause(page));
  await page.close();
  const name = rate === 0 ? 'none' : rate.toLocaleString('en');
  const figures = [script, ...middleAndTail(frames)].map((ms) => ms.toFixed(1));
  const answers = [...middleAndTail(zooms), ...middleAndTail(plays)].map((ms) => ms.toFixed(0));
  const cells = [
    name,
    speed.split(',')[0],
    reached.toFixed(2),
    rate === 0 || Number.isNaN(worked) ? '' : ((reached * seconds) / worked).toFixed(2),
    says,
    ...figures,
    ...answers,
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * A page that shows the design. It listens for the dialog from the start: a listener that comes with the press of the
 * keys may come too late, and the dialog is then never answered.
 * @param {object} design
 */
async function open(design) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const buffer = Buffer.from(JSON.stringify(design));
  page.on('filechooser', (chooser) =>
    chooser.setFiles({ name: 'scale.spillway.json', mimeType: 'application/json', buffer }),
  );
  await page.goto(address);
  await page.locator('button.play:enabled').waitFor();
  await page.keyboard.press('Control+o');
  await page.locator('.react-flow__node[aria-label^="source,"]').waitFor();
  await page.locator('button.play:enabled').waitFor();
  return page;
}

/**
 * In the page: the time between animation frames, and simulated by wall time as its clock shows it.
 * @param {number} forMs
 */
function countFrames(forMs) {
  const simulated = () =>
    (document.querySelector('[role=timer]')?.textContent ?? '')
      .split(':')
      .reduce((seconds, part) => seconds * 60 + Number(part), 0);
  return new Promise((resolve) => {
    const /** @type {number[]} */ frames = [];
    const from = performance.now();
    const simulatedFrom = simulated();
    let last = from;
    const tick = (/** @type {number} */ now) => {
      frames.push(now - last);
      last = now;
      if (now - from < forMs) requestAnimationFrame(tick);
      else
        resolve({
          frames: frames.slice(1),
          reached: (1000 * (simulated() - simulatedFrom)) / (now - from),
          seconds: (now - from) / 1000,
        });
    };
    requestAnimationFrame(tick);
  });
}

/**
 * Presses one after another, with a rest between them.
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<number>} press
 */
async function presses(page, press) {
  const /** @type {number[]} */ times = [];
  for (let i = 0; i < PRESSES; i++) {
    times.push(await press());
    await page.waitForTimeout(SETTLE_MS);
  }
  return times;
}

/**
 * Milliseconds from a press of "zoom" until the canvas has moved: what the page alone takes.
 * @param {import('@playwright/test').Page} page
 */
function zoom(page) {
  return page.evaluate(() => {
    const scale = () => document.querySelector('.react-flow__viewport')?.getAttribute('style');
    // In and out in turn, or the canvas comes to the end of its scale.
    const label = Reflect.get(window, 'zoomed') === 'Zoom out' ? 'Zoom in' : 'Zoom out';
    Reflect.set(window, 'zoomed', label);
    const button = /** @type {HTMLElement} */ (document.querySelector(`button[aria-label="${label}"]`));
    const before = scale();
    const from = performance.now();
    return new Promise((resolve) => {
      const look = () =>
        scale() === before && performance.now() - from < 5000
          ? setTimeout(look)
          : resolve(performance.now() - from);
      button.click();
      look();
    });
  });
}

/**
 * Milliseconds from a press of the play button until it says the opposite: to the worker in the middle of its work
 * and back.
 * @param {import('@playwright/test').Page} page
 */
function playOrPause(page) {
  return page.evaluate(() => {
    const button = /** @type {HTMLElement} */ (document.querySelector('button.play'));
    const before = button.textContent;
    const from = performance.now();
    return new Promise((resolve) => {
      const look = () =>
        button.textContent === before && performance.now() - from < 5000
          ? setTimeout(look)
          : resolve(performance.now() - from);
      button.click();
      look();
    });
  });
}

/**
 * Processor time that the workers of our browser have had, in seconds: on a machine that others use as well, a worker
 * gets less than a core. NaN where the system does not say it as Linux does.
 */
function workerSeconds() {
  try {
    let ticks = 0;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name))) {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const { name, fields } = readStat(`/proc/${pid}/task/${thread}/stat`);
        if (name.startsWith('DedicatedWorker')) ticks += Number(fields[11]) + Number(fields[12]);
      }
    }
    return ticks === 0 ? NaN : ticks / TICKS_A_SECOND;
  } catch {
    return NaN;
  }
}

/**
 * Whether a process descends from this one.
 * @param {string} pid
 * @returns {boolean}
 */
function isOurs(pid) {
  if (Number(pid) === process.pid) return true;
  if (Number(pid) <= 1) return false;
  try {
    return isOurs(readStat(`/proc/${pid}/stat`).fields[1]);
  } catch {
    // It ended meanwhile.
    return false;
  }
}

/**
 * Name and further fields, from "state" on, of a process or thread; proc(5) counts them from 3.
 * @param {string} path
 */
function readStat(path) {
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf(')');
  return { name: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') };
}

/** @param {import('@playwright/test').CDPSession} session */
async function scriptSeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN;
}

/** @param {number[]} values */
function middleAndTail(values) {
  const inOrder = values.toSorted((a, b) => a - b);
  return [0.5, 0.95].map((share) => inOrder[Math.floor(share * (inOrder.length - 1))]);
}
