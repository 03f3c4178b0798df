import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/console-guard.ts';
import { card, clockSeconds, openStudio, pause, play, setSpeed } from './support/studio.ts';

test.describe('everyone can use it', () => {
  for (const theme of ['light', 'dark'] as const) {
    test(`no accessibility rule is broken in the ${theme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await openStudio(page);
      await expectAccessible(page, 'at rest');
      await setSpeed(page, '10×');
      await play(page);
      await expect.poll(() => clockSeconds(page)).toBeGreaterThan(5);
      await card(page, 'billing').click();
      await page.getByRole('button', { name: 'Crash m2' }).click();
      await expect(page.getByRole('button', { name: 'Restore m2' })).toBeVisible();
      await page.keyboard.press('f');
      await pause(page);
      await expectAccessible(page, 'running, with the inspector of a group and the table');
      await page.getByRole('button', { name: 'Export' }).click();
      await expect(page.locator('svg[aria-roledescription^="flowchart"]')).toBeVisible({ timeout: 20_000 });
      await expectAccessible(page, 'with the export dialog');
      await page.keyboard.press('Escape');
      await page.keyboard.press('b');
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'with the break dialog');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox', { name: 'Find or do anything' })).toBeFocused();
      await expectAccessible(page, 'with the command palette');
    });
  }

  test('who asks for less motion gets none, and all the figures', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openStudio(page);
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(1);
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 10)
        .map((animation) =>
          String(animation.effect && (animation.effect as KeyframeEffect).target?.className),
        ),
    );
    expect(moving).toEqual([]);
    await expect(page.getByTestId('run-hash')).toHaveText(/^[0-9a-f]{16}$/);
  });

  for (const size of [
    { width: 720, height: 800 },
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
  ]) {
    test(`nothing is cut off at ${size.width} × ${size.height}`, async ({ page }) => {
      await page.setViewportSize(size);
      await openStudio(page);
      await expectWithin(page, size);
      await setSpeed(page, '10×');
      await play(page);
      await expect(page.getByRole('slider', { name: 'Simulated time' })).toBeVisible();
      await expectWithin(page, size);
      await card(page, 'billing').click();
      await expectWithin(page, size);
    });
  }
});

async function expectAccessible(page: Page, when: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
  expect(found, when).toEqual([]);
}

/** The parts of the studio lie in the window, and no text of theirs is wider than its place without saying so. */
async function expectWithin(page: Page, { width, height }: { width: number; height: number }): Promise<void> {
  for (const part of ['.top-bar', '.palette-rail', '.inspector', '.dock', '.studio-canvas']) {
    const box = (await page.locator(part).boundingBox())!;
    expect(box.x, part).toBeGreaterThanOrEqual(0);
    expect(box.y, part).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width, part).toBeLessThanOrEqual(width);
    expect(box.y + box.height, part).toBeLessThanOrEqual(height);
  }
  const cut = await page.evaluate(() => {
    const holders = [
      document.documentElement,
      ...document.querySelectorAll('.top-bar, .dock, .transport, .inspector'),
    ];
    return holders
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.className}: ${element.scrollWidth} > ${element.clientWidth}`);
  });
  expect(cut).toEqual([]);
  const outside = await page.evaluate(() => {
    const pane = document.querySelector('.design-canvas')!.getBoundingClientRect();
    return [...document.querySelectorAll('.react-flow__node')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const isIn = box.left >= pane.left && box.right <= pane.right && box.top >= pane.top;
        return !isIn || box.bottom > pane.bottom;
      })
      .map((element) => element.getAttribute('aria-label'));
  });
  expect(outside, 'cards outside the canvas').toEqual([]);
}
