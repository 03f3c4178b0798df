import { expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { GROUP_TRANSACTION_STATE } from '../../kinds/consumer-group/transaction-states.ts';
import { SERVICE_EVENT, type ServiceStates } from '../../kinds/service/service-states.ts';
import { QUEUE_STATE } from '../../kinds/queue/queue-states.ts';
import { LINK_STATE } from '../../kinds/shared/links/link-states.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const WORKER: Json = { shape: 'constant', mean: 20 };

/** What the law says of a run in which somebody meddles after 300 events. */
function saidOf(design: Design, meddle: (inside: RunParts) => void = () => {}): string | null {
  const { run } = compile(design);
  const inside = insideOf(run!);
  const watch = watchRun(run!, design.scenario.faults, [LAWS.machines]);
  try {
    for (let event = 0; event < 6000 && run!.advance(Infinity, 1) === 1; event++) {
      if (event === 300) meddle(inside);
      watch.check(true);
      run!.drainMessages();
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

const copier = designOf(
  {
    source: ['producer', { rate: 300 }],
    in: ['topic'],
    g: [
      'consumer-group',
      { commit: 'transaction', polling: 'batch', transactionTime: 100, transactionEnd: 5 },
    ],
    out: ['topic'],
  },
  ['source > in', 'in > g', 'g > out'],
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

/** Calls for a service that is limited, then overloaded, then in both sorts of outage. */
const hardTimes = (fields: Record<string, Json>): Design => {
  const design = designOf(
    {
      source: ['producer', { rate: 100, stopAfter: 60 }],
      late: ['producer', { rate: 1 }],
      q: ['queue'],
      g: ['consumer-group', { members: 4, serviceTime: { shape: 'constant', mean: 1 }, maxAttempts: 3 }],
      s: ['service', { concurrency: 1, queueLimit: 1, ...fields }],
    },
    ['source > q', 'late > q', 'q > g', 'g > s'],
  );
  const outage = { node: 's', fault: 'outage' };
  const faults = [
    { id: 'one', ...outage, atMs: 4000, forMs: 1000, args: { answers: 'refused' } },
    { id: 'two', ...outage, atMs: 8000, forMs: 3000, args: { answers: 'silence' } },
  ];
  return { ...design, scenario: { ...design.scenario, horizonMs: 60_000, faults } };
};
const LIMITED = { rateLimit: 'bucket', ratePermits: 2, ratePeriod: 1000 };

it('machines: says nothing of services in hard times', () => {
  expect(saidOf(hardTimes({}))).toBeNull();
  expect(saidOf(hardTimes(LIMITED))).toBeNull();
});

it.each<[string, Record<string, Json>, (inside: RunParts) => void]>([
  ['never says that it is overloaded', {}, ({ kinds }) => (kinds.services.states.refuses = () => {})],
  ['never says that it is limited', LIMITED, ({ kinds }) => (kinds.services.states.refuses = () => {})],
  ['says limited for overloaded', {}, takesFor('LINE_FULL', 'OVER_RATE_LIMIT')],
  ['says overloaded for limited', LIMITED, takesFor('OVER_RATE_LIMIT', 'LINE_FULL')],
  ['is never up again', {}, ({ kinds }) => (kinds.services.states.takes = () => {})],
  ['is up again at once', LIMITED, ({ kinds }) => soon(kinds.services.states)],
  ['answers in a silent outage', {}, takesFor('OUTAGE_IS_SILENT', 'OUTAGE_OVER')],
  ['refuses after its outage', {}, takesFor('OUTAGE_OVER', 'OUTAGE_REFUSES')],
  ['takes calls in an outage', {}, takesFor('OUTAGE_REFUSES', 'OUTAGE_OVER')],
])('machines: sees a service that %s', (_, fields, meddle) => {
  expect(saidOf(hardTimes(fields), meddle)).toMatch(/^I47: a service is in another/);
});

/** The machine of services takes one event for another. */
function takesFor(told: keyof typeof SERVICE_EVENT, heard: keyof typeof SERVICE_EVENT) {
  return ({ kinds: { services } }: RunParts): void => {
    const { send } = services.states;
    services.states.send = (now, node, event) =>
      send.call(services.states, now, node, event === SERVICE_EVENT[told] ? SERVICE_EVENT[heard] : event);
  };
}

function soon(states: ServiceStates): void {
  states.takes = (now, node) => states.send(now, node, SERVICE_EVENT.TAKES_CALLS_AGAIN);
}

it('machines: says nothing of runs as they are', () => {
  for (const overflow of ['block', 'drop-oldest', 'drop-newest']) {
    expect(saidOf(fullQueue(overflow))).toBeNull();
  }
  expect(saidOf(client)).toBeNull();
  expect(saidOf(callers)).toBeNull();
  expect(saidOf(copier)).toBeNull();
});

it('machines: sees a state that is not what the run is at', () => {
  const empty = designOf({ source: ['producer'], q: ['queue', { capacity: 1000 }] }, ['source > q']);
  const full = ({ kinds, indexOf }: RunParts) =>
    (kinds.queues.states.state[indexOf.get('q')!] = QUEUE_STATE.blocking);
  expect(saidOf(empty, full)).toMatch(/^I47: a queue with room/);
  const retrying = ({ kinds, indexOf }: RunParts) =>
    (kinds.producers.clients!.states.inTrouble[indexOf.get('source')!] = 1);
  expect(saidOf(client, retrying)).toMatch(/^I47: batches in trouble/);
  const [left, asking] = (['left-open', 'committing'] as const).map((name) => ({ kinds }: RunParts) => {
    kinds.consumers.transactions!.states.state.fill(GROUP_TRANSACTION_STATE[name]);
  });
  expect(saidOf(copier, left)).toMatch(/^I47: a transaction is left open by a member that lives/);
  expect(saidOf(copier, asking)).toMatch(/^I47: a member asks for a commit that nothing answers/);
  const cut = ({ kinds }: RunParts) => kinds.links.troubles.states.state.fill(LINK_STATE.cut);
  expect(saidOf(client, cut)).toMatch(/^I47: an edge in order has a gate/);
});
