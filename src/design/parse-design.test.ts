import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { parseDesign } from './parse-design.ts';
import { serializeDesign } from './serialize-design.ts';

const minimal = { format: 'spillway', version: 1, nodes: [{ id: 'a', kind: 'queue', name: 'a' }] };

function first(text: string): string | undefined {
  const parsed = parseDesign(text);
  expect(parsed.design).toBeNull();
  return parsed.problems[0]?.message;
}

function withChange(change: Record<string, unknown>): string {
  return JSON.stringify({ ...minimal, ...change });
}

function node(more: Record<string, unknown>): string {
  return withChange({ nodes: [{ id: 'a', kind: 'queue', name: 'a', ...more }] });
}

describe('parseDesign', () => {
  it('opens a file with the least that a design needs', () => {
    const parsed = parseDesign(JSON.stringify(minimal));
    expect(parsed.problems).toEqual([]);
    expect(parsed.design).toMatchObject({
      name: 'Untitled design',
      layout: { nodes: [{ id: 'a', x: 0, y: 0 }] },
    });
    expect(parsed.design!.scenario).toEqual({ horizonMs: 60_000, warmUpMs: 0, seed: 7, faults: [] });
  });

  it.for<[string, string]>([
    ['', 'The file is empty; a design in JSON was expected.'],
    [' \n', 'The file is empty; a design in JSON was expected.'],
    ['null', 'Found null, expected a design: an object that starts with "format": "spillway".'],
    ['[]', 'Found an empty list, expected a design: an object that starts with "format": "spillway".'],
    ['42', 'Found 42, expected a design: an object that starts with "format": "spillway".'],
    ['"x"', 'Found "x", expected a design: an object that starts with "format": "spillway".'],
    ['true', 'Found true, expected a design: an object that starts with "format": "spillway".'],
    ['{}', 'format: found nothing, expected "spillway".'],
    ['\u001f\ufffd\b\0', 'The file is compressed (gzip or zip); unpack it first.'],
    ['{\0"\0a\0', 'The file is UTF-16 or not text at all; save it as UTF-8.'],
    ['\ufffd\ufffd{\0', 'The file is UTF-16 or not text at all; save it as UTF-8.'],
    ['{"type":"excalidraw","elements":[]}', 'This is an Excalidraw drawing, expected a Spillway design.'],
    ['{"tldrawFileFormatVersion":1,"records":[]}', 'This is a tldraw drawing, expected a Spillway design.'],
    ['{"nodes":[],"connections":{}}', 'This is an n8n workflow, expected a Spillway design.'],
    ['[{"id":"1","type":"tab"}]', 'This is a Node-RED flow, expected a Spillway design.'],
    ['flowchart LR\n a --> b', 'This is Mermaid text, expected a Spillway design in JSON.'],
    ['<mxfile host="x">', 'This is a draw.io file, expected a Spillway design in JSON.'],
    ['asyncapi: 3.0.0\n', 'This is an AsyncAPI document in YAML, expected a Spillway design in JSON.'],
  ])('refuses %j: %s', ([text, message]) => {
    expect(first(text)).toBe(message);
  });

  it.for<[string, string]>([
    [
      '{"format": "spillway",\n "version": 1',
      'line 2, column 14: found the end of the file, expected "," or a closing bracket',
    ],
    ["{'format': 1}", 'line 1, column 2: found "\'", expected a name in double quotes or "}"'],
    [
      '{"a":1}\n{"a":2}\n',
      'line 2, column 1: found "{", expected nothing more after the end of the document',
    ],
    ['{"a":1,}', 'line 1, column 8: found "}", expected a name in double quotes'],
    ['[1,\n2,\n nope]', 'line 3, column 2: found "n", expected a value'],
    ['{"a":NaN}', 'line 1, column 6: found "N", expected a value'],
    ['{"a":"cut', 'line 1, column 6: found "\\"", expected a value'],
    ['{"a" 1}', 'line 1, column 6: found "1", expected ":"'],
    ['{"a":01}', 'line 1, column 6: found "0", expected a value'],
    ['[1}', 'line 1, column 3: found "}", expected "," or a closing bracket'],
    ['garbage', 'line 1, column 1: found "g", expected a value'],
  ])('says where JSON is broken: %j', ([text, place]) => {
    expect(first(text)).toBe(`This is not JSON: ${place}.`);
  });

  it('warns of a key that stands twice in one object, with its place', () => {
    const text = node({ fields: { rate: 1 } }).replace('"rate":1', '"rate":1,"rate":2');
    const parsed = parseDesign(text);
    expect(parsed.design!.nodes[0].fields).toEqual({ rate: 2 });
    expect(parsed.problems).toEqual([
      {
        severity: 'warning',
        code: 'duplicate-key',
        message:
          'nodes[0].fields.rate: the key "rate" stands more than once in one object; the last value counts.',
        path: 'nodes[0].fields.rate',
      },
    ]);
  });

  it('agrees with JSON.parse on where every cut of a file breaks it', () => {
    const text = JSON.stringify({
      ...minimal,
      name: 'a "b" \\ \u00e9 \ud83d\ude00',
      extra: [1.5e-3, true, null, {}],
    });
    for (let length = 1; length < text.length; length++) {
      expect(first(text.slice(0, length))).toMatch(
        /^This is not JSON: line 1, column \d+: found .+, expected .+\.$/,
      );
    }
  });

  it.for<[string, string]>([
    [withChange({ version: '1' }), 'version: found "1", expected 1.'],
    [withChange({ version: undefined }), 'version: found nothing, expected 1.'],
    [withChange({ version: 0 }), 'version: found 0, expected 1.'],
    [withChange({ version: 1.5 }), 'version: found 1.5, expected 1.'],
    [withChange({ format: 'other' }), 'format: found "other", expected "spillway".'],
    [withChange({ nodes: undefined }), 'nodes: found nothing, expected a list of at most 10,000 nodes.'],
    [withChange({ nodes: {} }), 'nodes: found an object, expected a list of at most 10,000 nodes.'],
    [withChange({ nodes: [null] }), 'nodes[0]: found null, expected an object that describes a node.'],
    [
      node({ id: '' }),
      'nodes[0].id: found "", expected an id: text of 1 to 200 characters without control characters.',
    ],
    [
      node({ id: 'x'.repeat(10_000) }),
      `nodes[0].id: found "${'x'.repeat(40)}…", expected an id: text of 1 to 200 characters without control characters.`,
    ],
    [
      node({ id: 'a\0b' }),
      'nodes[0].id: found "a\\u0000b", expected an id: text of 1 to 200 characters without control characters.',
    ],
    [
      node({ id: 7 }),
      'nodes[0].id: found 7, expected an id: text of 1 to 200 characters without control characters.',
    ],
    [
      node({ name: 'x'.repeat(501) }),
      `nodes[0].name: found "${'x'.repeat(40)}…", expected a name of at most 500 characters.`,
    ],
    [node({ fields: [] }), 'nodes[0].fields: found an empty list, expected an object of field values.'],
    [node({ fields: { rate: 'NaN' } }), 'nodes[0].fields.rate: found the text "NaN", expected a number.'],
    [
      node({ fields: { serviceTime: { shape: 'constant', mean: '-Infinity' } } }),
      'nodes[0].fields.serviceTime.mean: found the text "-Infinity", expected a number.',
    ],
    [node({ group: 'none' }), 'nodes[0].group: found "none", expected the id of a group in this file.'],
    [
      withChange({ nodes: [...minimal.nodes, ...minimal.nodes] }),
      'nodes[1].id: found "a", which nodes[0] has already; ids must differ.',
    ],
    [
      withChange({ edges: [{ id: 'e', from: 'a', fromPort: 'out', to: 'toString', toPort: 'in' }] }),
      'edges[0].to: found "toString", expected the id of a node in this file.',
    ],
    [
      withChange({
        groups: [
          { id: 'g', name: 'g', parent: 'h' },
          { id: 'h', name: 'h', parent: 'g' },
        ],
      }),
      'groups[0].parent: found "g" inside itself, expected no circle of parents.',
    ],
    [
      withChange({ scenario: { horizonMs: 1e15 } }),
      'scenario.horizonMs: found 1,000,000,000,000,000, expected a number of milliseconds above 0 and at most 2,592,000,000 (30 days).',
    ],
    [
      withChange({ scenario: { horizonMs: 'NaN' } }),
      'scenario.horizonMs: found "NaN", expected a number of milliseconds above 0 and at most 2,592,000,000 (30 days).',
    ],
    [
      withChange({ scenario: { horizonMs: 10, warmUpMs: 10 } }),
      'scenario.warmUpMs: found 10 ms, expected less than the horizon of 10 ms.',
    ],
    [
      withChange({ scenario: { seed: [] } }),
      'scenario.seed: found an empty list, expected a number or text of at most 100,000 characters.',
    ],
    [
      withChange({ goals: [{ id: 'x', figure: 'luck' }] }),
      'goals[0].figure: found "luck", expected one of latencyMsP50, latencyMsP95, latencyMsP99, lag, deadLettered, throughputPerSecond.',
    ],
    [
      withChange({ scenario: { faults: [{ id: 'f', atMs: -1, node: 'a', fault: 'x' }] } }),
      'scenario.faults[0].atMs: found -1, expected a number of milliseconds from 0 to 2,592,000,000 (30 days).',
    ],
    [
      withChange({ scenario: { faults: [{ id: 'f', atMs: 0, forMs: 1e15, node: 'a', fault: 'x' }] } }),
      'scenario.faults[0].forMs: found 1,000,000,000,000,000, expected a number of milliseconds above 0 and at most 2,592,000,000 (30 days).',
    ],
    [
      '{"format":"spillway","version":1,"nodes":[{"id":"a","kind":"queue","name":"a","fields":{"rate":1e999}}]}',
      'nodes[0].fields.rate: found a number too large to keep, expected one below 1.8e308.',
    ],
    [
      '{"format":"spillway","__proto__":{}}',
      'The file: found the key "__proto__", which no design may have.',
    ],
    [
      '{"format":"spillway","version":1,"nodes":[{"id":"a","fields":{"__proto__":1}}]}',
      'nodes[0].fields: found the key "__proto__", which no design may have.',
    ],
    [
      `{"format":"spillway","deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      `deep${'[0]'.repeat(31)}: values are nested deeper than 32 levels.`,
    ],
    [
      withChange({ nodes: new Array(LIMITS.nodes + 1).fill(minimal.nodes[0]) }),
      'nodes: found a list of 10,001, expected at most 10,000 entries.',
    ],
    [
      withChange({ text: 'x'.repeat(100_001) }),
      'text: found a text of 100,001 characters, expected at most 100,000.',
    ],
  ])('refuses with place, found and expected: %.80s', ([text, message]) => {
    expect(first(text)).toBe(message);
  });

  it('refuses a file that is far too long before reading it, and lists without end before judging them', () => {
    expect(first('x'.repeat(50_000_000))).toBe(
      'The file has 50,000,000 characters; at most 16,000,000 are read.',
    );
    expect(first(`{"format":"spillway","version":1,"nodes":[${'0,'.repeat(3_000_000)}0]}`)).toBe(
      'nodes: the file holds more than 2,000,000 values.',
    );
  });

  it.for([
    ['text', `{"a":"${'x'.repeat(15_000_000)}"`],
    ['escapes', `{"a":"${'\\n'.repeat(7_000_000)}" x`],
    ['an open text', `{"a":"${'x'.repeat(15_000_000)}`],
  ])('finds the break in a long file of %s', ([, text]) => {
    expect(first(text)).toMatch(/^This is not JSON: line 1, column \d+: found .+, expected .+\.$/);
  });

  it('refuses groups that are nested too deep', () => {
    const groups = Array.from({ length: 33 }, (_, at) => ({
      id: `g${at}`,
      name: '',
      parent: at ? `g${at - 1}` : undefined,
    }));
    expect(parseDesign(withChange({ groups: groups.slice(0, 32) })).problems).toEqual([]);
    expect(first(withChange({ groups }))).toBe(
      'groups[32].parent: found groups nested deeper than 32 levels.',
    );
  });

  it('refuses millions of open brackets at once', () => {
    expect(first('['.repeat(15_000_000))).toBe('The file: values are nested deeper than 32 levels.');
  });

  it('lists twenty errors and counts the rest', () => {
    const parsed = parseDesign(withChange({ nodes: new Array(30).fill(null) }));
    expect(parsed.problems).toHaveLength(21);
    expect(parsed.problems[20].message).toBe('There are 10 more errors in this file.');
  });

  it('takes ids that name members of every object', () => {
    const ids = ['toString', 'hasOwnProperty', 'length', 'then', 'constructor', 'valueOf'];
    const nodes = ids.map((id) => ({ id, kind: 'queue', name: id }));
    const parsed = parseDesign(withChange({ nodes }));
    expect(parsed.design!.nodes.map(({ id }) => id)).toEqual(ids);
    expect(parsed.design!.layout.nodes.map(({ id }) => id)).toEqual(ids);
  });

  it('takes a byte order mark and any name', () => {
    const name = ' \t\r\n\0\u2028 "<b>" \ud83d';
    const parsed = parseDesign(`\ufeff${node({ name })}`);
    expect(parsed.problems).toEqual([]);
    expect(parsed.design!.nodes[0].name).toBe(name);
  });

  it('keeps what it does not know, at any place, and writes it back', () => {
    const text = withChange({
      owner: 'team a',
      nodes: [{ id: 'a', kind: 'teleporter', name: 'a', color: 'red', fields: { warp: { factor: 9 } } }],
      messageTypes: [{ id: 'm', name: 'M', schema: {} }],
      scenario: { weather: 'wet' },
      layout: { zoom: 2, nodes: [{ id: 'a', x: 1, y: 2, pinned: true }] },
    });
    const { design, problems } = parseDesign(text);
    expect(problems).toEqual([]);
    expect(JSON.parse(serializeDesign(design!))).toMatchObject(JSON.parse(text));
  });

  it('opens a newer version for reading only, if it can make sense of it', () => {
    const parsed = parseDesign(withChange({ version: 999 }));
    expect(parsed).toMatchObject({
      readOnly: true,
      problems: [{ code: 'newer-version', severity: 'warning' }],
    });
    expect(first(withChange({ version: 999, nodes: 'new' }))).toBe(
      'version: found 999, expected 1: the file was written by a newer Spillway. It holds things that this version cannot read.',
    );
  });

  it('mends places: far ones come to the border, stray and second ones go, missing ones are made', () => {
    const parsed = parseDesign(
      withChange({
        nodes: ['a', 'b'].map((id) => ({ id, kind: 'queue', name: id })),
        layout: {
          nodes: [
            { id: 'a', x: 8e14, y: -5 },
            { id: 'a', x: 1, y: 1 },
            { id: 'ghost', x: 0, y: 0 },
          ],
        },
      }),
    );
    expect(parsed.problems.map(({ code }) => code)).toEqual(['place-too-far', 'second-place', 'stray-place']);
    expect(parsed.design!.layout.nodes).toEqual([
      { id: 'a', x: 1_000_000, y: -5 },
      { id: 'b', x: 0, y: 211 },
    ]);
  });

  it('flags names that look the same, whole numbers that lost digits, and reads minus zero as zero', () => {
    const parsed = parseDesign(
      `{"format":"spillway","version":1,"seen":9007199254740993,"nodes":[
        {"id":"a","kind":"queue","name":"caf\\u00e9","fields":{"x":-0}},
        {"id":"b","kind":"queue","name":"cafe\\u0301\\u200b"}]}`,
    );
    expect(parsed.problems.map(({ code, path }) => [code, path])).toEqual([
      ['number-rounded', 'seen'],
      ['look-alike-name', 'nodes[1].name'],
    ]);
    expect(Object.is(parsed.design!.nodes[0].fields.x, 0)).toBe(true);
  });
});

describe('a design written by hand', () => {
  it('may leave out names and ports: a node is called by its id, an edge goes from out to in', () => {
    const text = JSON.stringify({
      format: 'spillway',
      version: 1,
      nodes: [
        { id: 'web', kind: 'producer' },
        { id: 'jobs', kind: 'queue' },
      ],
      edges: [{ id: 'e', from: 'web', to: 'jobs' }],
    });
    const { design } = parseDesign(text);
    expect(design?.nodes.map(({ name }) => name)).toEqual(['web', 'jobs']);
    expect(design?.edges[0]).toMatchObject({ fromPort: 'out', toPort: 'in' });
  });
});
