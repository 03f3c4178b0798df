import { describe, expect, it } from 'vitest';
import { assignRange, assignRoundRobin, type AssignableTopic, type Assignor } from './assignors.ts';

/** What each member reads, as `topic-partition`, in the order of topics and partitions. */
function dealt(assign: Assignor, members: string[], topics: AssignableTopic[]): string[][] {
  const owners = assign(members, topics);
  return members.map((_, member) =>
    topics.flatMap(({ name }, topic) =>
      owners[topic].flatMap((owner, partition) => (owner === member ? [`${name}-${partition}`] : [])),
    ),
  );
}

const topic = (name: string, partitions: number): AssignableTopic => ({ name, partitions });
const three = ['c1', 'c2', 'c3'];

describe('range', () => {
  it('deals neighbours together, one more to the first members', () => {
    expect(assignRange(three, [topic('t', 10)])).toEqual([[0, 0, 0, 0, 1, 1, 1, 2, 2, 2]]);
  });

  it('goes topic by topic, so that the first members get more of several topics', () => {
    const [first, second] = dealt(assignRange, ['c1', 'c2'], [topic('t1', 3), topic('t2', 3)]);
    expect(first).toEqual(['t1-0', 't1-1', 't2-0', 't2-1']);
    expect(second).toEqual(['t1-2', 't2-2']);
    const five = ['c1', 'c2', 'c3', 'c4', 'c5'];
    const ofOne = dealt(assignRange, five, [topic('t1', 1), topic('t2', 1), topic('t3', 1)]);
    expect(ofOne.map((read) => read.length)).toEqual([3, 0, 0, 0, 0]);
  });

  it('takes members in the order of their names as strings', () => {
    expect(assignRange(['m1', 'm2', 'm10'], [topic('t', 3)])).toEqual([[0, 2, 1]]);
  });
});

describe('round robin', () => {
  it('deals in a circle', () => {
    expect(assignRoundRobin(three, [topic('t', 10)])).toEqual([[0, 1, 2, 0, 1, 2, 0, 1, 2, 0]]);
  });

  it('goes on from topic to topic', () => {
    const [first, second] = dealt(assignRoundRobin, ['c1', 'c2'], [topic('t1', 3), topic('t2', 3)]);
    expect(first).toEqual(['t1-0', 't1-2', 't2-1']);
    expect(second).toEqual(['t1-1', 't2-0', 't2-2']);
  });

  it('takes topics in the order of their names', () => {
    expect(assignRoundRobin(['a', 'b'], [topic('z', 1), topic('y', 2)])).toEqual([[0], [0, 1]]);
  });
});

describe.each([assignRange, assignRoundRobin])('%o', (assign) => {
  it('leaves members beyond the partitions without any, and partitions without members to nobody', () => {
    expect(assign(['c1', 'c2'], [topic('t', 1)])).toEqual([[0]]);
    expect(assign([], [topic('t', 2)])).toEqual([[-1, -1]]);
  });
});
