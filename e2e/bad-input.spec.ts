import { expect, test } from './support/console-guard.ts';
import { card, cardNames, openDesign, openStudio, setField } from './support/studio.ts';

const good = { format: 'spillway', version: 1, name: 'x', nodes: [], edges: [] };
const producer = (id: string, rate: number) => ({ id, kind: 'producer', name: id, fields: { rate } });

const refused: [what: string, text: string, says: RegExp][] = [
  ['an empty file', '', /empty/i],
  ['a file cut in half', '{"format":"spillway","version":1,"nodes":[{"id":"a"', /line 1/i],
  ['a drawing of another tool', '{"type":"excalidraw","version":2,"elements":[]}', /Excalidraw/],
  [
    'two nodes with one id',
    JSON.stringify({
      ...good,
      nodes: [
        { id: 'a', kind: 'topic', name: 'a', fields: {} },
        { id: 'a', kind: 'topic', name: 'b', fields: {} },
      ],
    }),
    /nodes\[1\].*"a"/,
  ],
  ['an own __proto__', '{"format":"spillway","version":1,"__proto__":{"x":1}}', /__proto__/],
];

test.describe('a file that is not a design', () => {
  for (const [what, text, says] of refused) {
    test(`${what} is refused with a sentence, and the design at hand stays`, async ({ page }) => {
      await openStudio(page);
      const before = await cardNames(page);
      await openDesign(page, text);
      await expect(page.locator('.notices')).toContainText(says);
      expect(await cardNames(page)).toEqual(before);
    });
  }

  test('hostile names are shown as text', async ({ page }) => {
    await openStudio(page);
    const name = '<img src=x onerror="document.title=1"> `end` "]';
    const nodes = ['toString', '__proto__', 'constructor'].map((id) => ({
      id,
      kind: 'queue',
      name,
      fields: {},
    }));
    await openDesign(page, JSON.stringify({ ...good, name, nodes }));
    await expect.poll(() => cardNames(page)).toEqual([name, name, name]);
    await expect(page).toHaveTitle(`${name} · Spillway`);
    await page.getByRole('button', { name: 'Export' }).click();
    const picture = page.getByRole('dialog').locator('svg[aria-roledescription^="flowchart"]');
    await expect(picture).toContainText('<img src=x');
    await expect(page).toHaveTitle(`${name} · Spillway`);
  });
});

test.describe('a design with impossible values', () => {
  test('opens, says at once why it cannot run and what is wrong, and leaves the old one kept', async ({
    page,
  }) => {
    await openStudio(page);
    await card(page, 'checkout-web').click();
    await setField(page, 'Rate', '77/s');
    await openDesign(page, JSON.stringify({ ...good, nodes: [producer('a', 1e9), producer('b', -1)] }));
    await expect(page.locator('.notices')).toContainText(/cannot run yet.*10,000,000.*\d problems/);
    const playButton = page.getByRole('button', { name: 'Play', exact: true });
    await expect(playButton).toBeDisabled();
    await expect(playButton).toHaveAttribute('title', /10,000,000/);

    await page.getByRole('button', { name: /^\d problems$/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /b, rate/ })
      .click();
    await expect(page.getByRole('complementary').getByText(/-1/).first()).toBeVisible();
    for (const name of ['a', 'b']) {
      await page.locator(`.react-flow__node[data-id="${name}"]`).click();
      await page.getByLabel('Rate', { exact: true }).fill('5/s');
      await page.getByLabel('Rate', { exact: true }).press('Enter');
    }
    await expect(playButton).toBeEnabled();

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find or do anything' }).fill('Orders and billing');
    await expect(page.getByRole('option', { name: 'Orders and billing Your design' })).toBeVisible();
  });
});
