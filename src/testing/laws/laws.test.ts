import { PHASE } from '../../kinds/consumer-group/workers.ts';
import type { Roster } from '../../kinds/consumer-group/roster.ts';
import { WORKER } from '../../kinds/consumer-group/workers.ts';
import { METRIC } from '../../engine/metrics.ts';
import { describe, expect, it } from 'vitest';
import type { Design, ScheduledFault } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { agendaLaw } from './agenda-law.ts';
import type { Scene } from './law.ts';
import { checkNumbers, insideOf, LAWS, watchRun } from './watch-run.ts';

const EVENTS = 1500;
const constant = (mean: number) => ({ shape: 'constant', mean });

function withFaults(design: Design, faults: readonly Partial<ScheduledFault>[], untilMs = 4000): Design {
  const full = faults.map((fault, at) => ({ id: `f${at}`, atMs: 300, args: {}, ...fault }) as ScheduledFault);
  return { ...design, scenario: { ...design.scenario, faults: full, horizonMs: untilMs, warmUpMs: 0 } };
}

/** A queue that overflows before two workers that fail and retry. */
const line = withFaults(
  designOf(
    {
      source: ['producer', { rate: 150 }],
      q: ['queue', { capacity: 4, overflow: 'drop-newest' }],
      g: ['consumer-group', { members: 2, serviceTime: constant(9), failureProbability: 0.2, backoff: 2 }],
    },
    ['source > q', 'q > g'],
  ),
  [],
);

/** Two groups on a topic, one of which loses a member and commits now and then. */
const log = withFaults(
  designOf(
    {
      source: ['producer', { rate: 150 }],
      t: ['topic', { partitions: 3 }],
      g: [
        'consumer-group',
        {
          commit: 'interval',
          commitInterval: 70,
          sessionTimeout: 200,
          heartbeat: 30,
          serviceTime: constant(9),
        },
      ],
      h: ['consumer-group', { serviceTime: constant(5) }],
    },
    ['source > t', 't > g', 't > h'],
  ),
  [{ node: 'g', fault: 'crash', args: { member: 1 }, atMs: 300, forMs: 900 }],
);

/** A crash in a group that promises something. */
const promised = (guarantee: string): Design => ({
  ...log,
  nodes: log.nodes.map((each) =>
    each.id === 'g' ? { ...each, fields: { ...each.fields, guarantee } } : each,
  ),
});

/** Three classes of messages before one worker that is too slow, so that some expire. */
const classes = withFaults(
  designOf(
    {
      low: ['producer', { rate: 60 }],
      high: ['producer', { rate: 60, priority: 2 }],
      short: ['producer', { rate: 60, priority: 9, ttl: 25 }],
      q: ['queue', { maxPriority: 3, ttl: 60 }],
      g: ['consumer-group', { members: 1, serviceTime: constant(40) }],
    },
    ['low > q', 'high > q', 'short > q', 'q > g'],
  ),
  [],
);

/** A log whose records are old before they are read. */
const old = withFaults(
  designOf(
    {
      source: ['producer', { rate: 2, stopAfter: 50 }],
      t: ['topic', { retention: 1000 }],
      g: ['consumer-group', { serviceTime: constant(20_000) }],
    },
    ['source > t', 't > g'],
  ),
  [],
  700_000,
);

interface Doctor {
  /** Before the first event. */
  first?(inside: RunParts): void;
  /** After a while; true once it has done what it wants. */
  later?(inside: RunParts): boolean;
}

