import { expect, test } from './support/console-guard.ts';
import {
  card,
  command,
  edges,
  field,
  figure,
  openStudio,
  play,
  saveDesign,
  setField,
} from './support/studio.ts';

test('a binding key is changed at its edge, refused as the broker would, and routes as it says', async ({
  page,
}) => {
  await openStudio(page);
  await command(page, 'Routing by pattern');
  await expect(card(page, 'logs')).toContainText('topic');
  const binding = edges(page).and(page.getByLabel('logs to alerts'));
  await expect(binding).toContainText('*.error');

  await binding.locator('.channel-hit').click({ force: true });
  await setField(page, 'Binding key', '#.a.#.b.#');
  await expect(page.getByText(/expected at most 2: RabbitMQ refuses such a binding/)).toBeVisible();
  await setField(page, 'Binding key', 'billing.*');
  await expect(binding).toContainText('billing.*');
  await expect(page.getByText(/RabbitMQ refuses/)).toBeHidden();
  const { text } = await saveDesign(page);
  expect(text).toContain('"fields": { "bindingKey": "billing.*" }');
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(field(page, 'Binding key')).toHaveValue('*.error');
  await page.getByRole('button', { name: /^Redo/ }).click();
  await expect(binding).toContainText('billing.*');

  await play(page);
  await expect.poll(() => figure(page, 'Passed'), { timeout: 15_000 }).toBeGreaterThan(5);
  await card(page, 'logs').click();
  await expect.poll(() => figure(page, 'Published'), { timeout: 15_000 }).toBeGreaterThan(50);
});
