import { execFileSync } from 'node:child_process';
import { expect, test } from './support/console-guard.ts';
import { cardNames, command, openStudio, setField, setSpeed } from './support/studio.ts';

test.describe('a link to a design', () => {
  test('shows a colleague the very same run, in another browser and on the command line', async ({
    page,
    browser,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await openStudio(page);
    await setField(page, 'Runs for', '5 s');
    await setField(page, 'Seed', '4711');
    await command(page, 'copy link');
    await expect(page.locator('.notices')).toContainText('Link copied.');
    const link = await page.evaluate(() => navigator.clipboard.readText());

    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(link);
    await expect(other).toHaveTitle(/^Orders and billing/);
    expect(other.url()).not.toContain('#');
    expect(await cardNames(other)).toEqual(await cardNames(page));
    const output = execFileSync('node', ['dist-cli/spillway.js', 'run', link, '--json'], {
      encoding: 'utf8',
    });
    const { hash, seed } = JSON.parse(output) as { hash: string; seed: number };
    for (const studio of [page, other]) {
      await setSpeed(studio, 'Max, as fast as it goes');
      await studio.getByRole('button', { name: 'Play', exact: true }).click();
      await expect(studio.getByRole('button', { name: 'Play again' })).toBeVisible({ timeout: 20_000 });
      await expect(studio.getByTestId('run-hash')).toHaveText(hash);
    }
    expect(String(seed)).toBe('4711');
    await elsewhere.close();
  });

  test('that was cut off is told of, and nothing is lost', async ({ page }) => {
    await openStudio(page);
    const before = await cardNames(page);
    await page.evaluate(() => (location.hash = '#design=rZJNa8M'));
    await expect(page.locator('.notices')).toContainText(
      'The link cannot be opened: found no whole design in it.',
    );
    expect(await cardNames(page)).toEqual(before);
  });
});
