import { expect, test } from './support/console-guard.ts';
import { card, clockSeconds, figure, openStudio, play, setSpeed } from './support/studio.ts';

test.describe('a newcomer', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('finds the ready design, plays it, raises a rate and the run goes on', async ({ page }) => {
    await expect(page.getByRole('textbox', { name: 'Name of the design' })).toHaveValue('Orders and billing');
    for (const name of ['checkout-web', 'mobile-app', 'partner-feed', 'orders', 'shipping', 'billing']) {
      await expect(card(page, name)).toBeVisible();
    }
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(1.5);
    await card(page, 'checkout-web').click();
    const rate = page.getByLabel('Rate', { exact: true });
    await rate.fill('400/s');
    await rate.press('Enter');
    expect(await clockSeconds(page), 'a rate changes without a restart').toBeGreaterThan(1.5);
    await expect.poll(() => figure(page, 'Sends'), { timeout: 15_000 }).toBeGreaterThan(300);
  });

  test('crashes a consumer, watches lag grow, partitions move and lag drain', async ({ page }) => {
    await play(page);
    await card(page, 'billing').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Crash m2' }).click();
    await expect(page.getByText(/m2 crash/).first()).toBeVisible();
    await setSpeed(page, '5×');
    await card(page, 'billing').click();
    await expect.poll(() => figure(page, 'Behind'), { timeout: 20_000 }).toBeGreaterThan(200);
    await expect.poll(() => figure(page, 'Behind'), { timeout: 40_000 }).toBeLessThan(60);
    await expect(
      page.getByRole('region', { name: /member/i }).or(page.locator('.member-list')),
    ).toBeVisible();
  });

  test('copies the design as Mermaid, drawn by the real Mermaid', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.locator('svg[aria-roledescription^="flowchart"]')).toBeVisible({ timeout: 20_000 });
    await dialog.getByRole('button', { name: 'Copy' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^flowchart LR/m);
    expect(copied).toContain('checkout-web');
    expect(copied).toContain('classDef');
  });
});
