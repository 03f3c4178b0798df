import { expect, it } from 'vitest';
import type { Json } from '../../design/types.ts';
import type { Rules } from '../../kinds/cloud-broker/profiles.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const SQS = { visibilityTimeout: 30, maxReceiveCount: 2, inFlightLimit: 3 };
const FIFO = { ...SQS, profile: 'sqs-fifo' };
const JETSTREAM = { profile: 'jetstream', ackWait: 30, maxDeliver: 3, dedupId: 'key', duplicateWindow: 40 };
const PULSAR = { profile: 'pulsar', subscription: 'key-shared', ackTimeout: 25, maxRedeliverCount: 1 };

const FAILOVER = { profile: 'pulsar', subscription: 'failover', negativeAckDelay: 20 };

/** What the laws say of a broker whose consumers are slow and fail, in which somebody changes the rules. */
function saidOf(fields: Record<string, Json>, changed: Partial<Rules> = {}): string | null {
  const worker = { members: 3, concurrency: 2, serviceTime: { shape: 'exponential', mean: 25 } };
  const { run } = compile(
    designOf(
      {
        source: ['producer', { rate: 150, keyCount: 5 }],
        b: ['cloud-broker', fields],
        g: ['consumer-group', { ...worker, failureProbability: 0.5, maxAttempts: 1 }],
        dlq: ['dead-letter-queue'],
      },
      ['source > b', 'b > g', 'b.dead > dlq'],
    ),
  );
  const inside = insideOf(run!);
  meddle(inside, changed);
  const watch = watchRun(run!, [], [LAWS.cloud, LAWS.redo, LAWS.custody]);
  try {
    for (let event = 0; event < 1500 && run!.advance(Infinity, 1) === 1; event++) watch.check(true);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function meddle({ kinds, indexOf }: RunParts, changed: Partial<Rules>): void {
  const rules = Reflect.get(kinds.clouds, 'rules') as Map<number, Rules>;
  const node = indexOf.get('b')!;
  rules.set(node, { ...rules.get(node)!, ...changed });
}

it('cloud: says nothing of runs as they are', () => {
  for (const fields of [SQS, FIFO, JETSTREAM, PULSAR, FAILOVER]) expect(saidOf(fields)).toBeNull();
});

it('cloud: sees what comes too early, too often, or while too much is out', () => {
  expect(saidOf(SQS, { visibility: [20_000] })).toMatch(/^I15: delivered again before its time/);
  expect(saidOf(SQS, { maxDeliveries: 3 })).toMatch(/^I1[56]: /);
  expect(saidOf(SQS, { maxInFlight: 4 })).toMatch(/^I10: in flight/);
  expect(saidOf(JETSTREAM, { maxDeliveries: 2 })).toMatch(/^I16: dead-lettered before its last/);
  expect(saidOf(PULSAR, { refusedDelay: 1 })).toMatch(/^I15: delivered again before its time/);
});

it('cloud: sees a queue that answers more calls in a second than it may, and one that answers fewer', () => {
  expect(saidOfCalls(300)).toBeNull();
  expect(saidOfCalls(301)).toMatch(/^I10: messages of a second of calls/);
  expect(saidOfCalls(299)).toMatch(/^I46: a managed broker holds a sender back/);
});

it('cloud: sees a queue that deletes more in a second than it may, and one that lets deletions wait', () => {
  const wrong = (right: boolean) => (quota: object) => Reflect.set(quota, 'mayDelete', () => right);
  expect(saidOfDeletes()).toBeNull();
  expect(saidOfDeletes(wrong(true))).toMatch(/^I10: messages deleted in a second/);
  expect(saidOfDeletes(wrong(false))).toMatch(/^I46: a deletion waits for nothing/);
});

/** What the law says where twice as many are done in a second as may be deleted. */
function saidOfDeletes(change: (quota: object) => void = () => {}): string | null {
  const { run } = compile(
    designOf(
      {
        source: ['producer', { arrivals: 'constant', rate: 290, keyCount: 100_000 }],
        b: ['cloud-broker', { profile: 'sqs-fifo' }],
        g: ['consumer-group', { members: 700, serviceTime: { shape: 'constant', mean: 900 } }],
      },
      ['source > b', 'b > g'],
    ),
  );
  const { kinds, sim, indexOf } = insideOf(run!);
  change(kinds.clouds.quota!);
  // What comes in the first second is done with what comes in the next.
  kinds.inject(sim, indexOf.get('g')!, 'slow', { factor: 2 });
  const watch = watchRun(run!, [], [LAWS.cloud]);
  try {
    for (let event = 0; event < 4000 && run!.advance(Infinity, 1) === 1; event++) {
      watch.check(false);
      if (sim.now > 1e6) kinds.heal(sim, indexOf.get('g')!, 'slow', {});
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What the law says of a FIFO queue that takes so many messages a second where 300 are right. */
function saidOfCalls(most: number): string | null {
  const worker = { members: 6, serviceTime: { shape: 'constant', mean: 1 } };
  const { run } = compile(
    designOf(
      {
        source: ['producer', { arrivals: 'constant', rate: 500, keyCount: 1000 }],
        b: ['cloud-broker', { profile: 'sqs-fifo' }],
        g: ['consumer-group', worker],
      },
      ['source > b', 'b > g'],
    ),
  );
  const { kinds, indexOf } = insideOf(run!);
  (Reflect.get(kinds.clouds.quota!, 'most') as Float64Array)[indexOf.get('b')!] = most;
  const watch = watchRun(run!, [], [LAWS.cloud]);
  try {
    for (let event = 0; event < 2500 && run!.advance(Infinity, 1) === 1; event++) watch.check(false);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('cloud: sees a subscription with one consumer that delivers again too early, or out of order', () => {
  expect(saidOf(FAILOVER, { nackDelay: 1, refusedDelay: 1 })).toMatch(
    /^I15: delivered again before its time/,
  );
  expect(saidOf(FAILOVER, { inOrder: false, returnsFirst: false })).toMatch(
    /^I21: a later one of its subscr/,
  );
});

it('cloud: sees repetitions that are taken, and a later one of a key before an earlier', () => {
  expect(saidOf(JETSTREAM, { dedupByKey: false })).toMatch(/^I19: a repetition/);
  expect(saidOf(FIFO, { returnsFirst: false })).toMatch(/^I21: a later one/);
});
