import { describe, expect, it } from 'vitest';
import type { Subscriber } from './assignment.ts';
import { assignUniform } from './uniform-assignor.ts';

/** Members of one topic by what they own. */
function members(...owned: number[][]): Subscriber[] {
  return owned.map((partitions, at) => ({
    id: `m${at + 1}`,
    topics: [0],
    owned: partitions.map((partition) => ({ topic: 0, partition })),
  }));
}

/** Results of the broker's class, run on the same input. */
describe('the uniform assignor deals as the broker does:', () => {
  it.each([
    ['in blocks at first', members([], [], []), 10, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]],
    ['a third member gets the last of each', members([0, 1, 2], [3, 4, 5], []), 6, [0, 0, 2, 1, 1, 2]],
    ['what one leaves goes round', members([0, 1], [2, 5]), 6, [0, 0, 1, 0, 1, 1]],
    ['more members than partitions', members([], [], []), 2, [0, 1]],
    ['nobody', [], 2, [-1, -1]],
  ])('%s', (_, subscribers, partitions, expected) => {
    expect(assignUniform(subscribers, [{ name: 't', partitions }])).toEqual([expected]);
  });

  it('balances over several topics', () => {
    const subscribers = members([], []).map((member) => ({ ...member, topics: [0, 1] }));
    const topics = ['t0', 't1'].map((name) => ({ name, partitions: 3 }));
    const owners = assignUniform(subscribers, topics).flat();
    expect([0, 1].map((member) => owners.filter((owner) => owner === member).length)).toEqual([3, 3]);
  });
});
