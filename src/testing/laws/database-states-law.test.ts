import { expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { DATABASE_EVENT, type DatabaseStates } from '../../kinds/database/database-states.ts';
import { compile } from '../../simulation/compile.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** A database that is called too much for a while, then little, then stopped. */
function called(connections: number): Design {
  const time: Json = { shape: 'exponential', mean: 20 };
  const design = designOf(
    {
      rush: ['producer', { rate: 300, stopAfter: 400 }],
      calm: ['producer', { rate: 20 }],
      q: ['queue'],
      g: ['consumer-group', { members: 8, serviceTime: { shape: 'constant', mean: 1 } }],
      db: ['database', { connections, serviceTime: time }],
    },
    ['rush > q', 'calm > q', 'q > g', 'g > db'],
  );
  const faults = [{ id: 'stop', node: 'db', fault: 'stop', atMs: 9000, forMs: 2000, args: {} }];
  return { ...design, scenario: { ...design.scenario, horizonMs: 15_000, faults } };
}

/** What the law says of a run in which somebody meddles with the states. */
function saidOf(connections: number, meddle: (states: DatabaseStates) => void = () => {}): string | null {
  const design = called(connections);
  const { run } = compile(design);
  meddle(insideOf(run!).kinds.databases.states);
  const watch = watchRun(run!, design.scenario.faults, [LAWS.databases]);
  try {
    while (run!.advance(Infinity, 1) === 1) {
      watch.check(false);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('databases: says nothing of runs as they are', () => {
  for (const connections of [1, 3, 20])
    expect([connections, saidOf(connections)]).toEqual([connections, null]);
});

it.each<[string, (states: DatabaseStates) => void]>([
  ['never says that it is full', (states) => (states.letsWait = () => {})],
  ['is full for ever', (states) => (states.frees = () => {})],
  [
    'is up again at once',
    (states) => (states.frees = (now, node) => states.send(now, node, DATABASE_EVENT.FREE_AGAIN)),
  ],
  ['does not stop', mishears(DATABASE_EVENT.STOPPED)],
  ['does not start again', mishears(DATABASE_EVENT.STARTED)],
])('databases: sees one that %s', (_, meddle) => {
  expect(saidOf(3, meddle)).toMatch(/^I47: (a database is in another state|callers wait)/);
});

/** The machine hears nothing of an event. */
function mishears(deafTo: number) {
  return (states: DatabaseStates): void => {
    const { send } = states;
    states.send = (now, node, event) =>
      event === deafTo ? states.state[node] : send.call(states, now, node, event);
  };
}
