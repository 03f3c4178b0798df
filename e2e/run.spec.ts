import { expect, test } from './support/console-guard.ts';
import { card, clockSeconds, command, figure, openStudio, pause, play, setSpeed } from './support/studio.ts';

test.describe('a run', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a fault planned in the Break dialog stands on the timeline and happens', async ({ page }) => {
    await card(page, 'billing').click();
    await page.keyboard.press('b');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('At', { exact: true }).fill('2 s');
    await dialog.getByLabel('At', { exact: true }).press('Enter');
    await dialog.getByRole('button', { name: 'Plan it for every run' }).click();
    await play(page);
    const flag = page.getByRole('button', { name: /^billing: m1 crashed at 00:02\. Planned/ });
    await expect(flag).toBeVisible();
    await setSpeed(page, '5×');
    await expect(page.getByRole('button', { name: 'Restore m1' })).toBeVisible();
    expect(await clockSeconds(page)).toBeGreaterThanOrEqual(2);
  });

  test('time goes back and forward by the scrub head', async ({ page }) => {
    await setSpeed(page, '10×');
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(12);
    await pause(page);
    const there = await clockSeconds(page);
    const box = (await page.getByRole('slider', { name: 'Simulated time' }).boundingBox())!;
    const press = (share: number) => page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
    await press(0.1);
    await expect.poll(() => clockSeconds(page)).toBeLessThan(there - 4);
    const back = await clockSeconds(page);
    await press(0.5);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(back + 10);
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  });

  test('a full queue says who waits, since when and for whom', async ({ page }) => {
    await command(page, 'A database that is full');
    await setSpeed(page, '10×');
    await play(page);
    await card(page, 'thumbnails').click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await expect(inspector.getByText('Why is it full?')).toBeVisible({ timeout: 15_000 });
    await expect(inspector).toContainText(
      /thumbnails is full since \d\d:\d\d: .* so uploads waits for room\./,
    );
    await expect(inspector).toContainText(/resizers itself waits: catalog-db is full/);
    await expect.poll(() => figure(page, 'Wait, mean')).toBeGreaterThan(1);
  });

  test('every live figure can be read as a table', async ({ page }) => {
    await page.keyboard.press('f');
    const table = page.getByRole('region', { name: 'Table of figures' });
    await expect(table.getByText('Press Play to see figures.')).toBeVisible();
    await play(page);
    const row = (name: string) => table.getByRole('row', { name: new RegExp(`^${name}`) });
    await expect(row('checkout-web').getByRole('cell').nth(2)).toHaveText(/^1\d\d$/, { timeout: 15_000 });
    await expect(row('checkout-web').getByRole('cell').nth(3), 'a producer holds nothing').toBeEmpty();
    await expect(row('shipping').getByRole('cell').nth(2)).toHaveText(/^\d+/);
    await table.getByRole('button', { name: 'billing' }).click();
    await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('billing');
    await page.keyboard.press('Escape');
    await table.getByRole('button', { name: 'Close the table' }).click();
    await expect(table).toBeHidden();
  });

  test('a simulation that does not answer is said, then replaced, and the design is untouched', async ({
    page,
    context,
  }) => {
    const devtools = await context.newCDPSession(page);
    const workers: string[] = [];
    devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') workers.push(sessionId);
    });
    await devtools.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    await play(page);
    await expect.poll(() => workers.length).toBe(1);
    for (const [id, method] of ['Debugger.enable', 'Debugger.pause'].entries()) {
      const message = JSON.stringify({ id, method });
      await devtools.send('Target.sendMessageToTarget', { sessionId: workers[0], message });
    }
    await expect(page.getByText('The simulation is not answering yet.')).toBeVisible({ timeout: 10_000 });
    await expect(page.getByText(/was restarted\. Your design is untouched\./)).toBeVisible({
      timeout: 10_000,
    });
    await devtools.detach();
    await expect(page.locator('.react-flow__node')).toHaveCount(11);
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(0.3);
  });
});
