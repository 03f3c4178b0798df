import { newDesign } from '../design/new-design.ts';
import type { Design } from '../design/types.ts';
import { orders } from '../gallery/orders.ts';
import type { WorkerPort } from '../worker/client.ts';
import { indexedDbStorage, type DesignStorage } from './design-storage.ts';
import { createDesignStore } from './design-store.ts';
import { createLibrary } from './library.ts';
import { createLinks } from './linked-design.ts';
import { createRunControl } from './run-control.ts';
import type { Studio } from './studio.ts';
import { createViewStore } from './view-store.ts';

/** What a test replaces; the page itself passes nothing. */
export interface StudioOptions {
  /** The design of a first visit. */
  firstDesign?: () => Design;
  startWorker?: () => WorkerPort;
  storage?: DesignStorage;
}

/** Makes everything the page works with. It only composes: each part knows nothing of the others. */
export function createStudio(options: StudioOptions = {}): Studio {
  const designs = createDesignStore(newDesign());
  const run = createRunControl({
    startWorker: options.startWorker,
    onNotice: (notice) => designs.store.setState({ notice }),
  });
  const library = createLibrary({
    designs,
    storage: options.storage ?? indexedDbStorage(),
    firstDesign: options.firstDesign ?? (() => orders),
    onShown: run.show,
  });
  const links = createLinks({
    openText: library.commands.openText,
    onNotice: (notice) => designs.store.setState({ notice }),
  });
  return {
    designs: designs.store,
    edit: { ...designs.commands, ...library.commands },
    runs: run.store,
    run: run.commands,
    frames: run.frames,
    view: createViewStore(),
    opened: library.start().then(links.open),
    dispose() {
      run.dispose();
      links.dispose();
      library.dispose();
    },
  };
}
