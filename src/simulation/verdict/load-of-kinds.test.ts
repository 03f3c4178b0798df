import { describe, expect, it } from 'vitest';
import { ttlAtTheHead } from '../../gallery/myths/ttl-at-the-head.ts';
import type { Json } from '../../design/types.ts';
import { designOf } from '../../testing/metamorphic/run-figures.ts';
import { compile } from '../compile.ts';
import type { LiveRun } from '../live-run.ts';

const hour = { shape: 'constant', mean: 3_600_000 };

interface Asked {
  producer: Record<string, Json>;
  queue: Record<string, Json>;
  group: Record<string, Json>;
}

/** A producer, a queue and a group, up to a time. */
function startAt(ms: number, { producer, queue, group }: Asked): LiveRun {
  const design = designOf(
    { p: ['producer', producer], q: ['queue', queue], g: ['consumer-group', { members: 1, ...group }] },
    ['p > q', 'q > g'],
  );
  const { run } = compile(design, { observe: false, untilMs: 200_000 });
  run!.advance(ms, Infinity);
  return run!;
}

describe('load against capacity, kind by kind', () => {
  it('says of a queue that is full of messages that wait for their retry that it is', () => {
    const run = startAt(20_000, {
      producer: { rate: 50 },
      queue: {
        queueType: 'quorum',
        capacity: 200,
        delayedRetryType: 'all',
        delayedRetryMin: 60_000,
        delayedRetryMax: 60_000,
      },
      group: { members: 5, failureProbability: 0.9, onFailure: 'requeue' },
    });
    const { nodes, verdict } = run.results();
    expect(nodes.q.verdict.state).toBe('full');
    const delayed = nodes.q.queue?.delayed;
    expect(delayed).toBeGreaterThan(150);
    expect(verdict.text).toContain(`q is full`);
    expect(verdict.text).toContain(`${delayed} waiting for a retry among its messages`);
  });

  it.each([
    ['p', 'burst', { factor: 4 }, 320, 100],
    ['g', 'slow', { factor: 8 }, 80, 12.5],
  ])('names the reason two readings after a change of %s (%s), and goes on doing so', (...story) => {
    const [node, fault, args, offered, able] = story;
    const run = startAt(60_000, {
      producer: { rate: 80 },
      queue: {},
      group: { serviceTime: { shape: 'exponential', mean: 10 } },
    });
    run.inject('x', node, fault, args);
    for (let second = 2; second <= 30; second++) {
      run.advance(60_000 + second * 1000, Infinity);
      const { nodes, verdict } = run.results();
      expect(nodes.g.verdict, `after ${second} s`).toMatchObject({ isSaturated: true, sinceMs: 60_000 });
      expect(verdict.text).toMatch(/^g is saturated since 01:00 .*; q falls behind without bound/);
      expect(nodes.q.verdict.offeredPerSecond! / offered).toBeCloseTo(1, 0);
      expect(nodes.q.verdict.capacityPerSecond! / able).toBeLessThan(1.6);
    }
  });

  it('counts what the members of a group can do that are there, not those that are gone', () => {
    const serviceTime = { shape: 'exponential', mean: 300 };
    for (const fault of ['crash', 'cut-off', 'hang']) {
      const design = designOf(
        {
          p: ['producer', { rate: 8 }],
          q: ['queue'],
          g: ['consumer-group', { members: 3, serviceTime }],
        },
        ['p > q', 'q > g'],
      );
      const { run } = compile(design, { observe: false, untilMs: 200_000 });
      run!.advance(30_000, Infinity);
      expect(run!.results().nodes.g.verdict).toMatchObject({ state: 'stable', isSaturated: false });
      for (const member of [2, 3]) run!.inject(`${member}`, 'g', fault, { member });
      for (const ms of [30_000, 31_000, 32_900]) {
        run!.advance(ms, Infinity);
        // Three were not as busy before as two are: they say nothing of the one that is left.
        expect(run!.results().nodes.g.verdict, `at ${ms}`).toMatchObject({ isSaturated: false });
      }
      run!.advance(90_000, Infinity);
      const { g, q } = run!.results().nodes;
      expect(g.verdict).toMatchObject({ isSaturated: true, sinceMs: 31_000 });
      expect(g.verdict.capacityPerSecond).toBeGreaterThan(2.5);
      expect(g.verdict.capacityPerSecond).toBeLessThan(4.5);
      expect(q.verdict.state).toBe('growing');
    }
  });

  it('sees that a service refuses calls by its limit, and that a router falls behind with them', () => {
    const limit = { rateLimit: 'bucket', ratePermits: 10, ratePeriod: 1000, concurrency: 5 };
    const design = designOf(
      { p: ['producer', { rate: 50 }], news: ['event-router'], mail: ['service', limit] },
      ['p > news', 'news > mail'],
    );
    const { run, problems } = compile(design, { observe: false });
    expect(problems.map(({ message }) => message)).toContain(
      'Too much: 50/s arrive at mail, it can do 10/s and refuses the rest.',
    );
    expect(run!.results().nodes.news.verdict.hindrance, 'nothing is refused yet').toBe('none');
    run!.advance(30_000, Infinity);
    const { nodes, verdict } = run!.results();
    expect(nodes.mail.verdict).toMatchObject({
      state: 'refusing',
      isSaturated: false,
      capacityPerSecond: 10,
    });
    expect(nodes.news.verdict).toMatchObject({ state: 'growing', hindrance: 'refusing-target' });
    expect(verdict.text).toMatch(
      /^mail refuses calls \(\d+\/s offered, it can do 10\/s\); news falls behind with what a target refuses/,
    );
  });

  it('sees calls that a service refuses in a burst, though it has time on average', () => {
    const burst = { arrivals: 'burst', rate: 400, onFor: 100, offFor: 900 };
    const line = { concurrency: 1, queueLimit: 0, serviceTime: { shape: 'constant', mean: 5 } };
    const design = designOf({ p: ['producer', burst], api: ['service', line] }, ['p > api']);
    const { run } = compile(design, { observe: false });
    run!.advance(30_000, Infinity);
    const { verdict, refusals, utilization } = run!.results().nodes.api;
    expect(utilization).toBeLessThan(0.2);
    expect(refusals!.overloaded).toBeGreaterThan(100);
    expect(verdict.state).toBe('refusing');
    expect(verdict.capacityPerSecond, 'one call takes 5 ms').toBeCloseTo(200, -1);
  });

  it('sees a queue fill with dead letters that nobody takes, though messages expire in it', () => {
    const asked = { producer: { rate: 50 }, queue: { ttl: 100 }, group: { serviceTime: hour } };
    const { nodes, verdict } = startAt(10_000, asked).results();
    expect([nodes.q.verdict.state, verdict.state], 'what expires is dropped').not.toContain('growing');
    const design = designOf(
      {
        p: ['producer', { rate: 50 }],
        q: [
          'queue',
          { queueType: 'quorum', ttl: 100, deadLetterStrategy: 'at-least-once', overflow: 'drop-newest' },
        ],
        full: ['queue', { capacity: 5, overflow: 'drop-newest' }],
      },
      ['p > q', 'q.dead > full'],
    );
    const { run } = compile(design, { observe: false });
    run!.advance(30_000, Infinity);
    expect(run!.results().nodes.q.queue!.lettersWaiting).toBeGreaterThan(1000);
    expect(run!.results().nodes.q.verdict.state).toBe('growing');
  });

  it('sees a queue grow in which messages stand behind others that do not expire', () => {
    const { run } = compile(ttlAtTheHead, { observe: false });
    run!.advance(100_000, Infinity);
    expect(run!.results().nodes.mail.verdict.state).toBe('growing');
    const priorities = designOf(
      {
        urgent: ['producer', { rate: 200, priority: 9 }],
        other: ['producer', { rate: 60, priority: 1 }],
        q: ['queue', { ttl: 100, maxPriority: 5 }],
        dlq: ['dead-letter-queue'],
      },
      ['urgent > q', 'other > q', 'q.dead > dlq'],
    );
    const behind = compile(priorities, { observe: false }).run!;
    behind.advance(30_000, Infinity);
    expect(behind.results().nodes.q.verdict.state).toBe('growing');
  });

  it('takes a queue for full by whichever of its limits is nearer', () => {
    const serviceTime = hour;
    const limits = (capacity: number, capacityBytes: number) =>
      startAt(30_000, {
        producer: { rate: 50 },
        queue: { capacity, capacityBytes },
        group: { serviceTime },
      }).results().nodes.q.verdict.state;
    expect(limits(100, 0)).toBe('full');
    expect(limits(0, 50_000)).toBe('full');
    expect(limits(10_000, 50_000)).toBe('full');
    expect(limits(10_000, 50_000_000)).toBe('filling');
  });

  it('says that a group whose members all hang or are cut off can do nothing, and so its queue', () => {
    for (const fault of ['hang', 'cut-off']) {
      const run = startAt(30_000, { producer: { rate: 50 }, queue: {}, group: {} });
      run.inject('x', 'g', fault, { member: 1 });
      run.advance(50_000, Infinity);
      const { nodes, verdict } = run.results();
      expect([nodes.g.verdict.capacityPerSecond, nodes.q.verdict.capacityPerSecond]).toEqual([0, 0]);
      expect(verdict.text).toMatch(
        /^g does nothing: its members are silent; q falls behind without bound \(\d+\/s offered, it can do 0\/s\)\.$/,
      );
    }
  });

  it('says of what drains what comes and goes now, not while it filled', () => {
    const serviceTime = { shape: 'constant', mean: 10 };
    const run = startAt(30_000, { producer: { rate: 50 }, queue: {}, group: { serviceTime } });
    run.inject('x', 'g', 'crash', { member: 1 }, 30_000);
    run.advance(62_000, Infinity);
    const { q, g } = run.results().nodes;
    expect(q.verdict.state).toBe('draining');
    for (const { capacityPerSecond, offeredPerSecond } of [q.verdict, g.verdict]) {
      expect(offeredPerSecond! / 50).toBeCloseTo(1, 0);
      expect(capacityPerSecond).toBeGreaterThan(80);
    }
  });

  it('says that a node is stopped as long as somebody waits for it', () => {
    const design = designOf(
      {
        p: ['producer', { rate: 50 }],
        q: ['queue'],
        g: ['consumer-group'],
        db: ['database', { serviceTime: { shape: 'constant', mean: 1 } }],
        idle: ['database'],
      },
      ['p > q', 'q > g', 'g > db'],
    );
    const { run } = compile(design, { observe: false });
    run!.advance(10_000, Infinity);
    run!.inject('x', 'db', 'stop', {});
    run!.inject('y', 'idle', 'stop', {});
    run!.advance(60_000, Infinity);
    const { nodes, verdict } = run!.results();
    expect([nodes.db.verdict.state, nodes.idle.verdict.state]).toEqual(['stopped', 'stable']);
    expect(verdict.text).toMatch(/^db is stopped/);
    run!.heal('x');
    run!.advance(60_500, Infinity);
    expect(nodes.g.verdict, 'nobody waits any more').toMatchObject({ state: 'waiting' });
  });

  it('counts what a queue has no room for as offered to its reader', () => {
    for (const overflow of ['drop-oldest', 'drop-newest', 'dead-letter-newest']) {
      const run = startAt(60_000, {
        producer: { rate: 150 },
        queue: { capacity: 20, overflow },
        group: { serviceTime: { shape: 'constant', mean: 10 } },
      });
      const { g } = run.results().nodes;
      expect(g.verdict.isSaturated).toBe(true);
      expect(g.verdict.offeredPerSecond).toBeGreaterThan(130);
      expect(g.verdict.capacityPerSecond).toBeCloseTo(100, -1);
      run.setField('q', 'capacity', 21);
      expect(run.results().verdict.text).toMatch(
        /^g is saturated since the start \(1\d\d\/s offered, it can do \d+\/s\); q overflows \(/,
      );
    }
  });

  it('sees a queue overflow in bursts, though its reader has time on average', () => {
    const run = startAt(60_000, {
      producer: { arrivals: 'burst', rate: 400, onFor: 100, offFor: 900 },
      queue: { capacity: 10, overflow: 'drop-newest' },
      group: { serviceTime: { shape: 'constant', mean: 10 } },
    });
    const { nodes, verdict } = run.results();
    expect([nodes.q.verdict.state, nodes.g.verdict.isSaturated]).toEqual(['refusing', false]);
    expect(verdict.text).toMatch(/^q overflows \(\d+\/s offered, it can do 100\/s\)\.$/);
  });

  it('does not promise that a queue will be empty that only shrinks as its messages expire', () => {
    const run = startAt(60_000, {
      producer: { rate: 100 },
      queue: { ttl: 20_000 },
      group: { serviceTime: { shape: 'constant', mean: 40 } },
    });
    run.setField('p', 'rate', 30);
    for (let second = 1; second < 30; second++) {
      run.advance(60_000 + second * 1000, Infinity);
      const { nodes, verdict } = run.results();
      expect([nodes.q.verdict.state, verdict.state], `after ${second} s`).toEqual(['stable', 'saturated']);
    }
    run.setField('p', 'rate', 1);
    run.advance(95_000, Infinity);
    expect(run.results().nodes.q.verdict.state, 'its reader empties it').toBe('draining');
  });

  it('does not count what a queue loses in bursts as offered to a reader with time to spare', () => {
    const run = startAt(60_000, {
      producer: { arrivals: 'burst', rate: 4000, onFor: 100, offFor: 900 },
      queue: { capacity: 10, overflow: 'drop-newest' },
      group: { serviceTime: { shape: 'constant', mean: 10 } },
    });
    const { q, g } = run.results().nodes;
    expect([q.verdict.state, g.verdict.state]).toEqual(['refusing', 'stable']);
    expect(q.verdict.offeredPerSecond).toBeGreaterThan(300);
    expect(g.verdict.offeredPerSecond).toBeLessThan(30);
    expect(g.verdict.capacityPerSecond).toBeCloseTo(100, -1);
  });

  it('says of several that do nothing that they do not, whatever the reason', () => {
    const design = designOf(
      {
        p: ['producer', { rate: 50 }],
        q: ['queue'],
        a: ['consumer-group', { members: 1 }],
        b: ['consumer-group', { members: 1 }],
      },
      ['p > q', 'q > a', 'q > b'],
    );
    const { run } = compile(design, { observe: false });
    run!.advance(10_000, Infinity);
    run!.inject('x', 'a', 'hang', { member: 1 });
    run!.inject('y', 'b', 'crash', { member: 1 });
    run!.advance(60_000, Infinity);
    expect(run!.results().verdict.text).toMatch(/^a and b do nothing; q falls behind without bound/);
  });
});
