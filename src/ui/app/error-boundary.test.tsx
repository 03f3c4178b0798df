// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { orders } from '../../gallery/orders.ts';
import { renderStudio } from '../../testing/render-studio.tsx';
import { fileStem } from './design-file.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { useStudio } from './studio-context.tsx';

let broken = true;

function Part() {
  if (broken) throw new Error('planted');
  return <p>All is well.</p>;
}

function Page() {
  return (
    <ErrorBoundary studio={useStudio()}>
      <Part />
    </ErrorBoundary>
  );
}

it('A part that fails to draw leaves the design to be downloaded, and can be tried again.', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const blobs: Blob[] = [];
  URL.createObjectURL = (blob: Blob) => `blob:${blobs.push(blob)}`;
  URL.revokeObjectURL = () => undefined;
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  const { user, studio } = await renderStudio(<Page />, orders);
  expect(screen.getByRole('alert')).toHaveTextContent('planted');
  await user.click(screen.getByRole('button', { name: 'Download your design' }));
  expect(names).toEqual(['orders-and-billing.spillway.json']);
  expect(blobs[0].size).toBe(new Blob([studio.edit.fileText()]).size);
  broken = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('All is well.')).toBeVisible();
});

it('A file name is one that every system takes.', () => {
  expect([fileStem('Orders & billing'), fileStem('../../etc'), fileStem('Bücher'), fileStem('注文')]).toEqual(
    ['orders-billing', 'etc', 'bucher', 'design'],
  );
});
