import { describe, expect, it } from 'vitest';
import { createViewStore, type ViewStorage } from './view-store.ts';

function memory(text: string | null = null): ViewStorage & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_, value) {
      this.text = value;
    },
  };
}

describe('the view', () => {
  it('keeps the theme and the open panes, not what was open over the canvas', () => {
    const storage = memory();
    const view = createViewStore(storage);
    view.setState({ theme: 'dark', tableOpen: true });
    view.setState({ panel: 'gallery', placing: 'queue' });
    expect(createViewStore(storage).getState()).toMatchObject({
      theme: 'dark',
      tableOpen: true,
      panel: 'none',
      placing: null,
    });
  });

  it.each(['', '{', 'null', '7', '{"theme":"pink","tableOpen":"yes"}'])(
    'reads %j as nothing kept',
    (text) => {
      expect(createViewStore(memory(text)).getState()).toEqual(createViewStore(null).getState());
    },
  );

  it('works where storage is forbidden', () => {
    const forbidden: ViewStorage = {
      getItem() {
        throw new DOMException('', 'SecurityError');
      },
      setItem() {
        throw new DOMException('', 'SecurityError');
      },
    };
    const view = createViewStore(forbidden);
    view.setState({ theme: 'light' });
    expect(view.getState().theme).toBe('light');
  });
});
