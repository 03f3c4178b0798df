import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** Opens the app and waits until the design can be played. */
export async function openStudio(page: Page): Promise<void> {
  await page.goto('./');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
}

/** The card of a node, by its name. */
export function card(page: Page, name: string): Locator {
  return page.locator(`.react-flow__node[aria-label^="${name}, "]`);
}

/** Every edge on the canvas. */
export function edges(page: Page): Locator {
  return page.locator('.react-flow__edge');
}

/** The names on the canvas. */
export async function cardNames(page: Page): Promise<string[]> {
  const labels = await page
    .locator('.react-flow__node[aria-label]')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replace(/, [^,]*$/, '')).toSorted();
}

/** A field of the inspector, by its label. */
export function field(page: Page, label: string): Locator {
  return page.getByRole('complementary', { name: 'Inspector' }).getByLabel(label, { exact: true });
}

export async function setField(page: Page, label: string, text: string): Promise<void> {
  await field(page, label).fill(text);
  await field(page, label).press('Enter');
}

export async function play(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
}

export async function pause(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
}

export async function setSpeed(page: Page, speed: string): Promise<void> {
  await page.getByRole('button', { name: /^Speed / }).click();
  await page.getByRole('menuitemradio', { name: speed, exact: true }).click();
}

/** What the clock of the run shows, in simulated seconds. */
export async function clockSeconds(page: Page): Promise<number> {
  const text = await page.getByRole('timer', { name: 'Simulated time' }).innerText();
  return text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** A measured figure in the inspector, as a number: "1,204", "46/s", "12.4 k"; NaN while it is not there. */
export async function figure(page: Page, label: string): Promise<number> {
  const rows = await page
    .locator('.now tr')
    .evaluateAll((all) =>
      all.map((row) => [row.querySelector('th')?.textContent, row.querySelector('td')?.textContent]),
    );
  const text = rows.find(([name]) => name === label)?.[1] ?? '';
  const [, number, unit] = /(-?[\d.]+)(?: ([kM])\b)?/.exec(text.replace(/,/g, '')) ?? [];
  return Number(number) * (unit === 'M' ? 1e6 : unit === 'k' ? 1e3 : 1);
}

/** Opens a design from its text, as a file chosen by hand. */
export async function openDesign(page: Page, text: string, name = 'design.spillway.json'): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

/** The text of the file that "Save as file" gives, and its name. */
export async function saveDesign(page: Page): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

/** Finds a command in the command palette and does it. */
export async function command(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or do anything' }).fill(query);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Find or do anything' })).toBeHidden();
}

/** Drags with the mouse from one point to another, as a hand does. */
export async function dragMouse(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}

/** The middle of an element on the screen. */
export async function middleOf(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error(`${String(element)} is not on the screen.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
