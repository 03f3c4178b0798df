import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { expect, test } from './support/console-guard.ts';
import { clockSeconds, openStudio, pause, play, setField, setSpeed } from './support/studio.ts';

/** Simulated seconds of the runs that are compared; long enough that a slow machine still gets to press Pause. */
const SECONDS = 15;

test.describe('the same design and seed', () => {
  test('give the same fingerprint on the command line, at 1× with pauses and steps, at full speed, and after going back', async ({
    page,
  }) => {
    const expected = hashOfCommandLine();
    await openStudio(page);
    await setField(page, 'Runs for', `${SECONDS} s`);

    await play(page);
    for (const at of [0.7, 1.6, 2.5]) {
      await expect.poll(() => clockSeconds(page)).toBeGreaterThan(at);
      await pause(page);
      await page.getByRole('button', { name: 'Step by one event' }).click();
      await play(page);
    }
    await setSpeed(page, '10×');
    await expectHashAtEnd(page, expected);

    await page.getByRole('button', { name: 'Restart' }).click();
    await expect(page.getByTestId('run-hash')).toBeHidden();
    await setSpeed(page, 'Max, as fast as it goes');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expectHashAtEnd(page, expected);

    const scrubber = page.getByRole('slider', { name: 'Simulated time' });
    await scrubber.press('Shift+ArrowLeft');
    await scrubber.press('Shift+ArrowLeft');
    await expect.poll(() => clockSeconds(page)).toBeLessThan(SECONDS);
    await expect(page.getByTestId('run-hash')).not.toHaveText(expected);
    await scrubber.press('End');
    await expectHashAtEnd(page, expected);
  });
});

function hashOfCommandLine(): string {
  const output = execFileSync(
    'node',
    ['dist-cli/spillway.js', 'run', 'gallery:orders', '--until', `${SECONDS}s`, '--json'],
    { encoding: 'utf8' },
  );
  return (JSON.parse(output) as { hash: string }).hash;
}

async function expectHashAtEnd(page: Page, expected: string): Promise<void> {
  await expect(page.getByRole('button', { name: 'Play again' })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByTestId('run-hash')).toHaveText(expected);
}
