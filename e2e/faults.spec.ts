import { expect, test } from './support/console-guard.ts';
import {
  card,
  command,
  edges,
  field,
  figure,
  openStudio,
  play,
  setField,
  setSpeed,
} from './support/studio.ts';

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
    await expect(page.getByRole('heading', { name: 'Why does nothing pass?' })).toBeVisible();
    await expect(page.getByRole('img', { name: 'State: Cut' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Network: orders → billing cut since/ })).toBeVisible();
    await expect.poll(() => figure(page, 'Passes'), { timeout: 15_000 }).toBe(0);
    await page.getByRole('button', { name: 'Break…' }).click();
    await page.getByRole('menuitem', { name: 'Connect again' }).click();
    await expect.poll(() => figure(page, 'Passes'), { timeout: 15_000 }).toBeGreaterThan(100);
  });

  test('random faults become planned ones, one by one, and undo takes that back', async ({ page }) => {
    await setField(page, 'Random faults', '12');
    const scheduled = page.getByRole('region', { name: 'Scheduled faults' });
    await expect(scheduled).toBeHidden();
    await page.getByRole('button', { name: 'Make these faults planned' }).click();
    await expect(scheduled.getByRole('listitem').first()).toBeVisible();
    expect(await scheduled.getByRole('listitem').count()).toBeGreaterThan(20);
    await expect(field(page, 'Random faults')).toHaveValue('0');
    await page.keyboard.press('Control+z');
    await expect(scheduled).toBeHidden();
  });

  test('a queue that is full shows it in its statechart, as does a group in that of its tries', async ({
    page,
  }) => {
    await command(page, 'A queue that overflows');
    await play(page);
    await setSpeed(page, '10×');
    await page.locator('.react-flow__node[aria-label$=", Queue"]').click();
    await expect(page.getByRole('img', { name: 'State: Pushing out' })).toBeVisible({ timeout: 20_000 });
    await command(page, 'A retry storm');
    await play(page);
    await page.locator('.react-flow__node[aria-label$=", Consumer group"]').click();
    await expect(page.getByRole('region', { name: 'Tries of its messages' })).toContainText(/Dead \d/, {
      timeout: 20_000,
    });
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
