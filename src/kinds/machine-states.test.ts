import { describe, expect, it } from 'vitest';
import type { Json } from '../design/types.ts';
import { smallRun, type SmallRun } from '../testing/small-run.ts';
import { CLIENT_STATE } from './producer/client-states.ts';
import { TRANSACTION_STATE } from './producer/transaction-states.ts';
import { QUEUE_STATE } from './queue/queue-states.ts';
import { SERVICE_STATE } from './service/service-states.ts';
import { LINK_STATE } from './shared/links/link-states.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** The names of the states that an instance is in, step by step until a time, each as often as it changes. */
function path(run: SmallRun, untilMs: number, names: Record<string, number>, state: () => number): string[] {
  const found: string[] = [];
  for (let ms = 0; ms <= untilMs; ms += 1) {
    run.until(ms);
    const name = Object.keys(names).find((one) => names[one] === state())!;
    if (found.at(-1) !== name) found.push(name);
  }
  return found;
}

describe('a queue', () => {
  const full = (overflow: string) => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 200, stopAfter: 60 } },
        { id: 'q', kind: 'queue', fields: { capacity: 20, overflow } },
        { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(10) } },
      ],
      edges: ['p > q', 'q > g'],
    });
    return path(run, 2000, QUEUE_STATE, () => run.kinds.queues.states.state[1]);
  };

  it('is open until it is full, does what its policy says, and is open again once there is room', () => {
    expect(full('block')).toEqual(['open', 'blocking', 'open']);
    expect(full('drop-newest')).toEqual(['open', 'refusing', 'open']);
    expect(full('drop-oldest')).toEqual(['open', 'pushing-out', 'open']);
  });

  it('is not open while somebody stands in line, however small it is', () => {
    const hurry = { arrivals: 'constant', rate: 100, stopAfter: 10 };
    const run = smallRun({
      nodes: [
        { id: 'p1', kind: 'producer', fields: hurry },
        { id: 'q', kind: 'queue', fields: { capacity: 2 } },
        { id: 'p2', kind: 'producer', fields: hurry },
        { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(20) } },
      ],
      edges: ['p1 > q', 'p2 > q', 'q > g'],
    });
    const state = () => run.kinds.queues.states.state[1];
    run.until(150);
    expect([run.sim.transfers.waiters.count[1], state()]).toEqual([1, QUEUE_STATE.blocking]);
    expect(path(run, 2000, QUEUE_STATE, state)).toEqual(['blocking', 'open']);
  });

  it.each([
    ['dies', (run: SmallRun) => run.kinds.inject(run.sim, run.node('g'), 'crash', { member: 1 })],
    [
      'loses its connection',
      (run: SmallRun) => run.kinds.links.inject(run.sim, run.edge('g > q'), 'partition', {}),
    ],
  ])(
    'is open again when the last that stood before it %s, as there was room for others',
    (_what, happens) => {
      const run = smallRun({
        nodes: [
          { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 100, size: constant(60) } },
          { id: 'jobs', kind: 'queue' },
          { id: 'g', kind: 'consumer-group', fields: { members: 1, serviceTime: constant(1) } },
          { id: 'q', kind: 'queue', fields: { capacityBytes: 100 } },
        ],
        edges: ['p > jobs', 'jobs > g', 'g > q'],
      });
      const state = () => run.kinds.queues.states.state[run.node('q')];
      run.until(100);
      expect(state()).toBe(QUEUE_STATE.blocking);
      happens(run);
      expect(state()).toBe(QUEUE_STATE.open);
    },
  );

  it('takes on the state of another policy with the next message, and opens with another capacity', () => {
    const run = smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 200 } },
        { id: 'q', kind: 'queue', fields: { capacity: 5, overflow: 'drop-newest' } },
      ],
      edges: ['p > q'],
    });
    const state = () => run.kinds.queues.states.state[1];
    run.until(1000);
    expect(state()).toBe(QUEUE_STATE.refusing);
    run.kinds.setField(run.sim, 1, 'overflow', 'drop-oldest');
    run.until(1100);
    expect(state()).toBe(QUEUE_STATE['pushing-out']);
    run.kinds.setField(run.sim, 1, 'capacity', 0);
    expect(state()).toBe(QUEUE_STATE.open);
  });
});

