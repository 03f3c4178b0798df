import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { Design } from '../design/types.ts';
import { GALLERY } from '../gallery/gallery.ts';
import { createDesignStore } from './design-store.ts';
import { FakeStorage } from '../testing/fake-storage.ts';
import { createLibrary } from './library.ts';

let storage: FakeStorage;
let shown: string[];
let claimed: Set<string>;

beforeEach(() => {
  vi.useFakeTimers();
  storage = new FakeStorage();
  shown = [];
  claimed = new Set();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A page: its own stores over the browser's one storage. */
function openPage(examples?: () => Promise<readonly Design[]>) {
  const designs = createDesignStore(newDesign());
  const library = createLibrary({
    designs,
    storage,
    firstDesign: () => newDesign('Orders'),
    onShown: (design, anew) => shown.push(`${design.name}${anew ? ' anew' : ''}`),
    async claim(id) {
      if (claimed.has(id)) return null;
      claimed.add(id);
      return () => claimed.delete(id);
    },
    examples,
  });
  const name = () => designs.store.getState().design.name;
  const rename = (to: string) => designs.commands.dispatch({ type: 'rename-design', name: to });
  const notice = () => designs.store.getState().notice?.message ?? null;
  return { ...library, name, rename, notice };
}

/** Waits until what was started has been written. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(350);
}

function savedNames(): string[] {
  return [...storage.designs.values()].map(({ name }) => name).sort();
}

describe('the first visit', () => {
  it('opens the first design as an own one, saves it, and refuses edits before that', async () => {
    const page = openPage();
    const started = page.start();
    page.rename('Too early');
    expect(page.notice()).toBe('The design is still being opened.');
    await started;
    await settle();
    expect(shown).toEqual(['Orders anew']);
    expect(savedNames()).toEqual(['Orders']);
    expect(page.notice()).toBeNull();
  });

  it('works in a browser that stores nothing', async () => {
    storage.refusal = new DOMException('', 'SecurityError');
    const page = openPage();
    await page.start();
    page.rename('Mine');
    expect(page.name()).toBe('Mine');
    await page.commands.startNew();
    expect(page.name()).toBe('Untitled design');
    expect(await page.commands.saved()).toEqual([]);
  });
});

describe('the next visit', () => {
  it('opens what was edited last', async () => {
    const first = openPage();
    await first.start();
    first.rename('Mine');
    await settle();
    first.dispose();
    const second = openPage();
    await second.start();
    expect(second.name()).toBe('Mine');
    second.rename('Still mine');
    await settle();
    expect(savedNames()).toEqual(['Still mine']);
  });

  it('keeps a design that cannot be read and says so', async () => {
    storage.designs.set('x', { id: 'x', name: 'X', text: '{ broken', updatedAt: 0 });
    storage.openId = 'x';
    const page = openPage();
    await page.start();
    await settle();
    expect(page.name()).toBe('Orders');
    expect(page.notice()).not.toBeNull();
    expect(storage.designs.get('x')?.text).toBe('{ broken');
  });

  it('in a second tab gets a copy, and neither overwrites the other', async () => {
    const first = openPage();
    await first.start();
    await settle();
    const second = openPage();
    await second.start();
    expect(second.notice()).toContain('open in another tab');
    first.rename('First');
    second.rename('Second');
    await settle();
    expect(savedNames()).toEqual(['First', 'Second']);
  });
});

describe('another document', () => {
  it('never takes the place of unsaved work', async () => {
    const page = openPage();
    await page.start();
    page.rename('Mine');
    await page.commands.startNew();
    expect(savedNames()).toContain('Mine');
    page.rename('New one');
    await page.commands.open(newDesign('From the gallery'));
    await settle();
    expect(savedNames()).toEqual(['From the gallery', 'Mine', 'New one']);
    const mine = (await page.commands.saved()).find(({ name }) => name === 'Mine');
    expect(await page.commands.openSaved(mine!.id)).toBe(true);
    expect(page.name()).toBe('Mine');
    expect(await page.commands.openSaved('nobody')).toBe(false);
  });

  it('leaves nothing behind of a design that nobody touched', async () => {
    const page = openPage();
    await page.start();
    page.rename('Mine');
    await page.commands.startNew();
    await settle();
    await page.commands.open(GALLERY[1].design);
    await settle();
    expect(savedNames()).toEqual([GALLERY[1].design.name, 'Mine']);
    const mine = (await page.commands.saved())[0];
    await page.commands.openSaved(mine.id);
    await settle();
    expect(savedNames()).toEqual(['Mine']);
    expect(storage.openId).toBe(mine.id);
  });

  it('is kept once it was touched, however empty it looks', async () => {
    const page = openPage();
    await page.start();
    await page.commands.startNew();
    page.rename('Sketch');
    await page.commands.startNew();
    await settle();
    expect(savedNames()).toContain('Sketch');
  });

  it('takes no edit that was made while the examples were still loading', async () => {
    let loaded: (examples: readonly Design[]) => void = () => undefined;
    const page = openPage(() => new Promise((done) => (loaded = done)));
    await page.start();
    await settle();
    const [mine] = [...storage.designs.keys()];
    const opened = page.commands.open(newDesign('From the gallery'));
    await settle();
    page.rename('Late');
    await settle();
    loaded([]);
    await opened;
    await settle();
    expect(storage.designs.get(mine)?.name).toBe('Late');
    expect(savedNames()).toEqual(['From the gallery', 'Late']);
    expect(page.name()).toBe('From the gallery');
  });

  it('is opened though the examples never come', async () => {
    const page = openPage(() => new Promise(() => undefined));
    await page.start();
    const opened = page.commands.open(newDesign('From the gallery'));
    await vi.advanceTimersByTimeAsync(10_000);
    await opened;
    expect(page.name()).toBe('From the gallery');
  });

  it('is no copy when it is opened twice at once', async () => {
    const page = openPage();
    await page.start();
    page.rename('Mine');
    await page.commands.startNew();
    page.rename('Other');
    const [mine] = await page.commands.saved();
    await Promise.all([page.commands.openSaved(mine.id), page.commands.openSaved(mine.id)]);
    await settle();
    expect(page.notice()).toBeNull();
    expect(savedNames()).toEqual(['Mine', 'Other']);
  });

  it('is opened from a file’s text; a bad one says why and changes nothing', async () => {
    const page = openPage();
    await page.start();
    expect(await page.commands.openText('{ "a": ', 'bad.json')).toBe(false);
    expect(page.notice()).toMatch(/^bad\.json: /);
    expect(page.name()).toBe('Orders');
    expect(await page.commands.openText(serializeDesign(newDesign('From file')), 'good.json')).toBe(true);
    expect(page.name()).toBe('From file');
  });

  it('made by a newer version can be looked at but is neither changed nor saved', async () => {
    const page = openPage();
    await page.start();
    await settle();
    const future = serializeDesign(newDesign('Future')).replace('"version": 1', '"version": 99');
    expect(await page.commands.openText(future, 'future.json')).toBe(true);
    page.rename('Changed');
    expect(page.name()).toBe('Future');
    expect(page.notice()).toContain('newer version');
    await settle();
    expect(savedNames()).toEqual(['Orders']);
  });
});
