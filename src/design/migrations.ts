import type { Json } from './types.ts';
import { DESIGN_VERSION } from './types.ts';

type JsonObject = { [key: string]: Json };

/**
 * One step from a version of the file format to the next. Never edited once a build that writes the new version
 * is released. The example is part of the migration so that none can exist without having been run by the tests.
 */
export interface Migration {
  /** The version it starts from; it makes `from + 1`. */
  from: number;
  /** What it does, in kebab case: `places-leave-the-nodes`. */
  name: string;
  /** Changes the file in place. It was checked for depth and forbidden keys, but not yet against any schema. */
  migrate(file: JsonObject): void;
  example: { before: JsonObject; after: JsonObject };
}

/** Every migration in order. Version 1 is the first format that was ever written, so nothing leads to it. */
export const MIGRATIONS: readonly Migration[] = [];

/** The oldest version that can still be opened. */
export function oldestVersion(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.length === 0 ? DESIGN_VERSION : migrations[0].from;
}

/**
 * Brings a file of an older version up to the newest, one step after the other, and gives the names of the steps
 * taken. The caller has checked that the version is one of those served.
 */
export function migrateFile(
  file: JsonObject,
  version: number,
  migrations: readonly Migration[] = MIGRATIONS,
): string[] {
  const taken: string[] = [];
  for (const migration of migrations) {
    if (migration.from < version) continue;
    migration.migrate(file);
    file.version = migration.from + 1;
    taken.push(migration.name);
  }
  return taken;
}
