import { expect, test } from './support/console-guard.ts';
import { card, command, edges, figure, openStudio, play, setSpeed } from './support/studio.ts';

test.describe('what breaks', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a connection is cut, says so, holds back what it carries, and is mended', async ({ page }) => {
    await setSpeed(page, '5×');
    await play(page);
    const connection = edges(page).and(page.getByLabel('orders to billing'));
    await connection.locator('.channel-hit').click({ force: true });
    await page.getByRole('button', { name: 'Break…' }).click();
    await page.getByRole('menuitem', { name: 'Cut it' }).click();
    await expect(page.getByRole('button', { name: /^orders → billing: cut/i })).toBeVisible();
    await expect.poll(() => figure(page, 'Passes'), { timeout: 15_000 }).toBe(0);
    await page.getByRole('button', { name: 'Break…' }).click();
    await page.getByRole('menuitem', { name: 'Connect again' }).click();
    await expect.poll(() => figure(page, 'Passes'), { timeout: 15_000 }).toBeGreaterThan(100);
  });

  test('a lost broker leaves its partition to another replica, and comes back', async ({ page }) => {
    await command(page, 'All that are in sync');
    await play(page);
    await setSpeed(page, '10×');
    await card(page, 'kafka').click();
    await page.getByRole('button', { name: 'Lose b1' }).click();
    await card(page, 'orders').click();
    await expect(page.getByText(/leader b2/)).toBeVisible({ timeout: 20_000 });
    await card(page, 'kafka').click();
    await page.getByRole('button', { name: 'Restore b1' }).click();
    await card(page, 'orders').click();
    await expect(page.getByText(/in sync b1 b2|in sync b2 b1/)).toBeVisible({ timeout: 20_000 });
  });
});
