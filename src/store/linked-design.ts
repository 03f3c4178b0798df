import { linkedText } from '../design/design-link.ts';
import type { Problem } from '../design/types.ts';
import type { DesignCommands } from './studio.ts';

/** The designs in links that lead to this page: the one it was opened by, and those followed in its tab later. */
export function createLinks(options: {
  openText: DesignCommands['openText'];
  onNotice: (notice: Problem) => void;
}) {
  const page = globalThis.window;

  /** Opens the design of the address as a document of its own, and takes it out of the address. Never rejects. */
  async function open(): Promise<void> {
    const found = page ? await linkedText(page.location.href) : null;
    if (found === null) return;
    // A reload goes on with what was made of it.
    const { pathname, search } = page.location;
    page.history.replaceState(page.history.state, '', pathname + search);
    if ('problem' in found) options.onNotice(found.problem);
    else await options.openText(found.text, 'The link');
  }

  const onHashChange = () => void open();
  page?.addEventListener('hashchange', onHashChange);
  return {
    open,
    dispose: () => page?.removeEventListener('hashchange', onHashChange),
  };
}
