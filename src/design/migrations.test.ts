import { describe, expect, it } from 'vitest';
import { type Migration, migrateFile, MIGRATIONS, oldestVersion } from './migrations.ts';
import { parseDesign } from './parse-design.ts';
import { DESIGN_VERSION } from './types.ts';

/** Two made-up steps: no released format needs one yet, and the machinery must work on the day one does. */
const MADE_UP: Migration[] = [
  {
    from: 1,
    name: 'title-becomes-name',
    migrate(file) {
      file.name = file.title;
      delete file.title;
    },
    example: { before: { version: 1, title: 'x' }, after: { version: 2, name: 'x' } },
  },
  {
    from: 2,
    name: 'add-tags',
    migrate(file) {
      file.tags = [];
    },
    example: { before: { version: 2 }, after: { version: 3, tags: [] } },
  },
];

describe('migrations', () => {
  it('are numbered without a gap up to the version that this build writes', () => {
    expect(MIGRATIONS.map(({ from }) => from)).toEqual(
      MIGRATIONS.map((_, at) => DESIGN_VERSION - MIGRATIONS.length + at),
    );
    expect(new Set(MIGRATIONS.map(({ name }) => name)).size).toBe(MIGRATIONS.length);
  });

  it.for([...MIGRATIONS, ...MADE_UP])('do to their example what they say: $name', (migration) => {
    const file = structuredClone(migration.example.before);
    expect(file.version).toBe(migration.from);
    expect(migrateFile(file, migration.from, [migration])).toEqual([migration.name]);
    expect(file).toEqual(migration.example.after);
  });

  it('run from the version of the file on, in order', () => {
    const old = { version: 1, title: 'x' };
    expect(migrateFile(old, 1, MADE_UP)).toEqual(['title-becomes-name', 'add-tags']);
    expect(old).toEqual({ version: 3, name: 'x', tags: [] });
    expect(migrateFile({ version: 2 }, 2, MADE_UP)).toEqual(['add-tags']);
    expect(migrateFile({ version: 3 }, 3, MADE_UP)).toEqual([]);
    expect(oldestVersion(MADE_UP)).toBe(1);
  });

  it('keep the first format open for ever', () => {
    // Written by the first build. Never edit it: a file like this may lie in anybody's repository.
    const text = `{
  "format": "spillway",
  "version": 1,
  "name": "First",
  "messageTypes": [{ "id": "placed", "name": "OrderPlaced" }],
  "nodes": [
    { "id": "web", "kind": "producer", "name": "web", "group": "shop", "fields": { "messageType": "placed", "rate": 5 } },
    { "id": "orders", "kind": "queue", "name": "orders", "fields": {} }
  ],
  "edges": [{ "id": "e", "from": "web", "fromPort": "out", "to": "orders", "toPort": "in", "label": "orders" }],
  "groups": [{ "id": "shop", "name": "Shop" }],
  "scenario": {
    "horizonMs": 60000,
    "warmUpMs": 1000,
    "seed": 7,
    "faults": [{ "id": "f", "atMs": 5, "forMs": 6, "node": "web", "fault": "burst", "args": { "factor": 5 } }]
  },
  "goals": [{ "id": "g", "node": "orders", "figure": "lag", "atMost": 10 }],
  "layout": { "nodes": [{ "id": "web", "x": 0, "y": 0 }, { "id": "orders", "x": 240, "y": 0 }] }
}`;
    const { design, problems } = parseDesign(text);
    expect(problems).toEqual([]);
    expect(design).toMatchObject({
      nodes: [{ group: 'shop', fields: { rate: 5 } }, {}],
      goals: [{ atMost: 10 }],
    });
  });
});
