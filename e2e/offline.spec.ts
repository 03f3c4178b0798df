import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/console-guard.ts';
import { serveFolder } from './support/folder-server.ts';
import { card, clockSeconds, field, play, setField } from './support/studio.ts';

test.describe('without a network', () => {
  let folder: string;
  let site: Awaited<ReturnType<typeof serveFolder>>;

  test.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-site-'));
    cpSync('dist', folder, { recursive: true });
    site = await serveFolder(folder);
  });

  test.afterEach(async () => {
    await site.close();
    rmSync(folder, { recursive: true });
  });

  test('the page loads again, plays and keeps edits, from any folder', async ({ page }) => {
    await open(page, site.address);
    await untilKept(page);
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '99/s');
    await site.close();
    await page.reload();
    await card(page, 'checkout-web').click();
    await expect(field(page, 'Rate')).toHaveValue(/99/);
    // The worker, the inspector and the charts are parts of their own, first asked for now.
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(0.5);
    await expect(page.getByRole('slider', { name: 'Simulated time' })).toBeVisible();
    site = await serveFolder(folder);
  });

  test('an update shows at the next load, and is what is kept from then on', async ({ page }) => {
    await open(page, site.address);
    await untilKept(page);
    rewrite(join(folder, 'index.html'), '<div id="root">', '<div id="root" data-release="next">');
    rewrite(join(folder, 'offline-files.js'), /VERSION = '\w+'/, "VERSION = 'next'");
    await page.reload();
    const root = page.locator('#root');
    await expect(root).toHaveAttribute('data-release', 'next');
    await expect.poll(() => keptPages(page)).toContain('data-release="next"');
    await site.close();
    await page.reload();
    await expect(root).toHaveAttribute('data-release', 'next');
    site = await serveFolder(folder);
  });
});

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
}

/** Everything lies in the browser and the worker that gives it out is in charge of this page. */
async function untilKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });
}

/** The text of every page that the browser keeps, older ones too. */
async function keptPages(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const names = await caches.keys();
    const pages = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).match('./'))?.text() ?? ''),
    );
    return pages.join('\n');
  });
}

function rewrite(path: string, from: string | RegExp, to: string): void {
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed, path).not.toBe(text);
  writeFileSync(path, changed);
}
