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

/** The names on the canvas. */
export async function cardNames(page: Page): Promise<string[]> {
  const labels = await page
    .locator('.react-flow__node[aria-label]')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replace(/, [^,]*$/, '')).toSorted();
}

export async function play(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
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

/** A measured figure in the inspector, as a number: "1,204", "46/s". */
export async function figure(page: Page, label: string): Promise<number> {
  const row = page.getByRole('row', { name: new RegExp(`^${label}\\b`) }).first();
  const text = await row.getByRole('cell').last().innerText();
  return Number(text.replace(/,/g, '').match(/-?[\d.]+/)?.[0] ?? NaN);
}

/** Opens a design from its text, as a file chosen by hand. */
export async function openDesign(page: Page, text: string, name = 'design.spillway.json'): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}
