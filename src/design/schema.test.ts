import { describe, expect, it } from 'vitest';
import { KEYS } from './keys.ts';
import { designJsonSchema } from './schema.ts';

interface Schema {
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: unknown;
}

describe('designJsonSchema', () => {
  const schema = designJsonSchema() as Schema;

  it('needs format, version and nodes, and lets unknown fields be', () => {
    expect(schema.required).toEqual(['format', 'version', 'nodes']);
    expect(schema.additionalProperties).toEqual({});
  });

  it('names exactly the keys that are written', () => {
    const parts = schema.properties!;
    const keysOf = (part: Schema | undefined) => Object.keys(part?.properties ?? {});
    expect(keysOf(schema)).toEqual([...KEYS.design]);
    expect(keysOf(parts.nodes.items)).toEqual([...KEYS.node]);
    expect(keysOf(parts.edges.items)).toEqual([...KEYS.edge]);
    expect(keysOf(parts.groups.items)).toEqual([...KEYS.group]);
    expect(keysOf(parts.messageTypes.items)).toEqual([...KEYS.messageType]);
    expect(keysOf(parts.scenario)).toEqual([...KEYS.scenario]);
    expect(keysOf(parts.scenario.properties!.faults.items)).toEqual([...KEYS.fault]);
    expect(keysOf(parts.goals.items)).toEqual([...KEYS.goal]);
    expect(keysOf(parts.layout)).toEqual([...KEYS.layout]);
    expect(keysOf(parts.layout.properties!.nodes.items)).toEqual([...KEYS.place]);
  });
});
