import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { sketched, type Sketch } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import type { MessageRow, TraceRow } from '../../simulation/run.ts';
import type { RunResults } from '../../simulation/results/results.ts';
import { insideOf, watchRun } from '../../testing/laws/watch-run.ts';

type Fields = Record<string, Json>;
const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** Three members on three partitions, fifty messages a second, a fault from the tenth second on. */
function group(fault: string, args: Fields, fields: Fields = {}, forMs = 20_000): Sketch {
  return {
    name: 'group',
    nodes: {
      p: { kind: 'producer', at: [0, 0], fields: { arrivals: 'constant', rate: 50, stopAfter: 4000 } },
      t: { kind: 'topic', at: [200, 0], fields: { partitions: 3 } },
      g: {
        kind: 'consumer-group',
        at: [400, 0],
        fields: { members: 3, serviceTime: constant(5), sessionTimeout: 6000, heartbeat: 1000, ...fields },
      },
    },
    edges: ['p > t', 't > g'],
    horizonMs: 100_000,
    faults: { it: { atMs: 10_000, forMs, node: 'g', fault, args } },
  };
}

/** The whole run under every law, and what became of the members. */
function ran(sketch: Sketch): { results: RunResults; states: (member: number) => [number, string][] } {
  const design = sketched(sketch);
  const run = compile(design).run!;
  const watch = watchRun(run, design.scenario.faults);
  const rows: TraceRow[] = [];
  while (run.advance(100_000, 50) > 0) {
    watch.check(true);
    run.drainMessages();
    rows.push(...run.drainTrace());
  }
  watch.checkEnd();
  const states = (member: number) =>
    rows.flatMap((row): [number, string][] =>
      row.member === member && row.state ? [[Math.round(row.atMs), row.state]] : [],
    );
  return { results: run.results(), states };
}

describe('the end of a member', () => {
  it('by an error is told to the group at once, where a crash shows after the session timeout', () => {
    const crashed = ran(group('crash', { member: 1 })).states(1);
    expect(crashed[0]).toEqual([10_000, 'crashed']);
    expect(crashed[1][1]).toBe('removed');
    expect(crashed[1][0]).toBeGreaterThan(14_000);
    const { states, results } = ran(group('exit', { member: 1 }));
    expect(states(1).slice(0, 2)).toEqual([
      [10_000, 'crashed'],
      [10_000, 'removed'],
    ]);
    expect(results.totals.acknowledged).toBe(4000);
  });

  it('in good order leaves nothing to be done twice', () => {
    const { states, results } = ran(
      group('restart', { member: 2 }, { serviceTime: constant(50), commit: 'each' }),
    );
    expect(states(2)[0][1]).toBe('leaving');
    expect(states(2)[1][1]).toBe('stopped');
    expect(states(2)[1][0] - states(2)[0][0]).toBeLessThanOrEqual(50);
    expect(results.nodes.g.duplicates).toBe(0);
    expect(results.totals.acknowledged).toBe(4000);
  });

  it('of all, one by one, is over when the last is back', () => {
    const { states, results } = ran(
      group('rolling', { downFor: 2000, pause: 4000 }, { assignor: 'cooperative-sticky' }, 80_000),
    );
    const stops = [1, 2, 3].map((member) => states(member).find(([, state]) => state === 'stopped')![0]);
    expect(stops[1] - stops[0]).toBeGreaterThan(5000);
    expect(stops[2] - stops[1]).toBeGreaterThan(5000);
    expect(results.totals.acknowledged).toBe(4000);
  });
});

