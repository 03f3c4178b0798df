import { describe, expect, it } from 'vitest';
import { linkFragment } from '../design/design-link.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { RunResults } from '../simulation/results/results.ts';
import { orders } from '../gallery/orders.ts';
import { stationDesign } from '../testing/theory-designs.ts';
import type { CliIo } from './cli-io.ts';
import { runCli } from './run-cli.ts';

interface Outcome {
  code: number;
  out: string;
  err: string;
  files: Map<string, string>;
}

/** Runs a command with files, a clock and streams that live in memory. */
async function spillway(
  words: string[],
  files: Record<string, string> = {},
  io: Partial<CliIo> = {},
): Promise<Outcome> {
  const outcome: Outcome = { code: -1, out: '', err: '', files: new Map(Object.entries(files)) };
  outcome.code = await runCli(words, {
    readText: async (path) => outcome.files.get(path) ?? missing(),
    writeText: async (path, text) => void outcome.files.set(path, text),
    openLines: async (path) => ({
      write: async (lines) => void outcome.files.set(path, (outcome.files.get(path) ?? '') + lines),
      close: async () => {},
    }),
    print: (text) => void (outcome.out += text),
    complain: (text) => void (outcome.err += text),
    isTerminal: false,
    now: () => 0,
    breathe: async () => {},
    isInterrupted: () => false,
    prepare: () => {},
    ...io,
  });
  return outcome;
}

function missing(): never {
  throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
}

const SHORT = ['--until', '5s'];
const FIGURES =
  'kind in out arrivalRatePerSecond throughputPerSecond utilization queueLengthMean queueLengthMax lag waitMsMean ' +
  'serviceMsMean latencyMsMean latencyMsP50 latencyMsP95 latencyMsP99';

