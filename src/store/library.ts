import { newDesign } from '../design/new-design.ts';
import { parseDesign } from '../design/parse-design.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { Design, Problem } from '../design/types.ts';
import { cardHeight } from '../kinds/card-size.ts';
import { Autosave } from './autosave.ts';
import type { DesignStorage, SavedDesign } from './design-storage.ts';
import type { DesignStore } from './design-store.ts';
import { inTime } from './in-time.ts';
import type { DesignCommands } from './studio.ts';
import { claimDesign } from './tab-claim.ts';

/** Commands that change which document is open. */
export type LibraryCommands = Pick<DesignCommands, 'open' | 'startNew' | 'openText' | 'saved' | 'openSaved'>;

/** Name in session storage: a reload opens what this tab had open, not what another tab saved last. */
const TAB_KEY = 'spillway-open-design';

const OPENING: Problem = { severity: 'info', code: 'opening', message: 'The design is still being opened.' };
const READ_ONLY: Problem = {
  severity: 'warning',
  code: 'read-only',
  message:
    'This design was made by a newer version of Spillway. It can be looked at and run, but not changed here.',
};
const COPY: Problem = {
  severity: 'info',
  code: 'open-elsewhere',
  message: 'This design is open in another tab, so this is a copy of it: both are kept.',
};

/**
 * Which document is open and how it is kept: opens the last one, saves every change under the document's own id, and
 * saves what was open before anything takes its place.
 */
export function createLibrary(options: {
  designs: DesignStore;
  storage: DesignStorage;
  /** The design of a first visit. */
  firstDesign: () => Design;
  /** The design shown has changed: edited, or (`anew`) replaced by another document. */
  onShown: (design: Design, anew: boolean) => void;
  claim?: typeof claimDesign;
  /** The examples as they come. */
  examples?: () => Promise<readonly Design[]>;
}) {
  const { designs, storage, claim = claimDesign, examples = loadExamples } = options;
  const autosave = new Autosave(storage, (saving) => designs.store.setState({ saving }));
  /** Null while the open document is not to be saved: not opened yet, or read-only. */
  let openId: string | null = null;
  let letGo: () => void = () => undefined;
  let replacing = false;

  function replace(design: Design, notice: Problem | null = null, locked: Problem | null = null): void {
    replacing = true;
    designs.replace(design, notice, locked);
    replacing = false;
    options.onShown(design, true);
  }

  /** Shows a design under a fresh id and saves it. */
  async function adopt(design: Design, notice: Problem | null = null): Promise<void> {
    await autosave.flush();
    await take(freshDocumentId());
    replace(design, notice);
    // A copy of what another tab has open is kept once it differs.
    if (notice === COPY) return;
    noteChange();
    // Shown already; whether it could be saved is told by `saving`.
    void autosave.flush();
  }

  /** Lets go of the present document and claims another; false if another tab has it. */
  async function take(id: string): Promise<boolean> {
    const known = openId === null ? [] : await inTime(examples()).catch((): readonly Design[] => []);
    const release = await claim(id);
    if (!release) return false;
    // Nothing waits from here until the other design is shown: an edit in between would be saved under the wrong id.
    const before = openId;
    if (before !== null && isUntouched(designs.store.getState().design, known)) forget(before, id);
    letGo();
    letGo = release;
    openId = id;
    rememberInTab(id);
    return true;
  }

  /** A design that nobody touched stands in the list of examples, or is empty: a list of them helps nobody. */
  function forget(id: string, openNow: string): void {
    autosave.forget(id);
    storage.remove(id, openNow).catch(() => undefined);
  }

  function noteChange(): void {
    if (openId === null) return;
    const id = openId;
    const { design } = designs.store.getState();
    const updatedAt = Date.now();
    autosave.changed(id, () => ({ id, name: design.name, text: serializeDesign(design), updatedAt }));
  }

  /** True if the design was there and could be read. */
  async function openSaved(id: string): Promise<boolean> {
    if (id === openId) return true;
    await autosave.flush();
    const stored = autosave.unsaved(id) ?? (await storage.read(id));
    if (!stored) return false;
    const { design, problems, readOnly } = { readOnly: false, ...parseDesign(stored.text, cardHeight) };
    if (!design) {
      designs.store.setState({ notice: problems[0] ?? null });
      return false;
    }
    if (readOnly) showReadOnly(design);
    else if (await take(id)) replace(design);
    // Unless this tab took it meanwhile, as two clicks on one design do.
    else if (openId !== id) await adopt(design, COPY);
    return true;
  }

  function showReadOnly(design: Design): void {
    letGo();
    letGo = () => undefined;
    openId = null;
    replace(design, READ_ONLY, READ_ONLY);
  }

  const unsubscribe = designs.store.subscribe(({ design }, before) => {
    if (design === before.design || replacing) return;
    noteChange();
    options.onShown(design, false);
  });
  const stopWatching = watchPage(autosave);

  const commands: LibraryCommands = {
    open: (design) => adopt(design),
    startNew: () => adopt(newDesign()),
    async openText(text, fileName) {
      const { design, problems, readOnly } = { readOnly: false, ...parseDesign(text, cardHeight) };
      if (!design) {
        const first = problems[0];
        designs.store.setState({ notice: first && { ...first, message: `${fileName}: ${first.message}` } });
        return false;
      }
      if (readOnly) {
        await autosave.flush();
        showReadOnly(design);
      } else await adopt(design, problems[0] ?? null);
      return true;
    },
    async saved() {
      const all = await storage.list().catch((): SavedDesign[] => []);
      return all.filter(({ id }) => id !== openId);
    },
    openSaved,
  };

  return {
    commands,
    /** Opens what was open last, or the design of a first visit. Never rejects. */
    async start(): Promise<void> {
      designs.replace(designs.store.getState().design, null, OPENING);
      try {
        const here = openInTab();
        if (here !== null && (await inTime(openSaved(here)))) return;
        const last = await inTime(storage.lastOpen());
        if (last !== null && last !== here && (await inTime(openSaved(last)))) return;
      } catch {
        // The design of a first visit is shown, and the attempt to save it says what is wrong.
      }
      const { notice } = designs.store.getState();
      await adopt(options.firstDesign(), notice === OPENING ? null : notice);
    },
    dispose(): void {
      unsubscribe();
      stopWatching();
      void autosave.flush().then(() => storage.close());
      autosave.dispose();
      letGo();
    },
  };
}