describe('a service', () => {
  const called = (fields: Record<string, Json>, rate: number) =>
    smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate, stopAfter: 40 } },
        { id: 'q', kind: 'queue' },
        { id: 'g', kind: 'consumer-group', fields: { members: 50, serviceTime: constant(0) } },
        { id: 's', kind: 'service', fields },
      ],
      edges: ['p > q', 'q > g', 'g > s'],
    });
  const walk = (run: SmallRun, ms: number) =>
    path(run, ms, SERVICE_STATE, () => run.kinds.services.states.state[3]);

  it('is limited while calls come faster than its rate limit', () => {
    const run = called(
      { rateLimit: 'cycles', ratePermits: 5, ratePeriod: 1000, serviceTime: constant(1) },
      20,
    );
    expect(walk(run, 2500)).toEqual(['up', 'limited']);
  });

  it('is overloaded while its line is full, and up again after a second without a refusal', () => {
    const run = called({ concurrency: 1, queueLimit: 1, serviceTime: constant(30) }, 100);
    expect(walk(run, 500)).toEqual(['up', 'overloaded']);
  });

  it('refuses or is silent in an outage, and takes no call before that is over', () => {
    const run = called({ serviceTime: constant(1) }, 20);
    const state = () => run.kinds.services.states.state[3];
    run.until(100);
    run.kinds.inject(run.sim, 3, 'outage', { answers: 'silence' });
    expect(state()).toBe(SERVICE_STATE.silent);
    run.until(500);
    expect(run.kinds.services.inLine(3)).toBeGreaterThan(0);
    run.kinds.heal(run.sim, 3, 'outage', {});
    expect(state()).toBe(SERVICE_STATE.up);
    run.kinds.inject(run.sim, 3, 'outage', { answers: 'errors' });
    expect(state()).toBe(SERVICE_STATE.refusing);
  });
});

it('An edge is as bad as its worst fault, and catches up before it is in order again.', () => {
  const run = smallRun({
    nodes: [
      { id: 'p', kind: 'producer', fields: { arrivals: 'constant', rate: 20 } },
      { id: 'q', kind: 'queue' },
    ],
    edges: ['p > q'],
  });
  const { links } = run.kinds;
  const state = () => links.troubles.states.state[0];
  run.until(100);
  links.inject(run.sim, 0, 'delay', { time: constant(300) });
  expect(state()).toBe(LINK_STATE.slow);
  links.inject(run.sim, 0, 'partition', {});
  links.inject(run.sim, 0, 'loss', { share: 0.1 });
  expect(state()).toBe(LINK_STATE.cut);
  links.heal(run.sim, 0, 'partition');
  expect(state()).toBe(LINK_STATE.lossy);
  links.heal(run.sim, 0, 'loss');
  run.until(500);
  links.heal(run.sim, 0, 'delay');
  expect(state()).toBe(LINK_STATE['catching-up']);
  run.until(1000);
  expect(state()).toBe(LINK_STATE.up);
});

describe('a Kafka client', () => {
  const kafka = (fields: Record<string, Json>) =>
    smallRun({
      nodes: [
        { id: 'p', kind: 'producer', fields: { arrivals: 'constant', client: 'kafka', ...fields } },
        { id: 't', kind: 'topic', fields: { partitions: 1 } },
      ],
      edges: ['p > t'],
    });

  it('is blocked while its memory is full of batches without an answer', () => {
    const run = kafka({
      rate: 1000,
      bufferMemory: 32_768,
      batchSize: 16_384,
      size: constant(10_000),
      requestLatency: constant(50),
    });
    const clients = run.kinds.producers.clients!;
    const found = path(run, 200, CLIENT_STATE, () => clients.states.state[0]);
    expect(found.slice(0, 3)).toEqual(['sending', 'blocked', 'sending']);
  });

  it('retries from a batch without an answer until all are answered', () => {
    const run = kafka({ rate: 20, requestTimeout: 100, requestLatency: constant(5) });
    const { links } = run.kinds;
    const state = () => run.kinds.producers.clients!.states.state[0];
    run.until(100);
    links.inject(run.sim, 0, 'partition', {});
    run.until(1000);
    expect(state()).toBe(CLIENT_STATE.retrying);
    links.heal(run.sim, 0, 'partition');
    run.until(5000);
    expect(state()).toBe(CLIENT_STATE.sending);
  });

  it('goes through its transactions one after another', () => {
    const run = kafka({ rate: 100, transactions: 'on', transactionSize: 10, requestLatency: constant(20) });
    const { transactions } = run.kinds.producers.clients!;
    const found = path(run, 1000, TRANSACTION_STATE, () => transactions!.states.state[0]);
    // The message that waited for the end begins the next one at once.
    const round = ['in-transaction', 'flushing', 'committing'];
    expect(found.slice(0, 7)).toEqual(['ready', ...round, ...round]);
  });
});
