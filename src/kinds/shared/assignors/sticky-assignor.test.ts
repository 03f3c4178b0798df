import { fc, test } from '../../../testing/property.ts';
import { describe, expect, it } from 'vitest';
import type { AssignableTopic, Assignment, Assignor, Subscriber } from './assignment.ts';
import { assignCooperativeSticky, assignSticky } from './sticky-assignor.ts';

const topic = (name: string, partitions: number): AssignableTopic => ({ name, partitions });
/** A member that reads topic 0 and owns some of its partitions. */
const member = (id: string, owned: number[], generation?: number): Subscriber => ({
  id,
  topics: [0],
  owned: owned.map((partition) => ({ topic: 0, partition })),
  generation,
});

/** Of two topics, the first with six partitions. */
const partitionOfTwo = (place: number) =>
  place < 6 ? { topic: 0, partition: place } : { topic: 1, partition: place - 6 };

// The classes of Apache Kafka, run: StickyAssignor and CooperativeStickyAssignor, trunk of October 2024.
describe('sticky', () => {
  it('deals a fresh group in a circle', () => {
    const fresh = ['c1', 'c2', 'c3'].map((id) => member(id, []));
    expect(assignSticky(fresh, [topic('orders', 10)])).toEqual([[0, 1, 2, 0, 1, 2, 0, 1, 2, 0]]);
  });

  it('moves only what a third member needs', () => {
    const members = [member('c1', [0, 1, 2], 1), member('c2', [3, 4, 5], 1), member('c3', [], -1)];
    expect(assignSticky(members, [topic('orders', 6)])).toEqual([[0, 0, 2, 1, 1, 2]]);
  });

  it('shares out what a member left behind', () => {
    const members = [member('c1', [0, 1], 3), member('c3', [2, 5], 3)];
    expect(assignSticky(members, [topic('orders', 6)])).toEqual([[0, 0, 1, 0, 1, 1]]);
  });

  it('believes the newer generation, and neither of two claims of one generation', () => {
    const stale = [member('c1', [0, 1], 2), member('c2', [0, 2], 1), member('c3', [], 2)];
    expect(assignSticky(stale, [topic('topic', 3)])).toEqual([[0, 2, 1]]);
    const twice = [member('c1', [0, 1], 1), member('c2', [0, 2], 1), member('c3', [], 1)];
    expect(assignSticky(twice, [topic('topic', 3)])).toEqual([[2, 0, 1]]);
  });

  it('balances members that read different topics', () => {
    const topics = [topic('t1', 6), topic('t2', 7), topic('t3', 2)];
    const members = [
      { id: 'c1', topics: [0, 1, 2] },
      { id: 'c2', topics: [0, 1, 2] },
      { id: 'c3', topics: [0, 2] },
    ];
    expect(assignSticky(members, topics)).toEqual([
      [2, 2, 2, 1, 2, 0],
      [0, 1, 0, 1, 0, 1, 0],
      [1, 2],
    ]);
  });

  it('walks the claims in the order of the hash map: c3, c1, c2', () => {
    const claims = [member('c1', [0, 1], 1), member('c2', [0], 1), member('c3', [0], 2)];
    expect(assignSticky(claims, [topic('t', 3)])).toEqual([[2, 0, 1]]);
    expect(assignCooperativeSticky(claims, [topic('t', 3)])).toEqual([[2, 0, 1]]);
  });

  it('counts a claim that one member makes twice as a claim of two', () => {
    const claims = [member('c1', [0, 0, 1], 1), member('c2', [], 1)];
    expect(assignSticky(claims, [topic('t', 4)])).toEqual([[0, 0, 1, 1]]);
    expect(assignCooperativeSticky(claims, [topic('t', 4)])).toEqual([[-1, 0, 1, 1]]);
  });

  it('gives a member without topics a share if it comes first', () => {
    const reads = (id: string, topics: number[]): Subscriber => ({ id, topics });
    const topics = [topic('t', 4)];
    expect(assignSticky([reads('c1', []), reads('c2', [0])], topics)).toEqual([[0, 1, 0, 1]]);
    expect(assignSticky([reads('c1', [0]), reads('c2', [])], topics)).toEqual([[0, 0, 0, 0]]);
    expect(assignSticky([reads('c1', []), reads('c2', [])], topics)).toEqual([[-1, -1, -1, -1]]);
  });

  it('moves a partition back to its owner of an older generation, even if that no longer reads the topic', () => {
    const members = [
      { ...member('c1', [0, 2], 3), topics: [1] },
      { id: 'c2', topics: [0, 1], owned: [5, 6, 7].map(partitionOfTwo), generation: 5 },
      { id: 'c3', topics: [0, 1], owned: [], generation: 5 },
    ];
    expect(assignSticky(members, [topic('t1', 6), topic('t2', 2)])).toEqual([
      [0, 2, 0, 2, 2, 1],
      [1, 1],
    ]);
  });

  it('refuses such an owner whose share cannot change, as Kafka fails', () => {
    const members = [
      { ...member('c1', [0], 1), topics: [1] },
      member('c2', [1, 2, 3, 4, 5], 2),
      member('c3', [], 2),
    ];
    const topics = [topic('t', 6), topic('u', 1)];
    expect(() => assignSticky(members, topics)).toThrow('Found an old claim of c1 on t, expected');
  });

  it('drops claims on partitions that do not exist', () => {
    expect(assignSticky([member('c1', [7], 1)], [topic('t', 2)])).toEqual([[0, 0]]);
    expect(assignSticky([], [topic('t', 2)])).toEqual([[-1, -1]]);
  });
});

