import { expect, test } from './support/console-guard.ts';
import { cardNames, openDesign, openStudio } from './support/studio.ts';

const good = { format: 'spillway', version: 1, name: 'x', nodes: [], edges: [] };
const cases: [what: string, text: string, says: RegExp][] = [
  ['an empty file', '', /empty/i],
  ['a file cut in half', '{"format":"spillway","version":1,"nodes":[{"id":"a"', /line 1/i],
  ['a drawing of another tool', '{"type":"excalidraw","version":2,"elements":[]}', /Excalidraw/],
  [
    'a number out of range',
    JSON.stringify({ ...good, nodes: [{ id: 'a', kind: 'producer', name: 'a', fields: { rate: -1 } }] }),
    /-1/,
  ],
  [
    'two nodes with one id',
    JSON.stringify({
      ...good,
      nodes: [
        { id: 'a', kind: 'topic', name: 'a', fields: {} },
        { id: 'a', kind: 'topic', name: 'b', fields: {} },
      ],
    }),
    /"?a"?/,
  ],
  ['an own __proto__', '{"format":"spillway","version":1,"__proto__":{"x":1}}', /__proto__/],
];

test.describe('a file that is not a design', () => {
  for (const [what, text, says] of cases) {
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
    await openDesign(
      page,
      JSON.stringify({ ...good, name, nodes: [{ id: 'toString', kind: 'queue', name, fields: {} }] }),
    );
    await expect.poll(() => cardNames(page)).toEqual([name]);
    await expect(page).not.toHaveTitle('1');
  });

  test('a rate of a thousand million is refused, and nothing hangs', async ({ page }) => {
    await openStudio(page);
    await openDesign(
      page,
      JSON.stringify({ ...good, nodes: [{ id: 'a', kind: 'producer', name: 'a', fields: { rate: 1e9 } }] }),
    );
    await expect(page.locator('.notices')).toContainText(/10,000,000/);
  });
});
