import { describe, expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { Invariants } from '../../testing/invariants.ts';
import { smallRun, type SmallRun } from '../../testing/small-run.ts';
import type { Network } from './sender.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });
/** So many records, the first at `ms` and one more after each as long again. */
const every = (ms: number, stopAfter: number) => ({ rate: 1000 / ms, stopAfter });

/** A producer with a Kafka client (node 0) that writes to a topic (node 1) which nobody reads. */
function client(fields: Record<string, Json>, partitions = 1): SmallRun {
  return smallRun({
    nodes: [
      {
        id: 'p',
        kind: 'producer',
        fields: {
          client: 'kafka',
          arrivals: 'constant',
          rate: 1000,
          keys: 'none',
          size: constant(1000),
          requestLatency: constant(0),
          ...fields,
        },
      },
      { id: 't', kind: 'topic', fields: { partitions } },
    ],
    edges: ['p > t'],
  });
}

/** Times in milliseconds at which records came into the topic up to `ms`, with their serial numbers. */
function log(run: SmallRun, ms: number): [at: number, serial: number][] {
  const { trace } = run.sim;
  trace.messages = true;
  run.until(ms);
  new Invariants(run.sim, run.kinds).check();
  const { values } = trace.rows.read(0);
  const rows = Array.from({ length: values.length / 6 }, (_, row) => values.slice(row * 6, row * 6 + 6));
  return rows.filter((row) => row[1] === 17 && row[2] === 1).map((row) => [row[0] / 1000, row[3]]);
}

const times = (run: SmallRun, ms: number) => log(run, ms).map(([when]) => when);
const count = (run: SmallRun, metric: (typeof METRIC)[keyof typeof METRIC]) => run.sim.metrics.of(0, metric);

describe('batches of a Kafka client', () => {
  it('sends at once without linger', () => {
    expect(times(client({ ...every(1, 1), linger: 0 }), 100)).toEqual([1]);
  });

  it('sends two records in one batch when the first has lingered', () => {
    const run = client({ ...every(3, 2), linger: 5 });
    expect(times(run, 100)).toEqual([8, 8]);
    expect(count(run, METRIC.attempts)).toBe(2);
  });

  it('sends a batch at once when a record does not fit into it, and the new one after its own linger', () => {
    const fields = { linger: 1000, batchSize: 2000, size: constant(1500) };
    expect(times(client({ ...every(10, 2), ...fields }), 3000)).toEqual([20, 1020]);
  });

  it('gives a record larger than a batch one of its own, which is full', () => {
    const fields = { linger: 1000, batchSize: 1000, size: constant(5000) };
    expect(times(client({ ...every(10, 1), ...fields }), 3000)).toEqual([10]);
  });

  it('takes the batches of other partitions along, which then do not linger', () => {
    const fields = { ...every(1, 3), linger: 4, partitioner: 'round-robin', keys: 'uniform' };
    expect(times(client(fields, 3), 100)).toEqual([5, 5, 5]);
  });

  it('fills batches while all requests that may be in flight are', () => {
    const run = client({
      rate: 1000,
      linger: 0,
      maxInFlight: 1,
      requestLatency: constant(10),
      stopAfter: 30,
    });
    // Each request takes what has come in the ten milliseconds before.
    expect(new Set(times(run, 100))).toEqual(new Set([6, 16, 26, 36]));
  });
});

describe('the memory of a Kafka client', () => {
  const full = {
    linger: 0,
    bufferMemory: 32_768,
    batchSize: 16_384,
    keys: 'uniform',
    partitioner: 'round-robin',
  };

  it('is reserved by the batch, so that the third send blocks, and fails after the longest block', () => {
    const run = client(
      { ...full, stopAfter: 4, requestTimeout: 200_000, requestLatency: constant(400_000) },
      4,
    );
    run.until(2.999);
    expect(run.sim.transfers.heldEdges[0]).toBe(0);
    run.until(3);
    expect(run.sim.transfers.heldEdges[0]).toBe(1);
    expect(run.kinds.held(run.sim, 0)).toBe(3);
    run.until(60_002.999);
    expect(count(run, METRIC.dropped)).toBe(0);
    run.until(60_003);
    expect([count(run, METRIC.dropped), count(run, METRIC.failures)]).toEqual([1, 1]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('is free when the batch is answered, and the send goes on at that instant', () => {
    const run = client({ ...full, stopAfter: 3, requestLatency: constant(10) }, 4);
    // Sent at 1, answered at 11; blocked from 3 on.
    expect(times(run, 40)).toEqual([6, 7, 16]);
    expect(run.sim.transfers.heldTime(0, run.sim.now)).toBe(8000);
    expect(run.kinds.producers.clients!.reservedBytes(0)).toBe(0);
  });

  it('lets batches leave before they have lingered when a send waits for it', () => {
    const run = client({ ...full, linger: 1000, stopAfter: 3 }, 4);
    expect(times(run, 2000)).toEqual([3, 3, 1003]);
  });

  it('refuses a message that is larger than all of it, or than a request', () => {
    const run = client({ bufferMemory: 500, stopAfter: 2 });
    expect(times(run, 100)).toEqual([]);
    expect(count(run, METRIC.dropped)).toBe(2);
    const large = client({ size: constant(1_048_577), stopAfter: 2 });
    expect(times(large, 100)).toEqual([]);
  });
});

describe('acknowledgements and retries', () => {
  const slow = { linger: 0, requestLatency: constant(100), requestTimeout: 60, stopAfter: 1 };
  const quick = { retryBackoff: 10, retryBackoffMax: 10, deliveryTimeout: 500 };

  it('writes a batch again and again that the client does not hear of, without idempotence', () => {
    const run = client({ ...slow, ...quick, idempotence: 'off', retries: 2 });
    const written = log(run, 1000);
    expect(written.length).toBe(3);
    expect(new Set(written.map(([, serial]) => serial))).toEqual(new Set([0]));
    expect(count(run, METRIC.duplicates)).toBe(2);
    expect(count(run, METRIC.retries)).toBe(2);
    // The client reports a failure, though the log has the record.
    expect([count(run, METRIC.failures), count(run, METRIC.dropped)]).toEqual([1, 1]);
  });

  it('writes it once with idempotence', () => {
    const run = client({ ...slow, ...quick, retries: 2 });
    expect(times(run, 1000)).toEqual([51]);
    expect([count(run, METRIC.duplicates), count(run, METRIC.retries)]).toEqual([0, 2]);
    expect([count(run, METRIC.failures), count(run, METRIC.dropped)]).toEqual([1, 0]);
  });

  it('loses what was not written when the client hung up, if no try is left', () => {
    const run = client({ ...slow, requestLatency: constant(200), retries: 0, idempotence: 'off' });
    expect(times(run, 1000)).toEqual([]);
    expect(count(run, METRIC.dropped)).toBe(1);
  });

  it('waits for nobody without acknowledgements: memory is free when a batch leaves', () => {
    const run = client({ ...slow, acks: 'none', bufferMemory: 16_384, stopAfter: 3 });
    expect(times(run, 1000)).toEqual([51, 52, 53]);
    expect(run.sim.transfers.heldTime(0, run.sim.now)).toBe(0);
  });

  it('gives up at the delivery timeout, counted from the birth of the batch', () => {
    const run = client({ ...slow, ...quick, requestLatency: constant(200), deliveryTimeout: 100 });
    run.until(100.999);
    expect(count(run, METRIC.failures)).toBe(0);
    run.until(101);
    expect(count(run, METRIC.failures)).toBe(1);
    run.until(1000);
    expect([count(run, METRIC.dropped), run.kinds.held(run.sim, 0)]).toEqual([1, 0]);
    new Invariants(run.sim, run.kinds).check();
  });

  it('changes the order of batches without idempotence, and keeps it with it', () => {
    const turns = (idempotence: string) => {
      const values = [300, 0, 0, 0];
      const fields = { linger: 0, requestTimeout: 60, batchSize: 0, stopAfter: 4, idempotence };
      const requestLatency = { shape: 'empirical', values };
      const serials = log(
        client({ ...fields, retryBackoff: 1, retryBackoffMax: 1, requestLatency }),
        100_000,
      );
      return serials.map(([, serial]) => serial);
    };
    expect(turns('default')).toEqual([0, 1, 2, 3]);
    expect(turns('off')).not.toEqual([0, 1, 2, 3]);
  });

  it('writes nothing past a request that the network has swallowed', () => {
    const run = client({ ...every(10, 2), linger: 0, requestTimeout: 1000 });
    const isCut = () => run.sim.now < 15_000;
    const tripOf = () => (isCut() ? Infinity : 0);
    run.kinds.producers.clients!.sendOver({ tripOf, isCut, onRecovery: () => {} });
    const written = log(run, 5000);
    expect(written.map(([, serial]) => serial)).toEqual([0, 1]);
    expect(written[0][0]).toBeGreaterThanOrEqual(1010);
    expect(count(run, METRIC.duplicates)).toBe(0);
  });

  it('writes what nobody answers at the next repetition once the network recovers, and nothing later than it would', () => {
    const unanswered = { linger: 0, acks: 'none', requestTimeout: 1000, requestLatency: constant(20) };
    const run = client({ ...every(10, 4), ...unanswered });
    // The first record is swallowed; it is sent again 200 ms after that. Those behind it wait for it.
    const tripOf = () => (run.sim.now < 15_000 ? Infinity : 0);
    const network: Network = { tripOf, isCut: () => run.sim.now < 15_000, onRecovery: () => {} };
    run.kinds.producers.clients!.sendOver(network);
    run.until(15);
    network.onRecovery(run.sim, 0);
    expect(times(run, 5000)).toEqual([210, 210, 210, 210]);
    const calm = client({ ...every(10, 1), ...unanswered });
    calm.kinds.producers.clients!.sendOver(Object.assign(network, { isCut: () => false, tripOf: () => 0 }));
    calm.until(15);
    network.onRecovery(calm.sim, 0);
    expect(times(calm, 5000), 'a request that was on its way').toEqual([20]);
  });
});
