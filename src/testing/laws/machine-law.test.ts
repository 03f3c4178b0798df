import { expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const WORKER: Json = { shape: 'constant', mean: 20 };

function saidOf(design: Design, meddle: (inside: RunParts) => void = () => {}): string | null {
  const { run } = compile(design);
  const inside = insideOf(run!);
  const watch = watchRun(run!, [], [LAWS.machines]);
  try {
    for (let event = 0; event < 1500 && run!.advance(Infinity, 1) === 1; event++) {
      if (event === 300) meddle(inside);
      watch.check(true);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const fullQueue = (overflow: string) =>
  designOf(
    {
      source: ['producer', { rate: 100 }],
      q: ['queue', { capacity: 20, overflow }],
      g: ['consumer-group', { serviceTime: WORKER }],
    },
    ['source > q', 'q > g'],
  );

const client = designOf(
  {
    source: ['producer', { client: 'kafka', rate: 300, requestLatency: { shape: 'exponential', mean: 20 } }],
    t: ['topic'],
  },
  ['source > t'],
);

const callers = designOf(
  {
    source: ['producer', { rate: 300 }],
    q: ['queue'],
    g: ['consumer-group', { members: 8, serviceTime: { shape: 'constant', mean: 1 } }],
    s: ['service', { rateLimit: 'cycles', ratePermits: 3, ratePeriod: 50, concurrency: 2, queueLimit: 2 }],
  },
  ['source > q', 'q > g', 'g > s'],
);

it('machines: says nothing of runs as they are', () => {
  for (const overflow of ['block', 'drop-oldest', 'drop-newest']) {
    expect(saidOf(fullQueue(overflow))).toBeNull();
  }
  expect(saidOf(client)).toBeNull();
  expect(saidOf(callers)).toBeNull();
});

it('machines: sees a state that is not what the run is at', () => {
  const empty = designOf({ source: ['producer'], q: ['queue', { capacity: 1000 }] }, ['source > q']);
  const full = ({ kinds, indexOf }: RunParts) => (kinds.queues.states.state[indexOf.get('q')!] = 1);
  expect(saidOf(empty, full)).toMatch(/^I47: a queue with room/);
  const retrying = ({ kinds, indexOf }: RunParts) =>
    (kinds.producers.clients!.states.inTrouble[indexOf.get('source')!] = 1);
  expect(saidOf(client, retrying)).toMatch(/^I47: batches in trouble/);
  const cut = ({ kinds }: RunParts) => kinds.links.troubles.states.state.fill(3);
  expect(saidOf(client, cut)).toMatch(/^I47: an edge in order has a gate/);
});
