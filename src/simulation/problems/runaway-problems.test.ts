import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { designOf, type Fields } from '../../testing/metamorphic/run-figures.ts';
import { validate } from './validate.ts';

type Nodes = Record<string, readonly [kind: string, fields?: Fields]>;

const takes = (mean: number): Fields => ({ serviceTime: { shape: 'constant', mean } });
const wide: Fields = { ...takes(10), members: 10, concurrency: 1000 };
const ten: Fields = { partitions: 10 };

/** A group that reads two topics and writes to both. */
function twoTopics(group: Fields): Design {
  return designOf(
    {
      web: ['producer', { rate: 20 }],
      a: ['topic', ten],
      b: ['topic', ten],
      g: ['consumer-group', { ...wide, ...group }],
    },
    ['web > a', 'a > g', 'b > g', 'g > a', 'g > b'],
  );
}

/** Topics in a row with so many groups between each and the next, each fast enough for anything. */
function chain(topics: number, groups: number, mean = 0): Design {
  const nodes: Nodes = { web: ['producer', { rate: 100 }], t0: ['topic', ten] };
  const all: Nodes = { ...nodes };
  const edges = ['web > t0'];
  for (let at = 0; at < topics - 1; at++) {
    all[`t${at + 1}`] = ['topic', ten];
    for (let group = 0; group < groups; group++) {
      all[`g${at}-${group}`] = ['consumer-group', { ...wide, ...takes(mean) }];
      edges.push(`t${at} > g${at}-${group}`, `g${at}-${group} > t${at + 1}`);
    }
  }
  return designOf(all, edges);
}

function said(design: Design, ...codes: string[]): string[] {
  return validate(design)
    .filter(({ code }) => codes.includes(code))
    .map(({ severity, node, message }) => `${severity} at ${node}: ${message}`);
}

describe('a design that will run away is said to do so before it starts', () => {
  it('when more comes back from a loop than goes in, by how much', () => {
    expect(said(twoTopics({}), 'endless-circle')).toEqual([
      'warning at g: The loop g → a → g grows 2 times every round: 20/s come in from outside, and each message that goes through g comes back as 2. Break the loop, or send fewer of them round.',
    ]);
    expect(said(twoTopics({ failureProbability: 0.3, maxAttempts: 1 }), 'endless-circle')).toEqual([
      'warning at g: The loop g → a → g grows 1.4 times every round: 20/s come in from outside, and each message that goes through g comes back as 1.4. Break the loop, or send fewer of them round.',
    ]);
    expect(said(twoTopics({ failureProbability: 0.6, maxAttempts: 1 }), 'endless-circle')).toEqual([]);
  });

  it('when all that fails comes back by the dead letters', () => {
    const again = (failureProbability: number) =>
      designOf(
        { web: ['producer'], q: ['queue'], g: ['consumer-group', { failureProbability, maxAttempts: 1 }] },
        ['web > q', 'q > g', 'g.failed > q'],
      );
    expect(said(again(1), 'endless-circle')).toEqual([
      'warning at q: The loop q → g → q only fills up: 100/s come in from outside, and each message that goes through q comes back. Break the loop, or let some leave it.',
    ]);
    expect(said(again(0.9), 'endless-circle')).toEqual([]);
  });

  it('when a loop takes less than a microsecond, which is no time', () => {
    const spin = (mean: number) =>
      designOf({ web: ['producer'], t: ['topic'], g: ['consumer-group', takes(mean)] }, [
        'web > t',
        't > g',
        'g > t',
      ]);
    expect(said(spin(0.0004), 'zero-delay-circle')).toHaveLength(1);
    expect(said(spin(0.0005), 'zero-delay-circle', 'endless-circle')).toEqual([
      expect.stringMatching(/^warning at t: The loop t → g → t only fills up/),
    ]);
  });

  it('when copies of copies are more than anything can carry', () => {
    expect(said(chain(8, 4), 'fan-out')).toEqual([
      'warning at t7: t7 gets 1,638,400/s: on its way there each message becomes 16,384, as every reader of a topic gets a copy and sends on its own. Fewer readers on the way keep this in bounds.',
    ]);
    expect(said(chain(5, 4), 'fan-out')).toEqual([]);
    // What is too much further on comes after what makes it so.
    const [cause, ...follows] = said(chain(9, 4, 10), 'fan-out', 'overload');
    expect(cause).toMatch(/^warning at t8: t8 gets /);
    expect(follows[0]).toMatch(/^warning at g[0-9-]+: No bound: /);
  });

  it('when retries ask for more than there is, and that retries are why', () => {
    const retries = (fields: Fields) =>
      designOf({ web: ['producer', { rate: 20 }], q: ['queue'], g: ['consumer-group', fields] }, [
        'web > q',
        'q > g',
      ]);
    const failing = { ...takes(100), members: 10, failureProbability: 0.9, maxAttempts: 10 };
    expect(said(retries({ ...failing, retryMode: 'later' }), 'overload')).toEqual([
      'warning at g: No bound: 20/s arrive at g, it can do 15/s, as a message takes 6.5 tries on average.',
    ]);
    // Half of the messages hold their worker for a second while they wait: 20 workers would be needed for those alone.
    const holding = { ...takes(1), members: 10, failureProbability: 0.5, maxAttempts: 2, backoffJitter: 0 };
    expect(said(retries({ ...holding, backoff: 1000 }), 'overload')).toEqual([
      'warning at g: No bound: 20/s arrive at g, it can do 20/s, as a message takes 1.5 tries on average.',
    ]);
    expect(said(retries({ ...holding, backoff: 900 }), 'overload')).toEqual([]);
  });
});
