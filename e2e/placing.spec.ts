import { expect, test } from './support/console-guard.ts';
import { card, command, dragMouse, edges, middleOf, openStudio } from './support/studio.ts';

test.describe('placing and connecting by pointer', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a kind is dragged from the palette and connected by tap and tap', async ({ page }) => {
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('menuitem', { name: /^Queue/ }).dragTo(page.locator('.react-flow__pane'), {
      targetPosition: { x: 330, y: 40 },
    });
    await expect(card(page, 'jobs')).toBeVisible();
    await card(page, 'checkout-web').click();
    await page.keyboard.press('c');
    await card(page, 'jobs').click();
    await expect(edges(page)).toHaveCount(11);
  });

  test('a kind is taken in hand by a tap and put down by another', async ({ page }) => {
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('menuitem', { name: /^Queue/ }).click();
    await page.locator('.react-flow__pane').click({ position: { x: 330, y: 40 } });
    await expect(card(page, 'jobs')).toBeVisible();
    const jobs = await middleOf(card(page, 'jobs'));
    const pane = (await page.locator('.react-flow__pane').boundingBox())!;
    expect(Math.abs(jobs.x - pane.x - 330)).toBeLessThan(12);
    expect(Math.abs(jobs.y - pane.y - 40)).toBeLessThan(12);
  });

  test('a connection is drawn from port to card', async ({ page }) => {
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('menuitem', { name: /^Queue/ }).click();
    await page.locator('.react-flow__pane').click({ position: { x: 330, y: 40 } });
    const port = card(page, 'checkout-web').locator('.react-flow__handle.port.right');
    await dragMouse(page, await middleOf(port), await middleOf(card(page, 'jobs')));
    await expect(edges(page)).toHaveCount(11);
    await expect(page.locator('.notices')).toBeEmpty();
  });

  test('“Connect to…” offers what can be connected and says why the rest cannot', async ({ page }) => {
    await card(page, 'checkout-web').click();
    await command(page, 'connect to');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name: /^mobile-app/ })).toBeDisabled();
    await expect(dialog.getByRole('button', { name: /^mobile-app/ })).toContainText('Producers only send.');
    await expect(dialog.getByRole('button', { name: /^orders.*already connected/ })).toBeEnabled();
    await page.keyboard.press('Escape');
    await command(page, 'add queue');
    await card(page, 'checkout-web').click();
    await command(page, 'connect to');
    await dialog.getByRole('button', { name: /^jobs/ }).click();
    await expect(edges(page)).toHaveCount(11);
  });

  test('a connection that makes no sense is refused with the reason', async ({ page }) => {
    await card(page, 'orders').click();
    await page.keyboard.press('c');
    await card(page, 'checkout-web').click();
    await expect(page.getByText('A topic cannot feed a producer. Producers only send.')).toBeVisible();
    await expect(edges(page)).toHaveCount(10);
  });
});
