import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave } from './autosave.ts';
import { storageFailure, type StoredDesign } from './design-storage.ts';
import { FakeStorage } from '../testing/fake-storage.ts';
import type { SavingState } from './studio.ts';

let storage: FakeStorage;
let states: SavingState[];
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers();
  storage = new FakeStorage();
  states = [];
  autosave = new Autosave(storage, (state) => states.push(state));
});

afterEach(() => {
  autosave.dispose();
  vi.useRealTimers();
});

function design(id: string, text: string): StoredDesign {
  return { id, name: id, text, updatedAt: 0 };
}

describe('saving', () => {
  it('waits for a quiet moment and writes the newest text once', async () => {
    autosave.changed('a', () => design('a', '1'));
    await vi.advanceTimersByTimeAsync(200);
    autosave.changed('a', () => design('a', '2'));
    await vi.advanceTimersByTimeAsync(200);
    expect(storage.writes).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(storage.writes).toEqual(['a: 2']);
    expect(states.map(({ state }) => state)).toEqual(['saving', 'saving', 'saved']);
  });

  it('starts to write before flush returns, for a page that is going away', () => {
    autosave.changed('a', () => design('a', '1'));
    void autosave.flush();
    expect(storage.writes).toEqual(['a: 1']);
  });

  it('does not take an edit made while writing for saved', async () => {
    autosave.changed('a', () => design('a', '1'));
    const writing = autosave.flush();
    autosave.changed('a', () => design('a', '2'));
    await writing;
    expect(states.at(-1)?.state).toBe('saving');
    await vi.advanceTimersByTimeAsync(400);
    expect(storage.designs.get('a')?.text).toBe('2');
    expect(states.at(-1)?.state).toBe('saved');
  });

  it('says why it failed, keeps the work, and recovers by itself', async () => {
    storage.refusal = new DOMException('', 'QuotaExceededError');
    autosave.changed('a', () => design('a', '1'));
    await vi.advanceTimersByTimeAsync(400);
    expect(states.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('no room left') });
    expect(autosave.isStuck).toBe(true);
    storage.refusal = null;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states.at(-1)).toEqual({ state: 'saved' });
    expect(storage.designs.get('a')?.text).toBe('1');
    expect(autosave.isStuck).toBe(false);
  });

  it('keeps what could not be saved while another document is open', async () => {
    storage.refusal = new DOMException('', 'AbortError');
    autosave.changed('a', () => design('a', '1'));
    await autosave.flush();
    autosave.changed('b', () => design('b', '2'));
    expect(autosave.unsaved('a')?.text).toBe('1');
    storage.refusal = null;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...storage.designs.keys()].sort()).toEqual(['a', 'b']);
    expect(storage.openId).toBe('b');
  });

  it('does not wait for ever for a storage that never answers', async () => {
    storage.hangs = true;
    autosave.changed('a', () => design('a', '1'));
    await vi.advanceTimersByTimeAsync(4000);
    expect(states.at(-1)).toEqual({ state: 'failed', message: expect.stringContaining('does not answer') });
  });
});

describe('the sentence of a failure', () => {
  it.each([
    ['QuotaExceededError', 'no room left'],
    ['VersionError', 'newer version'],
    ['SecurityError', 'private windows'],
    ['AbortError', 'AbortError'],
  ])('of %s has the reason and what to do', (name, reason) => {
    const sentence = storageFailure(new DOMException('', name));
    expect(sentence).toContain(reason);
    expect(sentence).toContain('save it as a file');
  });
});
