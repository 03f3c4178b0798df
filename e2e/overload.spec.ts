import { expect, test } from './support/console-guard.ts';
import { card, clockSeconds, openDesign, openStudio, pause, play } from './support/studio.ts';

const LANES = 5;

/** Fifty million messages a second, each of them read: no machine simulates that message by message. */
const overloaded = {
  format: 'spillway',
  version: 1,
  name: 'Too much',
  nodes: Array.from({ length: LANES }, (_, lane) => [
    {
      id: `source-${lane}`,
      kind: 'producer',
      name: `source-${lane}`,
      fields: { rate: 10_000_000, arrivals: 'constant', keys: 'none' },
    },
    { id: `topic-${lane}`, kind: 'topic', name: `topic-${lane}`, fields: { partitions: 50 } },
    {
      id: `group-${lane}`,
      kind: 'consumer-group',
      name: `group-${lane}`,
      fields: { members: 50, concurrency: 2, serviceTime: { shape: 'constant', mean: 0.008 } },
    },
  ]).flat(),
  edges: Array.from({ length: LANES }, (_, lane) => [
    { id: `in-${lane}`, from: `source-${lane}`, fromPort: 'out', to: `topic-${lane}`, toPort: 'in' },
    { id: `out-${lane}`, from: `topic-${lane}`, fromPort: 'out', to: `group-${lane}`, toPort: 'in' },
  ]).flat(),
};

test('A design that asks for more than the machine gives says how fast it goes, and answers.', async ({
  page,
}) => {
  await openStudio(page);
  await openDesign(page, JSON.stringify(overloaded));
  await expect(card(page, 'source-0')).toBeVisible();
  await play(page);
  const reached = page.locator('.transport .speed-reached');
  await expect(reached).toHaveText(/^(0\.\d+|less than 0\.001)× real time$/, { timeout: 20_000 });
  await expect(reached).toHaveAttribute('title', /asks for more than this machine gives/);

  const viewport = page.locator('.react-flow__viewport');
  const before = await viewport.getAttribute('style');
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await expect(viewport).not.toHaveAttribute('style', before ?? '', { timeout: 2000 });

  await pause(page);
  const stoodAt = await clockSeconds(page);
  await expect(reached).toBeHidden();
  await page.getByRole('button', { name: 'Step by one event' }).click();
  expect(await clockSeconds(page)).toBe(stoodAt);
});
