import { describe, expect, it } from 'vitest';
import type { AssignableTopic, Assignment, Assignor } from './assignment.ts';
import { ASSIGNORS } from './assignors.ts';
import { assignRange } from './range-assignor.ts';
import { assignRoundRobin } from './round-robin-assignor.ts';

type GroupAssignor = (members: readonly string[], topics: readonly AssignableTopic[]) => Assignment;

const [range, roundRobin] = ASSIGNORS.map(({ assign }) => amongReadersOfAll(assign));

function amongReadersOfAll(assign: Assignor): GroupAssignor {
  return (members, topics) => {
    const everyTopic = topics.map((_, place) => place);
    const subscribers = members.map((id) => ({ id, topics: everyTopic }));
    return assign(subscribers, topics);
  };
}

/** What each member reads, as `topic-partition`, in the order of topics and partitions. */
function dealt(assign: GroupAssignor, members: string[], topics: AssignableTopic[]): string[][] {
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
    expect(range(three, [topic('t', 10)])).toEqual([[0, 0, 0, 0, 1, 1, 1, 2, 2, 2]]);
  });

  it('goes topic by topic, so that the first members get more of several topics', () => {
    const [first, second] = dealt(range, ['c1', 'c2'], [topic('t1', 3), topic('t2', 3)]);
    expect(first).toEqual(['t1-0', 't1-1', 't2-0', 't2-1']);
    expect(second).toEqual(['t1-2', 't2-2']);
    const five = ['c1', 'c2', 'c3', 'c4', 'c5'];
    const ofOne = dealt(range, five, [topic('t1', 1), topic('t2', 1), topic('t3', 1)]);
    expect(ofOne.map((read) => read.length)).toEqual([3, 0, 0, 0, 0]);
  });

  it('takes members in the order of their names as strings', () => {
    expect(range(['m1', 'm2', 'm10'], [topic('t', 3)])).toEqual([[0, 2, 1]]);
  });
});

describe('round robin', () => {
  it('deals in a circle', () => {
    expect(roundRobin(three, [topic('t', 10)])).toEqual([[0, 1, 2, 0, 1, 2, 0, 1, 2, 0]]);
  });

  it('goes on from topic to topic', () => {
    const [first, second] = dealt(roundRobin, ['c1', 'c2'], [topic('t1', 3), topic('t2', 3)]);
    expect(first).toEqual(['t1-0', 't1-2', 't2-1']);
    expect(second).toEqual(['t1-1', 't2-0', 't2-2']);
  });

  it('takes topics in the order of their names', () => {
    expect(roundRobin(['a', 'b'], [topic('z', 1), topic('y', 2)])).toEqual([[0], [0, 1]]);
  });
});

describe.each([range, roundRobin])('either (%#)', (assign) => {
  it('leaves members beyond the partitions without any, and partitions without members to nobody', () => {
    expect(assign(['c1', 'c2'], [topic('t', 1)])).toEqual([[0]]);
    expect(assign([], [topic('t', 2)])).toEqual([[-1, -1]]);
  });
});

// The classes of Apache Kafka, run: RangeAssignor and RoundRobinAssignor, trunk of October 2024.
describe('members that read different topics', () => {
  const topics = [topic('t1', 6), topic('t2', 7), topic('t3', 2)];
  const members = [
    { id: 'c1', topics: [0, 1, 2] },
    { id: 'c2', topics: [0, 1, 2] },
    { id: 'c3', topics: [0, 2] },
  ];

  it('share each topic among its readers by range', () => {
    expect(assignRange(members, topics)).toEqual([
      [0, 0, 1, 1, 2, 2],
      [0, 0, 0, 0, 1, 1, 1],
      [0, 1],
    ]);
  });

  it('lose their turn by round robin where they do not read', () => {
    expect(assignRoundRobin(members, topics)).toEqual([
      [0, 1, 2, 0, 1, 2],
      [0, 1, 0, 1, 0, 1, 0],
      [1, 2],
    ]);
  });

  it('leave a topic without readers to nobody', () => {
    const reader = [{ id: 'c1', topics: [1] }];
    expect(assignRange(reader, [topic('a', 1), topic('b', 1)])).toEqual([[-1], [0]]);
    expect(assignRoundRobin(reader, [topic('a', 1), topic('b', 1)])).toEqual([[-1], [0]]);
  });
});

describe('static members', () => {
  it('come first, in the order of their instance ids', () => {
    const members = [
      { id: 'a', topics: [0] },
      { id: 'c', topics: [0], instanceId: 'i1' },
      { id: 'b', topics: [0], instanceId: 'i2' },
    ];
    expect(assignRange(members, [topic('t', 3)])).toEqual([[1, 2, 0]]);
    expect(assignRoundRobin(members, [topic('t', 3)])).toEqual([[1, 2, 0]]);
  });
});
