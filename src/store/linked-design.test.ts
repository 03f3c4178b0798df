import { afterEach, expect, it, vi } from 'vitest';
import { linkFragment } from '../design/design-link.ts';
import type { Problem } from '../design/types.ts';
import { createLinks } from './linked-design.ts';

afterEach(() => vi.unstubAllGlobals());

/** A page at an address, and what became of the design in it. */
function pageAt(href: string) {
  const location = { href, pathname: '/studio/', search: '?a=1' };
  const target = new EventTarget();
  const history = {
    state: null,
    replaceState: (_state: unknown, _title: string, to: string) =>
      (location.href = `https://example.org${to}`),
  };
  vi.stubGlobal('window', Object.assign(target, { location, history }));
  const opened: string[] = [];
  const notices: Problem[] = [];
  const links = createLinks({
    openText: async (text, name) => opened.push(`${name}: ${text}`) > 0,
    onNotice: (notice) => notices.push(notice),
  });
  return { location, target, links, opened, notices };
}

it('opens the design of the address once, and takes it out of the address', async () => {
  const page = pageAt(`https://example.org/studio/?a=1#${await linkFragment('{"a": 1}')}`);
  await page.links.open();
  await page.links.open();
  expect(page.opened).toEqual(['The link: {"a": 1}']);
  expect(page.location.href).toBe('https://example.org/studio/?a=1');
});

it('opens a link that is followed in the same tab, until the page is gone', async () => {
  const page = pageAt('https://example.org/studio/');
  await page.links.open();
  page.location.href = `https://example.org/studio/#${await linkFragment('one')}`;
  page.target.dispatchEvent(new Event('hashchange'));
  await vi.waitFor(() => expect(page.opened).toEqual(['The link: one']));
  page.links.dispose();
  page.location.href = `https://example.org/studio/#${await linkFragment('two')}`;
  page.target.dispatchEvent(new Event('hashchange'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(page.opened).toHaveLength(1);
});

it('tells of a link that cannot be read, and leaves other addresses alone', async () => {
  const cut = pageAt('https://example.org/studio/#design=abc');
  await cut.links.open();
  expect(cut.notices).toMatchObject([{ severity: 'error', code: 'bad-link' }]);
  const other = pageAt('https://example.org/studio/#top');
  await other.links.open();
  expect(other.location.href).toBe('https://example.org/studio/#top');
  expect([other.opened, other.notices]).toEqual([[], []]);
});