describe('a member that does not act', () => {
  it('hangs until the longest time between polls is over, as its heartbeats go on', () => {
    const { states, results } = ran(group('hang', { member: 1 }, { maxPollInterval: 12_000 }));
    expect(
      states(1)
        .slice(0, 2)
        .map(([, state]) => state),
    ).toEqual(['hanging', 'struck-off']);
    expect(states(1)[1][0] - 10_000).toBeGreaterThanOrEqual(12_000);
    expect(results.totals.acknowledged).toBe(4000);
  });

  it('goes on as if nothing had been where the group did not notice', () => {
    const { states } = ran(group('hang', { member: 1 }, {}, 3000));
    expect(states(1)).toEqual([
      [10_000, 'hanging'],
      [13_000, 'reading'],
    ]);
  });

  it('is struck off after the session timeout where the network cuts it off, and its work is done again', () => {
    const { states, results } = ran(group('cut-off', { member: 1 }, { serviceTime: constant(58) }));
    expect(
      states(1)
        .slice(0, 2)
        .map(([, state]) => state),
    ).toEqual(['cut-off', 'struck-off']);
    expect(states(1)[1][0]).toBeLessThan(16_001);
    expect(states(1).at(-1)![1]).toBe('reading');
    expect(results.nodes.g.duplicates).toBeGreaterThan(0);
  });

  it('commits what it did meanwhile where it is back in time', () => {
    const { states, results } = ran(group('cut-off', { member: 1 }, { serviceTime: constant(15) }, 2000));
    expect(states(1).map(([, state]) => state)).toEqual(['cut-off', 'reading']);
    expect(results.nodes.g.duplicates).toBe(0);
  });
});

describe('a member that is cut off while it finishes its work to stop', () => {
  const atOnce = { serviceTime: constant(1000), concurrency: 20, commit: 'each' };
  const effects = ({ totals, nodes }: RunResults) => totals.acknowledged - nodes.g.duplicates!;
  const cut = (forMs: number, downForMs = 20_000) => {
    const sketch = group('restart', { member: 1 }, atOnce, downForMs);
    const isCut = { atMs: 10_100, forMs, node: 'g', fault: 'cut-off', args: { member: 1 } };
    return ran({ ...sketch, faults: { ...sketch.faults, isCut } });
  };

  it('commits and leaves as soon as it is reached again', () => {
    const { states, results } = cut(4000);
    expect(states(1).slice(0, 4)).toEqual([
      [10_000, 'leaving'],
      [10_100, 'stranded'],
      [14_100, 'leaving'],
      [14_100, 'stopped'],
    ]);
    expect(results.nodes.g.duplicates).toBe(0);
    expect(effects(results)).toBe(4000);
  });

  it('is missed after the session timeout, and what it has not committed is done again', () => {
    const { states, results } = cut(40_000);
    const [, , ended, missed, next] = states(1);
    expect([ended[1], missed[1], next[1]]).toEqual(['crashed', 'removed', 'joining']);
    expect(missed[0]).toBe(ended[0]);
    expect(missed[0]).toBeGreaterThan(14_100);
    expect(missed[0]).toBeLessThanOrEqual(16_100);
    // A new process is there from 30 s on, and comes in when the network does.
    expect(next[0]).toBe(50_100);
    expect(results.nodes.g.duplicates).toBeGreaterThan(10);
    expect(effects(results)).toBe(4000);
  });

  it('makes way for a new process, which waits for the network', () => {
    const { states, results } = cut(20_000, 2000);
    const [, , ended, missed, next] = states(1);
    expect(ended).toEqual([12_000, 'crashed']);
    expect(missed[1]).toBe('removed');
    expect(missed[0]).toBeGreaterThan(14_100);
    expect(next).toEqual([30_100, 'joining']);
    expect(effects(results)).toBe(4000);
  });

  it('stops all the same where it reads queues only', () => {
    const sketch = group('restart', { member: 1 }, atOnce);
    const isCut = { atMs: 10_100, forMs: 4000, node: 'g', fault: 'cut-off', args: { member: 1 } };
    const nodes = { ...sketch.nodes, t: { kind: 'queue', at: [200, 0] as [number, number], fields: {} } };
    const { states, results } = ran({ ...sketch, nodes, faults: { ...sketch.faults, isCut } });
    expect(
      states(1)
        .map(([, state]) => state)
        .slice(0, 2),
    ).toEqual(['leaving', 'stopped']);
    expect(effects(results)).toBe(4000);
  });
});