describe('spillway run', () => {
  it('runs the design of a link, and says of one that was cut off that it was', async () => {
    const link = `https://example.org/#${await linkFragment(serializeDesign(orders))}`;
    const hashOf = async (design: string) =>
      JSON.parse((await spillway(['run', design, ...SHORT, '--json'])).out).hash;
    expect(await hashOf(link)).toBe(await hashOf('gallery:orders'));
    const exported = await spillway(['export', 'gallery:orders', '--to', 'link']);
    expect(await hashOf(exported.out.trim())).toBe(await hashOf('gallery:orders'));
    const { code, err } = await spillway(['run', link.slice(0, -20), ...SHORT]);
    expect(code).toBe(1);
    expect(err).toContain('The link cannot be opened: found no whole design in it.');
  });

  it('prints one JSON object with the figures by node and by edge', async () => {
    const { code, out, err } = await spillway(['run', 'gallery:orders', ...SHORT, '--seed', '3', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const results = JSON.parse(out);
    expect(results).toMatchObject({ version: '1.0', seed: 3, untilMs: 5000, warmUpMs: 0, problems: [] });
    expect(results.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(Object.keys(results.totals)).toEqual(
      expect.arrayContaining(['produced', 'acknowledged', 'deadLettered', 'dropped', 'expired', 'inFlight']),
    );
    expect(Object.keys(results.nodes)).toHaveLength(orders.nodes.length);
    for (const figure of FIGURES.split(' ')) expect(results.nodes.billing).toHaveProperty(figure);
    expect(Object.keys(results.edges)).toHaveLength(orders.edges.length);
  });

  it('prints an aligned table for people', async () => {
    const { out } = await spillway(['run', 'gallery:orders', ...SHORT]);
    const [head, , titles, ...rows] = out.split('\n');
    expect(head).toMatch(/^Orders and billing · 5 s simulated · seed 7 · [\d,]+ events · hash [0-9a-f]{16}$/);
    expect(titles).toMatch(/^node +kind +in +out +in\/s/);
    expect(rows[0].indexOf('consumer-group')).toBe(titles.indexOf('kind'));
    expect(out).toContain(' in flight\n');
  });

  it('writes random faults out as planned ones, which give the same run', async () => {
    const chaos = { perMinute: 30, healAfterMs: 1000 };
    const text = serializeDesign({ ...orders, scenario: { ...orders.scenario, horizonMs: 10_000, chaos } });
    const { out } = await spillway(['export', '-', '--to', 'planned'], { '-': text });
    expect(out).not.toContain('perMinute');
    const runs = [text, out].map(
      async (design) => (await spillway(['run', '-', '--json'], { '-': design })).out,
    );
    const [before, after] = (await Promise.all(runs)).map((json) => (JSON.parse(json) as RunResults).hash);
    expect(after).toBe(before);
  });

  it('reads a file and standard input, and gives the same run as the gallery', async () => {
    const text = serializeDesign(orders);
    const words = [...SHORT, '--json'];
    const { out } = await spillway(['run', 'gallery:orders', ...words]);
    expect((await spillway(['run', 'my.json', ...words], { 'my.json': text })).out).toBe(out);
    expect((await spillway(['run', '-', ...words], { '-': text })).out).toBe(out);
  });

  it('takes settings by id and by name, also for a node whose id has a dot', async () => {
    const one = await spillway([
      'run',
      'gallery:orders',
      ...SHORT,
      '--set',
      'checkout-web.rate=0',
      '--set',
      'orders.dlq.alertAt=1k',
      '--json',
    ]);
    expect(JSON.parse(one.out).nodes['checkout-web'].out).toBe(0);
    const named = stationDesign({ rate: 100, service: { shape: 'constant', mean: 1 } });
    const design = { ...named, nodes: named.nodes.map((node) => ({ ...node, name: `The ${node.id}` })) };
    const two = await spillway(['run', '-', ...SHORT, '--set', 'The source.rate=2/s', '--json'], {
      '-': serializeDesign(design),
    });
    expect(JSON.parse(two.out).totals.produced).toBeLessThan(30);
  });

  it.each([
    [['--set', 'billing.members'], '--set: found "billing.members", expected NODE.FIELD=VALUE'],
    [
      ['--set', 'nobody.rate=1'],
      '--set nobody.rate: found the node "nobody", expected one of checkout-web, ',
    ],
    [['--set', 'billing.rate=1'], '--set billing.rate: found the field "rate", expected one of members, '],
    [
      ['--set', 'billing.members=many'],
      '--set billing.members: Found "many", expected a whole number from 1 to 1,000 members.',
    ],
    [['--until', '60'], '--until: found "60", expected a time with its unit, such as 10m, 90s or 500ms.'],
    [['--warm-up', 'soon'], '--warm-up: found "soon"'],
    [['--fast'], "Unknown option '--fast'"],
    [['more'], 'Found 2 words, expected one design.'],
  ])('refuses %j with a sentence and exit code 2', async (words, sentence) => {
    const { code, out, err } = await spillway(['run', 'gallery:orders', ...words]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
  });

  it('exits with 1 for a design with errors and says each on standard error', async () => {
    const broken = serializeDesign(orders).replace('"rate": 120', '"rate": -120');
    const { code, out, err } = await spillway(['run', '-', '--json'], { '-': broken });
    expect(code).toBe(1);
    expect(err).toContain('error: checkout-web, rate: found -120/s');
    expect(JSON.parse(out).problems).toHaveLength(1);
  });

  it('exits with 3 for what cannot be read or written', async () => {
    const unread = await spillway(['run', 'nothing.json']);
    expect([unread.code, unread.err]).toEqual([
      3,
      'Cannot read "nothing.json": there is no such file or folder.\n',
    ]);
    const openLines = async () => missing();
    const unwritten = await spillway(['run', 'gallery:orders', '--trace', 'no/where'], {}, { openLines });
    expect([unwritten.code, unwritten.err]).toEqual([
      3,
      'Cannot write "no/where": there is no such file or folder.\n',
    ]);
    expect((await spillway(['run', 'gallery:nothing'])).code).toBe(3);
  });

  it('writes every step of every message in order, and runs the same with it', async () => {
    const words = ['run', 'gallery:orders', ...SHORT, '--json'];
    const traced = await spillway([...words, '--trace', 't.ndjson']);
    expect(traced.out).toBe((await spillway(words)).out);
    const rows = traced.files
      .get('t.ndjson')!
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { totals } = JSON.parse(traced.out);
    const count = (code: string) => rows.filter((row) => row.code === code).length;
    expect(count('produced')).toBe(totals.produced);
    expect(count('acknowledged')).toBe(totals.acknowledged);
    expect(rows.every((row, at) => at === 0 || rows[at - 1].atMs <= row.atMs)).toBe(true);
  });

  it('says before a run about how many events it will have', async () => {
    for (const until of ['30s', '120s']) {
      const told: number[] = [];
      const io = { prepare: (events: number) => void told.push(events) };
      const { out } = await spillway(['run', 'gallery:orders', '--until', until, '--json'], {}, io);
      const { events } = JSON.parse(out) as { events: number };
      expect(told).toHaveLength(1);
      expect(events / told[0]).toBeGreaterThan(0.5);
      expect(events / told[0]).toBeLessThan(3);
    }
  });

  it('stops at Ctrl-C with the figures up to then and exit code 130', async () => {
    let breaths = 0;
    let wall = 0;
    const { code, out, err } = await spillway(
      ['run', 'gallery:orders', '--json'],
      {},
      {
        now: () => (wall += 100),
        breathe: async () => void breaths++,
        isInterrupted: () => breaths > 2,
      },
    );
    expect(code).toBe(130);
    expect(err).toContain('Stopped by hand at ');
    expect(JSON.parse(out).untilMs).toBeLessThan(600_000);
  });

  it('shows progress on a terminal after a second, and takes it back', async () => {
    let wall = 0;
    const { err } = await spillway(
      ['run', 'gallery:orders', '--json'],
      {},
      { now: () => (wall += 400), isTerminal: true },
    );
    expect(err).toMatch(/\r\u001b\[K\d+ % {2}[\d.]+ \w+ of 10 min, [\d.]+ million events\/s/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });

  it('says of guarded calls what became of them', async () => {
    const { out } = await spillway(['run', 'gallery:breaker', '--until', '1m']);
    expect(out).toMatch(
      /\nguarded → stock-db: [\d,]+ guarded calls, [\d,]+ attempts, \d+ timed out, [\d,]+ refused by the breaker, [\d,]+ answered by the fallback, breaker (open|half-open), opened \d+ times?\n/,
    );
    expect(out).not.toContain('patient → stock-db');
  });

  it('sends no control character of a name to the terminal', async () => {
    const sly = {
      ...orders,
      name: 'a\u001b[2Jb\nc',
      nodes: orders.nodes.map((node) => ({ ...node, name: `${node.name}\u001b[31m` })),
    };
    const { out } = await spillway(['run', '-', ...SHORT], { '-': serializeDesign(sly) });
    expect(out).not.toContain('\u001b');
  });
});

describe('the other commands', () => {
  it('exports to standard output or to a file', async () => {
    const printed = await spillway(['export', 'gallery:orders', '--to', 'mermaid']);
    expect(printed.out).toMatch(/^flowchart LR\n/);
    const written = await spillway(['export', 'gallery:orders', '--to', 'mermaid', '-o', 'a.mmd']);
    expect(written.out).toBe('');
    expect(written.files.get('a.mmd')).toBe(printed.out);
    expect((await spillway(['export', 'gallery:orders', '--to', 'pdf'])).code).toBe(2);
  });

  it('validates without running', async () => {
    expect(await spillway(['validate', 'gallery:orders'])).toMatchObject({ code: 0, out: 'No problems.\n' });
    const broken = await spillway(['validate', '-'], { '-': '{' });
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/^error: /);
  });

  it('shows the gallery as designs that can be read back', async () => {
    expect((await spillway(['gallery'])).out).toContain('orders ');
    const { out } = await spillway(['gallery', 'show', 'orders']);
    expect((await spillway(['validate', '-'], { '-': out })).code).toBe(0);
  });

  it('prints the schema, the help and the version', async () => {
    expect(JSON.parse((await spillway(['schema'])).out)).toHaveProperty('$schema');
    expect((await spillway(['help'])).out).toContain('spillway run DESIGN');
    expect((await spillway(['run', '--help'])).out).toContain('spillway run DESIGN');
    expect((await spillway(['--version'])).out).toMatch(/^spillway \d/);
    expect((await spillway(['walk'])).err).toContain('Found the command "walk", expected one of run, export');
  });
});
