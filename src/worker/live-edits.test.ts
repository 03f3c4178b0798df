import { beforeEach, describe, expect, it } from 'vitest';
import type { Design, Problem } from '../design/types.ts';
import { compile } from '../simulation/compile.ts';
import { FakePlatform } from '../testing/fake-platform.ts';
import { designOf } from '../testing/metamorphic/run-figures.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { SessionHost } from './session-host.ts';

/** What fails is not tried again, so of the two copies that a message becomes less than one comes back: it dies out. */
const tame = designOf(
  {
    web: ['producer', { rate: 20 }],
    a: ['topic'],
    b: ['topic'],
    g: [
      'consumer-group',
      { failureProbability: 0.6, maxAttempts: 1, serviceTime: { shape: 'constant', mean: 1 } },
    ],
  },
  ['web > a', 'a > g', 'b > g', 'g > a', 'g > b'],
);

let platform: FakePlatform;
let host: SessionHost;
let posted: FromWorker[];

beforeEach(() => {
  platform = new FakePlatform();
  posted = [];
  const { now, soon, after } = platform;
  host = new SessionHost({ now, soon, after, compile, post: (message) => posted.push(message) });
});

function load(design: Design, generation = 1): void {
  host.receive({ type: 'load', generation, design });
  platform.pass(20);
}

function fails(value: number): ToWorker {
  return { type: 'set-field', node: 'g', field: 'failureProbability', value };
}

function said(): (readonly Problem[])[] {
  return posted.flatMap((message) => (message.type === 'problems' ? [message.problems] : []));
}

describe('an edit of a run that is under way', () => {
  it('names the loop that it lets grow, within two seconds, and takes that back when it is undone', () => {
    load(tame);
    host.receive({ type: 'play' });
    platform.pass(100);
    host.receive(fails(0));
    platform.pass(2000);
    expect(said()).toHaveLength(1);
    expect(said()[0]).toContainEqual(
      expect.objectContaining({ code: 'endless-circle', node: 'g', severity: 'warning' }),
    );
    host.receive(fails(0.6));
    platform.pass(2000);
    expect(said()).toHaveLength(2);
    expect(said()[1].map(({ code }) => code)).not.toContain('endless-circle');
  });

  it('says nothing where there is nothing new to say, and of a drag only what it ends with', () => {
    load(tame);
    host.receive(fails(0.7));
    platform.pass(2000);
    expect(said()).toEqual([]);
    for (const value of [0.4, 0.2, 0, 0.1]) host.receive(fails(value));
    platform.pass(2000);
    expect(said()).toHaveLength(1);
    expect(
      said()[0]
        .map(({ message }) => message)
        .join(),
    ).toContain('grows 1.8 times');
  });

  it('is forgotten when another design comes', () => {
    load(tame);
    host.receive(fails(0));
    load({ ...tame, edges: tame.edges.slice(0, 1) }, 2);
    platform.pass(2000);
    expect(said()).toEqual([]);
  });
});