describe('a member that joins anew and does not act before it is let in', () => {
  const alone = { members: 1, firstWindow: 3000, commit: 'each' };
  const twice = (second: string, forMs: number) => {
    const args = { member: 1 };
    return {
      first: { atMs: 10_000, forMs: 1000, node: 'g', fault: 'exit', args },
      second: { atMs: 12_000, forMs, node: 'g', fault: second, args },
    };
  };

  it.each([
    ['hang', 'sticky'],
    ['hang', 'cooperative-sticky'],
    ['cut-off', 'range'],
    ['cut-off', 'cooperative-sticky'],
  ])('does not go on with what it read before (%s, %s)', (second, assignor) => {
    const sketch = group('exit', {}, { ...alone, assignor });
    const { states, results } = ran({ ...sketch, faults: twice(second, 500) });
    expect(states(1).slice(2)).toEqual([
      [11_000, 'joining'],
      [12_000, second === 'hang' ? 'hanging' : second],
      [12_500, 'expelled'],
      [12_500, 'joining'],
      [15_500, 'awaiting-assignment'],
      [15_502, 'reading'],
    ]);
    expect(results.totals.acknowledged).toBe(4000);
  });
});

describe('a process that is started anew', () => {
  const cut = { it: { atMs: 10_000, forMs: 20_000, node: 'g', fault: 'cut-off', args: { member: 1 } } };
  const fault = (name: string, atMs: number, forMs: number) => {
    return { [name]: { atMs, forMs, node: 'g', fault: name, args: { member: 1 } } };
  };

  it('does not hang, though the one before it did', () => {
    const faults = { ...fault('hang', 10_000, 60_000), ...fault('crash', 20_000, 5000) };
    const { states } = ran({ ...group('hang', {}), faults });
    const names = states(1).map(([, name]) => name);
    expect(names.lastIndexOf('hanging')).toBeLessThan(names.indexOf('crashed'));
    expect(names.at(-1)).toBe('reading');
  });

  it('comes up as soon as it is reached, whatever the one before it hung in', () => {
    const faults = { ...cut, ...fault('hang', 11_000, 60_000), ...fault('crash', 12_000, 3000) };
    const { states } = ran({ ...group('hang', {}), faults });
    expect(states(1).find(([atMs, name]) => atMs >= 30_000 && name === 'joining')?.[0]).toBe(30_000);
    expect(states(1).at(-1)![1]).toBe('reading');
  });
});

describe('a member that is shut out while it has work in hand', () => {
  const struck = (name: string, atMs: number, forMs: number) => {
    return { [name]: { atMs, forMs, node: 'g', fault: name, args: { member: 1 } } };
  };

  it.each([
    ['hang', 10_200, [10_100, 10_200]],
    ['cut-off', 10_200, [10_100, 10_200]],
    ['hang', 10_050, [10_100, 10_100]],
  ])('joins again once it acts and can be reached (%s at %i)', (second, atMs, [expelled, struckOff]) => {
    const faults = { ...struck('restart', 10_000, 100), ...struck(second, atMs, 20_000) };
    const { states } = ran({ ...group('restart', {}, { serviceTime: constant(3000) }), faults });
    expect(states(1).slice(0, 5)).toEqual([
      [10_000, 'leaving'],
      [expelled, 'expelled'],
      [struckOff, 'struck-off'],
      [atMs + 20_000, 'expelled'],
      [atMs + 20_000, 'joining'],
    ]);
  });
});

describe('a consumer of a queue that is asked to stop, and then to go on before its work is done', () => {
  const onQueue = (faults: Sketch['faults']): Sketch => {
    const { nodes, ...rest } = group('restart', {}, { serviceTime: constant(3000), members: 2 });
    return { ...rest, nodes: { ...nodes, t: { kind: 'queue', at: [200, 0], fields: {} } }, faults };
  };
  const struck = (fault: string, atMs: number, forMs: number) => {
    return { atMs, forMs, node: 'g', fault, args: { member: 1 } };
  };

  it('goes on, without a word to the others', () => {
    const { states } = ran(onQueue({ it: struck('restart', 10_000, 100) }));
    expect(states(1)).toEqual([
      [10_000, 'leaving'],
      [10_100, 'reading'],
    ]);
    expect(states(2)).toEqual([]);
  });

  it.each([
    ['hang', 'hanging'],
    ['cut-off', 'cut-off'],
  ])('does so when it acts and can be reached again (%s)', (fault, state) => {
    const faults = { first: struck('restart', 10_000, 100), second: struck(fault, 10_050, 10_000) };
    expect(ran(onQueue(faults)).states(1)).toEqual([
      [10_000, 'leaving'],
      [10_100, 'reading'],
      [10_100, state],
      [20_050, 'reading'],
    ]);
  });
});

