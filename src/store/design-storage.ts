import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** A design as it is kept in the browser: its file's text under an id of its own. */
export interface StoredDesign {
  id: string;
  name: string;
  text: string;
  /** Wall time of the last change, milliseconds since 1970. */
  updatedAt: number;
}

/** A line of a list of saved designs. */
export type SavedDesign = Omit<StoredDesign, 'text'>;

/** Where designs are kept. Every call may be refused by the browser and then rejects. */
export interface DesignStorage {
  /** Id of the design that was open last, in any tab; null on the first visit. */
  lastOpen(): Promise<string | null>;
  read(id: string): Promise<StoredDesign | null>;
  /** Newest first. */
  list(): Promise<SavedDesign[]>;
  /** Keeps a design and notes which one is open. Starts at once, so that a page that is going away still saves. */
  write(design: StoredDesign, openId: string): Promise<void>;
  /** Forgets a design and notes which one is open. */
  remove(id: string, openId: string): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  designs: { key: string; value: StoredDesign };
  meta: { key: string; value: string };
}

const DATABASE = 'spillway';
const VERSION = 1;
const LAST_OPEN = 'last-open';

/** Designs in IndexedDB. Connects at the first call, and again after the browser closed the connection. */
export function indexedDbStorage(): DesignStorage {
  let connection: IDBPDatabase<Schema> | null = null;
  let connecting: Promise<IDBPDatabase<Schema>> | null = null;

  function connect(): Promise<IDBPDatabase<Schema>> {
    connecting ??= openDB<Schema>(DATABASE, VERSION, {
      upgrade(database) {
        database.createObjectStore('designs', { keyPath: 'id' });
        database.createObjectStore('meta');
      },
      // A newer page in another tab waits for this one to let go; whatever is written later reports a VersionError.
      blocking: forget,
      terminated: forget,
    }).then(
      (database) => (connection = database),
      (error: unknown) => {
        connecting = null;
        throw error;
      },
    );
    return connecting;
  }

  function forget(): void {
    connection?.close();
    connection = connecting = null;
  }

  return {
    async lastOpen() {
      return (await (await connect()).get('meta', LAST_OPEN)) ?? null;
    },
    async read(id) {
      return (await (await connect()).get('designs', id)) ?? null;
    },
    async list() {
      const designs = await (await connect()).getAll('designs');
      return designs
        .map(({ id, name, updatedAt }) => ({ id, name, updatedAt }))
        .sort((a, b) => b.updatedAt - a.updatedAt);
    },
    async write(design, openId) {
      if (connection) {
        try {
          return await put(connection, design, openId);
        } catch (error) {
          if (nameOf(error) !== 'InvalidStateError') throw error;
          forget();
        }
      }
      await put(await connect(), design, openId);
    },
    async remove(id, openId) {
      const transaction = (await connect()).transaction(['designs', 'meta'], 'readwrite');
      await Promise.all([
        transaction.objectStore('designs').delete(id),
        transaction.objectStore('meta').put(openId, LAST_OPEN),
        transaction.done,
      ]);
    },
    close: forget,
  };
}

/** `commit` at once: a transaction left to commit by itself is lost when the page reloads in that moment. */
async function put(database: IDBPDatabase<Schema>, design: StoredDesign, openId: string): Promise<void> {
  const transaction = database.transaction(['designs', 'meta'], 'readwrite');
  const writes = [
    transaction.objectStore('designs').put(design),
    transaction.objectStore('meta').put(openId, LAST_OPEN),
    transaction.done,
  ];
  transaction.commit();
  await Promise.all(writes);
}

const SENTENCES = new Map([
  ['QuotaExceededError', 'This browser has no room left for this page.'],
  ['VersionError', 'The saved designs belong to a newer version of Spillway; load the page again to get it.'],
  ['SecurityError', 'This browser lets the page store nothing, as some private windows do.'],
  ['InvalidStateError', 'This browser lets the page store nothing, as some private windows do.'],
  ['TimeoutError', 'The browser’s storage does not answer.'],
]);

/** Why a design could not be saved and what to do, in two sentences. */
export function storageFailure(error: unknown): string {
  const name = nameOf(error);
  const reason = SENTENCES.get(name) ?? `The browser refused to save the design (${name}).`;
  return `${reason} Your work is kept while this page is open, and saving is tried again; save it as a file to be sure.`;
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : String(error);
}
