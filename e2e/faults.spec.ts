import { expect, test } from './support/console-guard.ts';
import { sketched } from '../src/gallery/sketch.ts';
import {
  card,
  command,
  edges,
  field,
  figure,
  openDesign,
  openStudio,
  play,
  setField,
  setSpeed,
} from './support/studio.ts';

test.describe('what breaks', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('a connection is cut, says so, holds back what it carries, and is mended', async ({ page }) => {
    await setSpeed(page, '5×');
    await play(page);
    const connection = edges(page).and(page.getByLabel('orders to billing'));
    await connection.locator('.channel-hit').click({ force: true });
    await page.getByRole('button', { name: 'Break…' }).click();
    await page.getByRole('menuitem', { name: 'Cut it' }).click();
    await expect(page.getByRole('button', { name: /^orders → billing: cut/i })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Why does nothing pass?' })).toBeVisible();
    await expect(page.getByRole('img', { name: 'State: Cut' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Network: orders → billing cut since/ })).toBeVisible();
    await expect.poll(() => figure(page, 'Passes'), { timeout: 15_000 }).toBe(0);
    await page.getByRole('button', { name: 'Break…' }).click();
    await page.getByRole('menuitem', { name: 'Connect again' }).click();
    await expect.poll(() => figure(page, 'Passes'), { timeout: 15_000 }).toBeGreaterThan(100);
  });

  test('random faults that are asked for strike in the run that follows', async ({ page }) => {
    await play(page);
    await setField(page, 'Random faults', '60');
    await expect(page.getByText('Changing the random faults restarts the run.')).toBeVisible();
    await setSpeed(page, '10×');
    await play(page);
    const struck = page.locator('.timeline').getByRole('button', { name: /: |→/ });
    await expect(struck.first()).toBeVisible({ timeout: 20_000 });
  });

  test('a message that breaks a guarantee stops the run, and is named in full beside the clock and at its group', async ({
    page,
  }) => {
    const crash = { atMs: 12_000, forMs: 4000, node: 'g', fault: 'crash', args: { member: 1 } };
    const design = sketched({
      name: 'Guarantee',
      nodes: {
        web: { kind: 'producer', at: [0, 0], fields: { rate: 8 } },
        t: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
        g: {
          kind: 'consumer-group',
          at: [500, 0],
          fields: {
            members: 2,
            serviceTime: { shape: 'constant', mean: 200 },
            commit: 'interval',
            commitInterval: 5000,
            sessionTimeout: 6000,
            guarantee: 'effectively-once',
            dedupWindow: 1,
            onViolation: 'stop',
          },
        },
      },
      edges: ['web > t', 't > g'],
      horizonMs: 60_000,
      faults: { crash },
    });
    await openDesign(page, JSON.stringify({ format: 'spillway', ...design }));
    await setSpeed(page, '10×');
    await play(page);
    const said =
      /The run stopped at [\d.]+ s: message \d+ \(key \d+\) was processed again at g, and its guarantee is/;
    const beside = page.locator('.run-message');
    await expect(beside).toHaveText(said, { timeout: 20_000 });
    expect(await beside.evaluate((line) => line.scrollHeight <= line.clientHeight + 1)).toBe(true);
    await card(page, 'g').click();
    await expect(page.locator('.node-problems')).toHaveText(said);
  });

  test('random faults become planned ones, one by one, and undo takes that back', async ({ page }) => {
    await setField(page, 'Random faults', '12');
    const scheduled = page.getByRole('region', { name: 'Scheduled faults' });
    await expect(scheduled).toBeHidden();
    await page.getByRole('button', { name: 'Make these faults planned' }).click();
    await expect(scheduled.getByRole('listitem').first()).toBeVisible();
    expect(await scheduled.getByRole('listitem').count()).toBeGreaterThan(20);
    await expect(field(page, 'Random faults')).toHaveValue('0');
    await page.keyboard.press('Control+z');
    await expect(scheduled).toBeHidden();
  });

  test('a queue that is full shows it in its statechart, as does a group in that of its tries', async ({
    page,
  }) => {
    await command(page, 'A queue that overflows');
    await play(page);
    await setSpeed(page, '10×');
    await page.locator('.react-flow__node[aria-label$=", Queue"]').click();
    await expect(page.getByRole('img', { name: 'State: Pushing out' })).toBeVisible({ timeout: 20_000 });
    await command(page, 'A retry storm');
    await play(page);
    await page.locator('.react-flow__node[aria-label$=", Consumer group"]').click();
    await expect(page.getByRole('region', { name: 'Tries of its messages' })).toContainText(/Dead \d/, {
      timeout: 20_000,
    });
  });

  test('a lost broker leaves its partition to another replica, and comes back', async ({ page }) => {
    await command(page, 'All that are in sync');
    await play(page);
    await setSpeed(page, '10×');
    await card(page, 'kafka').click();
    await page.getByRole('button', { name: 'Lose b1' }).click();
    await card(page, 'orders').click();
    await expect(page.getByText(/leader b2/)).toBeVisible({ timeout: 20_000 });
    await card(page, 'kafka').click();
    await page.getByRole('button', { name: 'Restore b1' }).click();
    await card(page, 'orders').click();
    await expect(page.getByText(/in sync b1 b2|in sync b2 b1/)).toBeVisible({ timeout: 20_000 });
  });
});