/** The examples are not part of the first load. */
async function loadExamples(): Promise<readonly Design[]> {
  const { EXAMPLES } = await import('../gallery/gallery.ts');
  return EXAMPLES.map(({ design }) => design);
}

/** As it came: an empty design or an example. Its text decides, so this holds after a reload, and after undo. */
function isUntouched(design: Design, examples: readonly Design[]): boolean {
  const text = serializeDesign(design);
  return [newDesign(), ...examples].some((known) => serializeDesign(known) === text);
}

/** Saves when the page may be going away, and asks to stay only if something could not be saved. */
function watchPage(autosave: Autosave): () => void {
  const page = globalThis.document;
  const target = globalThis.window;
  if (!page || !target) return () => undefined;
  const flush = () => void autosave.flush();
  const onVisibility = () => {
    if (page.visibilityState === 'hidden') flush();
  };
  const onBeforeUnload = (event: BeforeUnloadEvent) => {
    if (autosave.isStuck) event.preventDefault();
  };
  page.addEventListener('visibilitychange', onVisibility);
  target.addEventListener('pagehide', flush);
  target.addEventListener('beforeunload', onBeforeUnload);
  return () => {
    page.removeEventListener('visibilitychange', onVisibility);
    target.removeEventListener('pagehide', flush);
    target.removeEventListener('beforeunload', onBeforeUnload);
  };
}

function freshDocumentId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return [...random].map((part) => part.toString(36)).join('');
}

function openInTab(): string | null {
  try {
    return sessionStorage.getItem(TAB_KEY);
  } catch {
    return null;
  }
}

function rememberInTab(id: string): void {
  try {
    sessionStorage.setItem(TAB_KEY, id);
  } catch {
    // Without session storage a reload opens what any tab saved last.
  }
}
