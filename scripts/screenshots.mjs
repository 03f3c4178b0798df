// `npm run screenshots`: pictures of the built site in both themes and two sizes, into docs/images. Needs
// `npm run build` before it.
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { findChromium } from './find-chromium.mjs';

const SIZES = [
  { name: '', width: 1280, height: 720 },
  { name: '-wide', width: 1920, height: 1080 },
];
const THEMES = /** @type {const} */ (['light', 'dark']);

const folder = 'docs/images';
mkdirSync(folder, { recursive: true });
const server = await preview({ logLevel: 'error', preview: { port: 4174, strictPort: false } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  for (const theme of THEMES) {
    for (const size of SIZES) await takePicture(theme, size);
  }
} finally {
  await browser.close();
  await server.close();
}

/**
 * The studio as a newcomer sees it twenty seconds into a run of the first design.
 * @param {'light' | 'dark'} theme
 * @param {{ name: string, width: number, height: number }} size
 */
async function takePicture(theme, { name, width, height }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await page.goto(address);
  await page.getByRole('button', { name: /^play/i }).first().click();
  await page.waitForTimeout(8000);
  const path = `${folder}/studio-${theme}${name}.png`;
  await page.screenshot({ path });
  await page.close();
  console.log(path);
}
