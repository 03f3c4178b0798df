import type { Page } from '@playwright/test';
import { expect, test } from './support/console-guard.ts';
import {
  card,
  clockSeconds,
  edges,
  openDesign,
  openStudio,
  play,
  setField,
  setSpeed,
} from './support/studio.ts';

const topics = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

/** A group that sends each message that it works on to so many topics, and reads all of them. */
const feedback = (copies: number) => ({
  format: 'spillway',
  version: 1,
  name: 'Feedback',
  nodes: [
    { id: 'source', kind: 'producer', name: 'source', fields: { rate: 100 } },
    ...topics.slice(0, copies).map((name) => ({ id: name, kind: 'topic', name, fields: { partitions: 10 } })),
    {
      id: 'workers',
      kind: 'consumer-group',
      name: 'workers',
      fields: { members: 10, concurrency: 1000, serviceTime: { shape: 'constant', mean: 10 } },
    },
  ],
  edges: [
    { id: 'in', from: 'source', fromPort: 'out', to: 'first', toPort: 'in' },
    ...topics.slice(0, copies).flatMap((name) => [
      { id: `read ${name}`, from: name, fromPort: 'out', to: 'workers', toPort: 'in' },
      { id: `write ${name}`, from: 'workers', fromPort: 'out', to: name, toPort: 'in' },
    ]),
  ],
});

/** Starts to count animation frames in the page, and the longest time between two. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { frames: 0, longestMs: 0 };
    let last = performance.now();
    const frame = (now: number) => {
      seen.frames++;
      seen.longestMs = Math.max(seen.longestMs, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { seen });
  });
}

/** Frames since the last call, and the longest time between two of them. */
function framesSeen(page: Page): Promise<{ frames: number; longestMs: number }> {
  return page.evaluate(() => {
    const { seen } = window as unknown as { seen: { frames: number; longestMs: number } };
    const found = { ...seen };
    Object.assign(seen, { frames: 0, longestMs: 0 });
    return found;
  });
}

/** Milliseconds from a press of a zoom button until the canvas has another scale. */
function answerMs(page: Page, button: 'Zoom in' | 'Zoom out'): Promise<number> {
  return page.evaluate(async (label) => {
    const scale = () => document.querySelector<HTMLElement>('.react-flow__viewport')!.style.transform;
    const before = scale();
    const from = performance.now();
    document.querySelector<HTMLElement>(`button[aria-label="${label}"]`)!.click();
    while (scale() === before && performance.now() - from < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return performance.now() - from;
  }, button);
}

const stoppedText = (page: Page) => page.locator('.transport').getByText(/The run stopped at/);

test.describe('a design that runs away', () => {
  test.beforeEach(async ({ page }) => openStudio(page));

  test('is named before it starts, stops with a reason, and leaves the page at hand', async ({ page }) => {
    await openDesign(page, JSON.stringify(feedback(8)));
    await expect(card(page, 'workers')).toBeVisible();
    await expect(page.getByRole('button', { name: /^\d problems?$/ })).toBeVisible({ timeout: 2000 });
    await page.getByRole('button', { name: /^\d problems?$/ }).click();
    await expect(
      page
        .getByRole('dialog')
        .getByText(/workers → first → workers grows 8 times every round: 100\/s come in/),
    ).toBeVisible();
    await page.keyboard.press('Escape');

    await setSpeed(page, 'Max, as fast as it goes');
    await watchFrames(page);
    await play(page);
    const answers: number[] = [];
    const frames: { frames: number; longestMs: number }[] = [];
    while (!(await stoppedText(page).isVisible())) {
      answers.push(await answerMs(page, 'Zoom out'), await answerMs(page, 'Zoom in'));
      await page.waitForTimeout(400);
      frames.push(await framesSeen(page));
      expect(answers.length, 'the run stops').toBeLessThan(100);
    }
    // A machine that builds or measures something else at the time may hold up a press; not most of them.
    const inTime = answers.filter((ms) => ms < 200).length;
    expect(inTime / answers.length, `presses answered in time, of ${answers.join(' ')}`).toBeGreaterThan(0.8);
    for (const { frames: drawn } of frames) expect(drawn, 'the page goes on drawing').toBeGreaterThan(4);
    await expect(stoppedText(page)).toHaveText(
      /workers needed more than 8,000,000 messages alive\. It sends [\d,]+\/s, and what it sends comes back to it: workers → \w+ → workers\./,
    );

    await card(page, 'workers').click();
    await page.keyboard.press('Delete');
    await expect(edges(page)).toHaveCount(1);
    await expect(stoppedText(page)).toBeHidden();
    await setSpeed(page, '1×');
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(0.3);
  });

  test('is stopped and named when an edit during the run makes time stand still', async ({ page }) => {
    await openDesign(page, JSON.stringify(feedback(1)));
    await card(page, 'workers').click();
    await play(page);
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(0.3);
    await watchFrames(page);
    await setField(page, 'Service time', '0 ms');
    await expect(stoppedText(page)).toHaveText(
      /time stands still at workers, where more than 1,000,000 events happen at one instant\./,
    );
    expect(await answerMs(page, 'Zoom in')).toBeLessThan(200);
    expect((await framesSeen(page)).longestMs, 'the page went on drawing').toBeLessThan(1000);
    await setField(page, 'Service time', '10 ms');
    await page.getByRole('button', { name: 'Play again' }).click();
    await expect(stoppedText(page)).toBeHidden();
    await expect.poll(() => clockSeconds(page)).toBeGreaterThan(0.3);
  });
});
