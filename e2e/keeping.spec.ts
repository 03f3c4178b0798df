import { expect, test } from './support/console-guard.ts';
import {
  card,
  cardNames,
  command,
  field,
  openDesign,
  openStudio,
  play,
  saveDesign,
  setField,
} from './support/studio.ts';

test.describe('keeping designs', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a reload at once after an edit keeps it', async ({ page }) => {
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '333/s');
    await page.reload();
    await card(page, 'checkout-web').click();
    await expect(field(page, 'Rate')).toHaveValue(/333/);
  });

  test('neither a new design nor an example costs the old one, which stands in the list', async ({
    page,
  }) => {
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '77/s');
    await page.getByRole('textbox', { name: 'Name of the design' }).fill('My orders');
    await page.keyboard.press('Enter');
    const menu = async (item: string) => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await menu('New design');
    await expect.poll(() => cardNames(page)).toEqual([]);
    await page.getByRole('button', { name: 'Open an example' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^First queue|queue/i })
      .first()
      .click();
    await expect.poll(async () => (await cardNames(page)).length).toBeGreaterThan(1);
    expect(await cardNames(page)).not.toContain('checkout-web');

    await menu('Your designs and examples…');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^My orders/ })
      .click();
    await card(page, 'checkout-web').click();
    await expect(field(page, 'Rate')).toHaveValue(/77/);
  });

  test('a design that nobody touched is not kept, and a new one starts without the timeline of the last', async ({
    page,
  }) => {
    const strips = page.getByRole('slider', { name: 'Simulated time' });
    await play(page);
    await expect(strips).toBeVisible();
    await command(page, 'New design');
    await expect.poll(() => cardNames(page)).toEqual([]);
    await expect(strips).toBeHidden();
    await command(page, 'A first queue');
    await expect.poll(async () => (await cardNames(page)).length).toBeGreaterThan(1);
    await command(page, 'Open one of your designs');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name: /^A retry storm/ })).toBeVisible();
    await expect(dialog.getByText('Yours, in this browser')).toBeHidden();
    await expect(dialog.getByRole('button', { name: /^Untitled/ })).toBeHidden();
  });

  test('a second tab gets a copy, and both are kept', async ({ page, context }) => {
    const second = await context.newPage();
    await openStudio(second);
    await expect(second.locator('.notices')).toContainText('open in another tab');
    await card(second, 'checkout-web').click();
    await setField(second, 'Rate', '99/s');
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '11/s');
    for (const [tab, rate] of [
      [page, /^11/],
      [second, /^99/],
    ] as const) {
      await tab.reload();
      await card(tab, 'checkout-web').click();
      await expect(field(tab, 'Rate')).toHaveValue(rate);
    }
  });

  test('a design saved as a file and opened again is the same, byte for byte', async ({ page }) => {
    const saved = await saveDesign(page);
    expect(saved.name).toBe('orders-and-billing.spillway.json');
    await card(page, 'orders').click();
    await page.keyboard.press('Delete');
    await expect(card(page, 'orders')).toBeHidden();
    await openDesign(page, saved.text, saved.name);
    await expect(card(page, 'orders')).toBeVisible();
    expect((await saveDesign(page)).text).toBe(saved.text);
  });
});
