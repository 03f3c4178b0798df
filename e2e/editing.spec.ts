import { expect, test } from './support/console-guard.ts';
import { card, cardNames, openStudio, play } from './support/studio.ts';

test.describe('editing', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a reload at once after an edit keeps it', async ({ page }) => {
    await card(page, 'checkout-web').click();
    const rate = page.getByLabel('Rate', { exact: true });
    await rate.fill('333/s');
    await rate.press('Enter');
    await page.reload();
    await card(page, 'checkout-web').click();
    await expect(page.getByLabel('Rate', { exact: true })).toHaveValue(/333/);
  });

  test('a drag is one step of undo', async ({ page }) => {
    const shipping = card(page, 'shipping');
    const before = (await shipping.boundingBox())!;
    await page.mouse.move(before.x + 100, before.y + 20);
    await page.mouse.down();
    await page.mouse.move(before.x + 130, before.y - 40, { steps: 8 });
    await page.mouse.up();
    await expect.poll(async () => (await shipping.boundingBox())!.y).toBeLessThan(before.y - 30);
    await page.getByRole('button', { name: /^Undo: Move/ }).click();
    await expect.poll(async () => Math.round((await shipping.boundingBox())!.y)).toBe(Math.round(before.y));
    await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeDisabled();
  });

  test('delete takes the edges along, undo brings all back', async ({ page }) => {
    await card(page, 'orders').click();
    await page.keyboard.press('Delete');
    await expect(page.locator('.react-flow__edge')).toHaveCount(4);
    await page.keyboard.press('Control+z');
    await expect(page.locator('.react-flow__edge')).toHaveCount(10);
  });

  test('a kind is dragged from the palette and connected by tap and tap', async ({ page }) => {
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('button', { name: /^Queue/ }).dragTo(page.locator('.react-flow__pane'), {
      targetPosition: { x: 300, y: 60 },
    });
    await expect(card(page, 'jobs')).toBeVisible();
    await card(page, 'checkout-web').click();
    await page.keyboard.press('c');
    await card(page, 'jobs').click();
    await expect(page.locator('.react-flow__edge')).toHaveCount(11);
  });

  test('a connection that makes no sense is refused with the reason', async ({ page }) => {
    await card(page, 'orders').click();
    await page.keyboard.press('c');
    await card(page, 'checkout-web').click();
    await expect(page.getByText('A topic cannot feed a producer. Producers only send.')).toBeVisible();
    await expect(page.locator('.react-flow__edge')).toHaveCount(10);
  });

  test('a structural change while running says that it restarts', async ({ page }) => {
    await play(page);
    await card(page, 'orders').click();
    const partitions = page.getByLabel(/^Partitions/);
    await partitions.fill('6');
    await partitions.press('Enter');
    await expect(page.getByText(/restart/i).first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  });

  test('a value out of range is refused in words and changes nothing', async ({ page }) => {
    await card(page, 'checkout-web').click();
    const rate = page.getByLabel('Rate', { exact: true });
    await rate.fill('1e9');
    await rate.press('Enter');
    await expect(page.getByText(/10,000,000/).first()).toBeVisible();
    await rate.press('Escape');
    await expect(rate).toHaveValue(/^120/);
  });

  test('a new design never costs the old one', async ({ page }) => {
    await card(page, 'checkout-web').click();
    await page.getByLabel('Rate', { exact: true }).fill('77/s');
    await page.getByLabel('Rate', { exact: true }).press('Enter');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'New design' }).click();
    await expect.poll(() => cardNames(page)).toEqual([]);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/find/i).fill('Orders and billing');
    await page
      .getByRole('option', { name: /Orders and billing/ })
      .first()
      .click();
    await card(page, 'checkout-web').click();
    await expect(page.getByLabel('Rate', { exact: true })).toHaveValue(/77/);
  });
});
