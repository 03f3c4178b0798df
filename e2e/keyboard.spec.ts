import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/console-guard.ts';
import { clockSeconds, command, edges, figure, openStudio } from './support/studio.ts';

test.describe('by keyboard alone', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a newcomer plays, raises a rate, crashes a consumer, restores it and copies the Mermaid text', async ({
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.keyboard.press('Space');
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(1);

    await command(page, 'checkout-web');
    const rate = page.getByLabel('Rate', { exact: true });
    await tabTo(page, rate);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('400/s');
    await page.keyboard.press('Enter');
    await expect.poll(() => figure(page, 'Sends'), { timeout: 15_000 }).toBeGreaterThan(300);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('120/s');
    await page.keyboard.press('Enter');

    await tabTo(page, page.getByRole('button', { name: /^Speed / }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitemradio', { name: '1×', exact: true })).toBeVisible();
    await page.keyboard.type('5');
    await expect(page.getByRole('menuitemradio', { name: '5×', exact: true })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Speed 5×' })).toBeFocused();

    await command(page, 'billing crash');
    await tabTo(page, page.getByRole('button', { name: 'Break it now' }));
    await page.keyboard.press('Enter');
    await command(page, 'billing consumer');
    await expect.poll(() => figure(page, 'Behind'), { timeout: 20_000 }).toBeGreaterThan(200);
    await expect(page.getByRole('listitem').filter({ hasText: /p\d p\d/ })).toBeVisible({ timeout: 20_000 });
    await command(page, 'restore billing');
    await expect(page.getByRole('listitem').filter({ hasText: /m1\s*p\d/ })).toBeVisible({ timeout: 20_000 });

    await command(page, 'export');
    await tabTo(page, page.getByRole('button', { name: 'Copy', exact: true }));
    await page.keyboard.press('Enter');
    await expect(page.getByText('Copied.')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^flowchart LR/m);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('what is typed right after Ctrl K is looked for, the first time, too', async ({ page }) => {
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('crash');
    await expect(page.getByRole('combobox', { name: 'Find or do anything' })).toHaveValue('crash');
  });

  test('a node is placed, named, connected, moved and deleted', async ({ page }) => {
    await tabTo(page, page.getByRole('button', { name: 'Channels' }));
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('menuitem', { name: /^Queue/ })).toBeFocused();
    await page.keyboard.press('Enter');
    const jobs = page.locator('.react-flow__node[data-id="jobs"]');
    await expect(jobs).toBeVisible();

    await tabTo(page, jobs);
    await page.keyboard.press('F2');
    await page.keyboard.type('emails');
    await page.keyboard.press('Enter');
    await expect(jobs).toHaveAttribute('aria-label', /^emails, /);

    await command(page, 'checkout-web');
    await command(page, 'connect to');
    await tabTo(page, page.getByRole('button', { name: /^emails/ }));
    await page.keyboard.press('Enter');
    await expect(edges(page)).toHaveCount(11);

    await tabTo(page, jobs);
    const before = (await jobs.boundingBox())!;
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect.poll(async () => (await jobs.boundingBox())!.y).toBeGreaterThan(before.y + 15);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => Math.round((await jobs.boundingBox())!.y)).toBe(Math.round(before.y));

    await page.keyboard.press('Delete');
    await expect(jobs).toBeHidden();
    await expect(edges(page)).toHaveCount(10);
    await page.keyboard.press('Control+z');
    await expect(edges(page)).toHaveCount(11);
  });

  test('a letter takes a kind in hand and Enter puts it down; Escape lets go', async ({ page }) => {
    await page.keyboard.press('q');
    await expect(page.getByText(/Click where the queue should stand/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText(/Click where the queue should stand/)).toBeHidden();
    await page.keyboard.press('q');
    await page.keyboard.press('Enter');
    await expect(page.locator('.react-flow__node[data-id="jobs"]')).toBeVisible();
  });
});

/** Presses Tab until an element has the focus, which must be visible at every stop. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
    const unseen = await page.evaluate(unseenFocus);
    expect(unseen, 'the focus can be seen').toBeNull();
  }
  throw new Error(`80 presses of Tab do not reach ${String(target)}.`);
}

/** What has the focus without showing it, or null. Runs in the page. */
function unseenFocus(): string | null {
  const focused = document.activeElement;
  // Between the last element and the first the focus is with the browser.
  if (!focused || focused === document.body || focused.matches('[data-base-ui-focus-guard]')) return null;
  const shown = [focused, focused.parentElement, ...focused.querySelectorAll('*')].some((element) => {
    if (!element) return false;
    const style = getComputedStyle(element);
    // The line of an edge is drawn thicker.
    if (element.matches('.channel-line'))
      return style.visibility === 'visible' && style.strokeWidth === '3px';
    return (
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'
    );
  });
  return shown ? null : focused.outerHTML.slice(0, 200);
}
