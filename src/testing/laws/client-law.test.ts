import { expect, it } from 'vitest';
import { METRIC } from '../../engine/metrics.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { ClientLaw } from './client-law.ts';
import { insideOf, watchRun } from './watch-run.ts';

const client = {
  client: 'kafka',
  rate: 400,
  keys: 'none',
  size: { shape: 'constant', mean: 100 },
  batchSize: 300,
  linger: 7,
  requestTimeout: 40,
  retryBackoff: 10,
  retryBackoffMax: 20,
  requestLatency: { shape: 'exponential', mean: 12 },
  deliveryTimeout: 400,
};
const design = designOf({ p: ['producer', client], t: ['topic', { partitions: 1 }] }, ['p > t']);

/** What the law says of a run that is doctored before its first event, or after a hundred. */
function said(
  first: (inside: RunParts) => void,
  later: (inside: RunParts) => void = () => {},
): string | null {
  const { run } = compile(design);
  const inside = insideOf(run!);
  first(inside);
  const watch = watchRun(run!, [], [(scene) => new ClientLaw(scene)]);
  try {
    for (let event = 0; event < 3000; event++) {
      run!.advance(Infinity, 1);
      if (event === 100) later(inside);
      watch.check(true);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const clientsOf = ({ kinds }: RunParts) => kinds.producers.clients!;
const nothing = () => {};

it('says nothing of a run as it is, in which the client hangs up and tries again', () => {
  let retries = 0;
  expect(said(nothing, ({ sim }) => (retries = sim.metrics.of(0, METRIC.retries)))).toBeNull();
  expect(retries).toBeGreaterThan(0);
});

it.each<[RegExp, (inside: RunParts) => void]>([
  [/^I8: messages of a batch/, (inside) => clientsOf(inside).batches.count.fill(9)],
  [/^I8: batches in line/, (inside) => clientsOf(inside).batches.waiting.fill(9)],
  [/^I10: reserved memory/, (inside) => (Reflect.get(clientsOf(inside), 'available') as Float64Array)[0]++],
  [/^I10: requests/, (inside) => (Reflect.get(clientsOf(inside).sender, 'inFlight') as Int32Array).fill(6)],
  [/^I13: written twice/, ({ sim }) => sim.metrics.count(0, METRIC.duplicates)],
])('objects with %s to a state that was doctored', (sentence, later) => {
  expect(said(nothing, later)).toMatch(sentence);
});

it('objects to a batch that lingers too long', () => {
  const slower = ({ sim }: RunParts) => {
    const { after } = sim;
    sim.after = (delay, ...rest) => after.call(sim, delay + 1000, ...rest);
  };
  expect(said(slower)).toMatch(/^I15: linger/);
});

it('objects to batches that nobody gives up', () => {
  const patient = (inside: RunParts) => {
    Reflect.set(clientsOf(inside), 'giveUpOld', nothing);
    clientsOf(inside).sender.answer = nothing;
  };
  expect(said(patient)).toMatch(/^I32: /);
});

it('objects to an idempotent client that changes the order', () => {
  const careless = (inside: RunParts) => {
    const { batches } = clientsOf(inside);
    const { putBack } = batches;
    batches.putBack = (batch) => putBack.call(batches, batch, false);
  };
  expect(said(careless)).toMatch(/^I21: /);
});

it('objects to a log that takes a repeated batch of an idempotent client again', () => {
  // Messages that are kept are copied when they are written, as if the client were not idempotent.
  const forgetful = (inside: RunParts) => {
    const settings = Reflect.get(clientsOf(inside), 'settings') as { isIdempotent: boolean }[];
    settings[0].isIdempotent = false;
  };
  expect(said(forgetful)).toMatch(/^I(13|21): an idempotent/);
});