describe('cooperative sticky', () => {
  it('leaves what changes hands to nobody until it has been given up', () => {
    const topics = [topic('orders', 6)];
    const first = [member('c1', [0, 1, 2], 1), member('c2', [3, 4, 5], 1), member('c3', [], -1)];
    expect(assignCooperativeSticky(first, topics)).toEqual([[0, 0, -1, 1, 1, -1]]);
    const second = [member('c1', [0, 1], 2), member('c2', [3, 4], 2), member('c3', [], 2)];
    expect(assignCooperativeSticky(second, topics)).toEqual([[0, 0, 2, 1, 1, 2]]);
  });

  it('waits for both of two that claim the same', () => {
    const members = [member('c1', [0, 1], 1), member('c2', [0, 2], 1), member('c3', [], 1)];
    expect(assignCooperativeSticky(members, [topic('topic', 4)])).toEqual([[-1, 0, 1, 0]]);
  });
});

/** Everybody reads something and claims nothing else: Kafka does odd things otherwise. */
const groups = fc
  .record({
    partitions: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 }),
    members: fc.array(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        reads: fc.integer({ min: 0, max: 15 }),
        owned: fc.array(fc.tuple(fc.nat(3), fc.nat(8)), { maxLength: 8 }),
        generation: fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    isEqual: fc.boolean(),
  })
  .map(({ partitions, members, isEqual }) => {
    const topics = partitions.map((count, index) => topic(`t${index}`, count));
    const everyTopic = topics.map((_, index) => index);
    const subscribers = members.map(({ id, reads, owned, generation }, index): Subscriber => {
      const some = everyTopic.filter((place) => (reads >> place) & 1);
      const read = isEqual || some.length === 0 ? everyTopic : some;
      return {
        id: `${id}${index}`,
        topics: read,
        owned: owned.flatMap(([place, partition]) =>
          read.includes(place) ? [{ topic: place, partition }] : [],
        ),
        generation,
      };
    });
    return { topics, members: subscribers };
  });

describe('any group', () => {
  test.prop([groups])(
    'gets every partition that somebody reads, each read by a reader',
    ({ topics, members }) => {
      assignSticky(members, topics).forEach((owners, place) => {
        const isRead = members.some((reader) => reader.topics.includes(place));
        for (const owner of owners) {
          expect(owner >= 0).toBe(isRead);
          if (isRead) expect(members[owner].topics).toContain(place);
        }
      });
    },
  );

  test.prop([groups])('is balanced: nobody could relieve a member with two more', ({ topics, members }) => {
    const assignment = assignSticky(members, topics);
    const share = sharesIn(assignment, members);
    assignment.forEach((owners, place) => {
      for (const owner of owners.filter((one) => one >= 0)) {
        members.forEach((reader, index) => {
          if (reader.topics.includes(place)) expect(share[owner] - share[index]).toBeLessThanOrEqual(1);
        });
      }
    });
  });

  test.prop([groups])('keeps everything once it is settled', ({ topics, members }) => {
    const settled = owning(members, assignSticky(members, topics));
    for (const assign of [assignSticky, assignCooperativeSticky] satisfies Assignor[]) {
      expect(assign(settled, topics)).toEqual(assignSticky(members, topics));
    }
  });

  test.prop([groups])('never hands over cooperatively what another still holds', ({ topics, members }) => {
    const settled = owning(members, assignSticky(members, topics));
    const grown = [...settled, { id: 'newcomer', topics: topics.map((_, place) => place), generation: -1 }];
    const before = assignSticky(members, topics);
    assignCooperativeSticky(grown, topics).forEach((owners, place) =>
      owners.forEach((owner, partition) => {
        const holder = before[place][partition];
        if (holder >= 0) expect([holder, -1]).toContain(owner);
      }),
    );
  });
});

function sharesIn(assignment: Assignment, members: readonly Subscriber[]): number[] {
  return members.map((_, index) => assignment.flat().filter((owner) => owner === index).length);
}

/** The same members after they took what they got, in one new generation. */
function owning(members: readonly Subscriber[], assignment: Assignment): Subscriber[] {
  return members.map((reader, index) => ({
    ...reader,
    generation: 5,
    owned: assignment.flatMap((owners, place) =>
      owners.flatMap((owner, partition) => (owner === index ? [{ topic: place, partition }] : [])),
    ),
  }));
}
