import { execFileSync } from 'node:child_process';
import { expect, test } from './support/console-guard.ts';
import { openStudio, play, setSpeed } from './support/studio.ts';
import type { Page } from '@playwright/test';

/** Simulated seconds of the runs that are compared. */
const SECONDS = 4;

test.describe('the same design and seed', () => {
  test('give the same hash in Node, at 1× with pauses, and at full speed', async ({ page }) => {
    const output = execFileSync(
      'node',
      ['dist-cli/spillway.js', 'run', 'gallery:orders', '--until', `${SECONDS}s`, '--json'],
      { encoding: 'utf8' },
    );
    const expected = (JSON.parse(output) as { hash: string }).hash;
    await openStudio(page);
    await page.getByLabel('Runs for').fill(`${SECONDS} s`);
    await page.getByLabel('Runs for').press('Enter');

    await play(page);
    for (let pause = 0; pause < 3; pause++) {
      await page.waitForTimeout(300);
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await page.getByRole('button', { name: 'Step by one event' }).click();
      await play(page);
    }
    expect(await hashAtEnd(page)).toBe(expected);

    await page.getByRole('button', { name: 'Restart' }).click();
    await setSpeed(page, 'Max, as fast as it goes');
    await play(page).catch(() => undefined);
    expect(await hashAtEnd(page)).toBe(expected);
  });
});

async function hashAtEnd(page: Page): Promise<string> {
  await expect(page.getByRole('button', { name: 'Play again' })).toBeVisible({ timeout: 20_000 });
  return (await page.getByTestId('run-hash').innerText()).trim();
}
