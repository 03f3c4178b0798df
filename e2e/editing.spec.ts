import { expect, test } from './support/console-guard.ts';
import {
  card,
  cardNames,
  clockSeconds,
  dragMouse,
  edges,
  field,
  middleOf,
  openStudio,
  play,
  setField,
} from './support/studio.ts';

test.describe('editing', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a drag is one step of undo and of redo', async ({ page }) => {
    const shipping = card(page, 'shipping');
    const y = async () => Math.round((await middleOf(shipping)).y);
    const before = await y();
    const { x } = await middleOf(shipping);
    await dragMouse(page, { x, y: before }, { x: x + 32, y: before - 64 });
    await expect.poll(y).toBeLessThan(before - 30);
    const after = await y();
    await page.getByRole('button', { name: /^Undo: Move/ }).click();
    await expect.poll(y).toBe(before);
    await expect(page.getByRole('button', { name: 'Nothing to undo' })).toBeDisabled();
    await page.getByRole('button', { name: /^Redo: Move/ }).click();
    await expect.poll(y).toBe(after);
  });

  test('delete takes the edges along, undo brings all back', async ({ page }) => {
    await card(page, 'orders').click();
    await page.keyboard.press('Delete');
    await expect(edges(page)).toHaveCount(4);
    await page.keyboard.press('Control+z');
    await expect(edges(page)).toHaveCount(10);
  });

  test('cards are copied, pasted with their connection, duplicated and lined up', async ({
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await card(page, 'billing').click();
    await card(page, 'ledger-db').click({ modifiers: ['Control'] });
    await expect(page.getByRole('heading', { name: '2 nodes' })).toBeVisible();
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await expect(page.locator('.react-flow__node')).toHaveCount(13);
    await expect(edges(page)).toHaveCount(11);
    expect(await cardNames(page)).toContain('billing 2');

    await page.keyboard.press('Control+d');
    await expect(page.locator('.react-flow__node')).toHaveCount(15);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect(page.locator('.react-flow__node')).toHaveCount(11);

    await card(page, 'checkout-web').click();
    await card(page, 'orders').click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Align top edges' }).click();
    const top = async (name: string) => Math.round((await card(page, name).boundingBox())!.y);
    await expect.poll(() => top('orders')).toBe(await top('checkout-web'));
  });

  test('a structural change while running restarts the run and says why', async ({ page }) => {
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(0.5);
    await card(page, 'orders').click();
    await page.getByLabel(/^Partitions/).fill('6');
    await page.getByLabel(/^Partitions/).press('Enter');
    await expect(
      page.getByText('Changing partitions restarts the run, since keys move.').first(),
    ).toBeVisible();
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    expect(await clockSeconds(page)).toBe(0);
  });

  test('a value out of range is refused in words and changes nothing', async ({ page }) => {
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '1e9');
    await expect(page.getByText(/10,000,000/).first()).toBeVisible();
    await field(page, 'Rate').press('Escape');
    await expect(field(page, 'Rate')).toHaveValue(/^120/);
    await setField(page, 'Rate', 'soon');
    await expect(page.getByText(/Found "?soon"?, expected/)).toBeVisible();
  });
});