it('A group that reaches none of its topics loses all its members, and has them back when it does.', () => {
  const sketch = group('crash', { member: 1 });
  const cut = { it: { atMs: 10_000, forMs: 20_000, edge: 't-to-g', fault: 'partition', args: {} } };
  const { states, results } = ran({ ...sketch, faults: cut });
  for (const member of [1, 2, 3]) {
    expect(
      states(member)
        .slice(0, 2)
        .map(([, state]) => state),
    ).toEqual(['cut-off', 'struck-off']);
    expect(states(member).at(-1)![1]).toBe('reading');
  }
  expect(results.totals.acknowledged).toBe(4000);
});

describe('a slow member', () => {
  it('falls behind with its partitions, while the others go on as before', () => {
    const sketch = group('slow-member', { member: 2, factor: 20 });
    const design = sketched(sketch);
    const run = compile(design).run!;
    run.advance(29_000, Infinity);
    const { kinds } = insideOf(run);
    const edge = 1;
    const lags = [0, 1, 2].map((lane) => kinds.topics.logEnd(2, lane) - kinds.topics.committed(edge, lane));
    expect(lags[1]).toBeGreaterThan(50);
    expect(Math.max(lags[0], lags[2])).toBeLessThan(5);
    const { results } = ran(sketch);
    expect(results.totals.acknowledged).toBe(4000);
  });

  it('slows each try down beside what slows the whole group down', () => {
    const sketch = group('slow-member', { member: 1, factor: 3 }, {}, 80_000);
    const all = { atMs: 20_000, forMs: 10_000, node: 'g', fault: 'slow', args: { factor: 2 } };
    const { results } = ran({ ...sketch, faults: { ...sketch.faults, all } });
    expect(results.nodes.g.serviceMsMean).toBeGreaterThan(5);
    expect(results.faults.map(({ text }) => text)).toEqual(['g: m1 3× slower', 'g: 2× slower']);
  });
});

it('A member with a late clock reads a lag below 0, and is missed by nobody.', () => {
  const sketch = group(
    'clock',
    { member: 1, direction: 'late', by: 30_000 },
    { members: 1, commit: 'interval' },
  );
  const run = compile(sketched(sketch)).run!;
  run.advance(23_000, Infinity);
  const { lagMs, lagReadMs } = run.results().nodes.g;
  expect(lagMs).toBeGreaterThan(1000);
  expect(lagReadMs).toBe(lagMs! - 30_000);
  run.advance(50_000, Infinity);
  expect(run.results().nodes.g.lagReadMs).toBe(run.results().nodes.g.lagMs);
  expect(ran(sketch).states(1)).toEqual([]);
});

describe('what a member had in hand when it died', () => {
  it('is let go worker by worker where no queue gets it back, the same in every engine', () => {
    const fields = { members: 1, concurrency: 5, guarantee: 'at-most-once', serviceTime: constant(30_000) };
    const sketch = group('crash', { member: 1 }, fields, 10);
    sketch.nodes.p.fields = { arrivals: 'constant', rate: 100_000, stopAfter: 20, client: 'kafka' };
    const run = compile(sketched(sketch)).run!;
    run.traceMessages();
    const rows: MessageRow[] = [];
    while (run.nowMs < 10_000 && run.advance(10_000, 50) > 0) rows.push(...run.drainMessages());
    run.advance(10_000, Infinity);
    rows.push(...run.drainMessages());
    const started = rows.filter(({ code }) => code === 'started');
    const dropped = rows.filter(({ code }) => code === 'dropped');
    expect(started).toHaveLength(5);
    expect(dropped.map(({ message }) => message)).toEqual(started.map(({ message }) => message));
  });
});