/** What a law (or the walk over the state) says of a run in which somebody meddles. */
function saidBy(law: keyof typeof LAWS | 'invariants', design: Design, doctor: Doctor): string | null {
  const { run } = compile(design);
  const inside = insideOf(run!);
  doctor.first?.(inside);
  const watch = watchRun(run!, design.scenario.faults, law === 'invariants' ? [] : [LAWS[law]]);
  const thorough = law === 'invariants';
  let isDone = doctor.later === undefined;
  try {
    for (let event = 0; event < EVENTS && run!.advance(Infinity, 1) === 1; event++) {
      if (event > 60 && !isDone) isDone = doctor.later!(inside);
      watch.check(thorough || law === 'custody' || law === 'fanOut');
      run!.drainMessages();
    }
    watch.checkEnd();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const node = ({ indexOf }: RunParts, id: string): number => indexOf.get(id)!;
/** The first worker that works on a message. */
function worker({ kinds }: RunParts): number {
  const { workers } = kinds.consumers;
  for (let at = 0; at < workers.count; at++) if (workers.of(at, WORKER.phase) === PHASE.serving) return at;
  return -1;
}

describe('a law says nothing of a run as it is, and', () => {
  it.each(Object.keys(LAWS) as (keyof typeof LAWS)[])('%s holds', (law) => {
    for (const design of [line, log, old]) expect(saidBy(law, design, {})).toBeNull();
  });

  it('the walk over the state holds', () => {
    for (const design of [line, log, old]) expect(saidBy('invariants', design, {})).toBeNull();
  });
});

describe('a law sees a state that was doctored:', () => {
  it('custody: a message that is freed while somebody has it', () => {
    const later = (inside: RunParts) => {
      const at = worker(inside);
      if (at >= 0) inside.sim.messages.free(inside.kinds.consumers.workers.of(at, WORKER.message));
      return at >= 0;
    };
    expect(saidBy('custody', line, { later })).toMatch(/^I[23]: /);
  });

  it('custody: a node that says it holds one more than it was given', () => {
    const first = ({ kinds }: RunParts) => {
      const { held } = kinds.queues;
      kinds.queues.held = (sim, queue) => held.call(kinds.queues, sim, queue) + 1;
    };
    expect(saidBy('custody', line, { first })).toMatch(/^I3: what a node holds/);
  });

  it('custody: a message that grows on its way, or changes its key', () => {
    const change = (field: 'sizeBytes' | 'key') => ({
      later: ({ sim }: RunParts) => {
        for (let message = 0; message < 40; message++) sim.messages[field][message]++;
        return false;
      },
    });
    expect(saidBy('custody', line, change('sizeBytes'))).toMatch(/^I7: /);
    expect(saidBy('custody', line, change('key'))).toMatch(/^I2: a message changes/);
  });

  it('custody: a length of a queue that was not averaged right', () => {
    const later = (inside: RunParts) => {
      inside.sim.metrics.add(node(inside, 'q'), METRIC.queuedArea, 1000);
      return true;
    };
    expect(saidBy('custody', line, { later })).toMatch(/^I33: /);
  });

  it('source: a message that was made and went nowhere', () => {
    const later = ({ sim }: RunParts) => sim.transfers.passed[0]-- > 0;
    expect(saidBy('source', log, { later })).toMatch(/^I1: /);
  });

  it('source: an older message after a newer one', () => {
    const later = ({ sim }: RunParts) => (sim.messages.nextSerial = 3) > 0;
    expect(saidBy('source', line, { later })).toMatch(/^I21: /);
  });

  it('fan-out: a copy too many, and a record that a group jumps over', () => {
    const tooMany = ({ sim, kinds }: RunParts) => {
      const { offer } = kinds.topics;
      kinds.topics.offer = (...given) => {
        sim.metrics.copied++;
        return offer.call(kinds.topics, ...given);
      };
    };
    const jump = ({ sim, kinds }: RunParts) => {
      const { take } = kinds.topics;
      kinds.topics.take = (...given) => {
        const message = take.call(kinds.topics, ...given);
        if (message >= 0 && sim.events === 200) take.call(kinds.topics, ...given);
        return message;
      };
    };
    expect(saidBy('fanOut', log, { first: tooMany })).toMatch(/^I4: copies/);
    const said = [150, 175, 200, 225].map(() => saidBy('fanOut', log, { first: jump }));
    expect(said.some((sentence) => sentence?.startsWith('I4: unread'))).toBe(true);
  });

  it('loss: a message that is dropped without a word, or against the policy', () => {
    const silent = (inside: RunParts) => {
      inside.sim.metrics.count(node(inside, 'q'), METRIC.dropped);
      return true;
    };
    expect(saidBy('loss', line, { later: silent })).toMatch(/^I6: dropped: /);
    const first = (inside: RunParts) => {
      inside.kinds.queues.setField(inside.sim, node(inside, 'q'), 'overflow', 'drop-oldest');
    };
    expect(saidBy('loss', line, { first })).toMatch(/^I6: dropped against the policy/);
  });

  it('priority: a queue that serves the lowest first', () => {
    const first = ({ kinds }: RunParts) => {
      const lines = Reflect.get(kinds.queues, 'lines') as { levelOf(node: number, message: number): number };
      const { levelOf } = lines;
      lines.levelOf = (queue, message) => 3 - levelOf.call(lines, queue, message);
    };
    expect(saidBy('priority', classes, { first })).toMatch(/^I23: /);
  });

  it('queue expiry: a queue that delivers what is over, or lets it lie', () => {
    const first = ({ kinds }: RunParts) => void (kinds.queues.fire = () => {});
    expect(saidBy('queueExpiry', classes, { first })).toMatch(/^I32: /);
    const early = ({ kinds }: RunParts) => {
      const expiry = Reflect.get(kinds.queues, 'expiry') as { ttl: Float64Array };
      expiry.ttl.fill(20_000);
    };
    expect(saidBy('queueExpiry', classes, { first: early })).toMatch(/^I32: expired before/);
  });

  it('expiry: retention that forgets to delete', () => {
    const first = ({ kinds }: RunParts) => void (kinds.topics.fire = () => {});
    expect(saidBy('expiry', old, { first })).toMatch(/^I32: where a log starts/);
  });

  it('expiry: a silent member that is given more time, and a commit between two others', () => {
    const patient = (inside: RunParts) => {
      const { sessionTimeout } = Reflect.get(inside.kinds.consumers.rebalance, 'roster') as Roster;
      sessionTimeout[node(inside, 'g')] += 5000;
    };
    expect(saidBy('expiry', log, { first: patient })).toMatch(/^I32: nobody notices|^I32: a silent member/);
    const later = (inside: RunParts) => {
      const { kinds, sim } = inside;
      kinds.consumers.rebalance.settleAll(sim, node(inside, 'g'));
      return false;
    };
    expect(saidBy('expiry', log, { later })).toMatch(/^I32: a commit/);
  });

  it('times: a service or a wait that was counted too long', () => {
    const service = (inside: RunParts) => {
      inside.sim.metrics.count(node(inside, 'g'), METRIC.serviceSum);
      return true;
    };
    expect(saidBy('times', line, { later: service })).toMatch(/^I27: service/);
    const wait = (inside: RunParts) => {
      inside.sim.metrics.waited(node(inside, 'g'), 1_000_000);
      return true;
    };
    expect(saidBy('times', line, { later: wait })).toMatch(/^I27: waits/);
  });

  it('times: work that is done sooner than it takes', () => {
    const first = ({ sim }: RunParts) => {
      const { after } = sim;
      sim.after = (delay, ...rest) => after.call(sim, delay >> 1, ...rest);
    };
    expect(saidBy('times', log, { first })).toMatch(/^I28: /);
  });

  it('delivery: a promise to commit first that is not kept', () => {
    const first = ({ kinds }: RunParts) => {
      kinds.consumers.work.guarantees.commitsFirst = () => false;
    };
    expect(saidBy('delivery', promised('at-most-once'), {})).toBeNull();
    expect(saidBy('delivery', promised('at-most-once'), { first })).toMatch(/^I12: /);
  });

  it.each(['duplicate', 'skipped', 'lost', 'reordered'])('delivery: a wrong count of what was %s', (what) => {
    const later = (inside: RunParts) => {
      const { guarantees } = inside.kinds.consumers.work;
      const { count } = guarantees;
      guarantees.count = (at, mishap) => count.call(guarantees, at, mishap) + (mishap === what ? 1 : 0);
      return true;
    };
    expect(saidBy('delivery', promised('effectively-once'), {})).toBeNull();
    expect(saidBy('delivery', promised('effectively-once'), { later })).toMatch(/^I19: /);
  });

  it('redo: work done twice that was counted once', () => {
    const later = (inside: RunParts) => {
      inside.sim.metrics.count(node(inside, 'g'), METRIC.duplicates);
      return true;
    };
    expect(saidBy('redo', log, { later })).toMatch(/^I13: /);
  });

  it('log: records of a dead member that nobody reads again', () => {
    const first = ({ kinds }: RunParts) => {
      const { giveBack } = kinds.topics;
      kinds.topics.giveBack = (sim, topic, edge, lane, message) => {
        if (message >= 0) giveBack.call(kinds.topics, sim, topic, edge, lane, message);
      };
    };
    expect(saidBy('log', log, { first })).toMatch(/^I11: /);
  });

  it('protocol: a cooperative rebalance that stops what stays, or a member that stops for it', () => {
    const cooperative = structuredClone(log);
    const group = cooperative.nodes.find(({ id }) => id === 'g')!;
    Object.assign(group.fields, { assignor: 'cooperative-sticky' });
    const protocolOf = ({ kinds }: RunParts) => Reflect.get(kinds.consumers.rebalance, 'classic') as object;
    expect(saidBy('protocol', cooperative, {})).toBeNull();
    const anew = (inside: RunParts) => {
      const classic = protocolOf(inside);
      Reflect.set(classic, 'dealMoved', Reflect.get(classic, 'dealAnew'));
    };
    expect(saidBy('protocol', cooperative, { first: anew })).toMatch(/^I18: (a partition|taken)/);
    const stops = (inside: RunParts) => void Reflect.set(protocolOf(inside), 'workDone', () => {});
    expect(saidBy('protocol', cooperative, { first: stops })).toMatch(/^I18: a cooperative member stops/);
  });

  it('the walk: two members at work on one partition', () => {
    const later = (inside: RunParts) => {
      const { workers, rows } = inside.kinds.consumers;
      const at = worker(inside);
      if (at >= 0) rows.owner[workers.of(at, WORKER.row)] = workers.of(at, WORKER.member) === 0 ? 1 : 0;
      return at >= 0;
    };
    expect(saidBy('invariants', log, { later })).toMatch(/^I18: /);
  });

  it('figures: quantiles that fall', () => {
    const first = ({ sim }: RunParts) => {
      const { histograms } = sim.metrics;
      const { quantile } = histograms;
      histograms.quantile = (index, q) => quantile.call(histograms, index, 1 - q);
    };
    expect(saidBy('figures', line, { first })).toMatch(/^I35: /);
  });

  it('agenda: time that stands still', () => {
    const queue = { time: 7, code: 0, arg: 0, size: 100 };
    const plan = { limits: { eventsAtOneInstant: 10 } };
    const law = agendaLaw({ sim: { now: 7, queue, plan } } as unknown as Scene);
    for (let event = 0; event < 11; event++) law.popped!();
    expect(() => law.popped!()).toThrow(/^I31: /);
  });

  it.each([NaN, Infinity, -0, 2 ** 53])('figures: %s is no figure', (value) => {
    expect(() => checkNumbers({ nodes: [{ wait: value }] }, 'results')).toThrow(/^I38: results.nodes.0.wait/);
  });
});
