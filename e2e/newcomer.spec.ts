import { expect, test } from './support/console-guard.ts';
import { card, clockSeconds, figure, openStudio, play, setField, setSpeed } from './support/studio.ts';

test.describe('a newcomer, by mouse', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('finds the ready design, plays it, raises a rate and the run goes on', async ({ page }) => {
    await expect(page.getByRole('textbox', { name: 'Name of the design' })).toHaveValue('Orders and billing');
    for (const name of ['checkout-web', 'mobile-app', 'partner-feed', 'orders', 'shipping', 'billing']) {
      await expect(card(page, name)).toBeVisible();
    }
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(1.5);
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '400/s');
    expect(await clockSeconds(page), 'a rate changes without a restart').toBeGreaterThan(1.5);
    await expect.poll(() => figure(page, 'Sends'), { timeout: 15_000 }).toBeGreaterThan(300);
    await expect(page.getByText('Changing rate restarts the run.')).toBeHidden();
  });

  test('crashes a consumer, watches lag grow, partitions move and lag drain, and restores it', async ({
    page,
  }) => {
    await play(page);
    await card(page, 'billing').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Crash m2' }).click();
    await expect(page.getByRole('button', { name: /^billing: .*m2 crash/ }).first()).toBeVisible();
    await setSpeed(page, '5×');
    await card(page, 'billing').click();
    const member = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    await expect.poll(() => figure(page, 'Behind'), { timeout: 20_000 }).toBeGreaterThan(200);
    await expect(
      member('m1')
        .or(member('m3'))
        .filter({ hasText: /p\d p\d/ }),
      'after the session timeout another member reads two partitions',
    ).toBeVisible({ timeout: 20_000 });
    await expect.poll(() => figure(page, 'Behind'), { timeout: 30_000 }).toBeLessThan(60);
    await page.getByRole('button', { name: 'Restore m2' }).click();
    await expect(member('m2').filter({ hasText: /p\d/ })).toBeVisible({ timeout: 20_000 });
  });

  test('copies the design as Mermaid, drawn by the real Mermaid', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    const picture = dialog.locator('svg[aria-roledescription^="flowchart"]');
    await expect(picture).toBeVisible({ timeout: 20_000 });
    for (const name of ['checkout-web', 'orders', 'ledger-db']) await expect(picture).toContainText(name);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await expect(dialog.getByText('Copied.')).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^flowchart LR/m);
    expect(copied).toContain('checkout-web');
    expect(copied).toContain('classDef');
  });
});
