import {
  assignedToNobody,
  membersInTurn,
  type AssignableTopic,
  type Assignment,
  type Subscriber,
} from './assignment.ts';

/**
 * Kafka's RangeAssignor: each topic on its own, neighbours together, the first of its readers get one more. With
 * several topics the same members come first each time, so the load is skewed. Racks are not modelled.
 */
export function assignRange(members: readonly Subscriber[], topics: readonly AssignableTopic[]): Assignment {
  const assignment = assignedToNobody(topics);
  const readers: number[][] = topics.map(() => []);
  for (const member of membersInTurn(members)) {
    for (const topic of members[member].topics) readers[topic].push(member);
  }
  assignment.forEach((owners, topic) => dealInRanges(owners, readers[topic]));
  return assignment;
}

function dealInRanges(owners: number[], readers: readonly number[]): void {
  if (readers.length === 0) return;
  const share = Math.floor(owners.length / readers.length);
  const withOneMore = owners.length % readers.length;
  let partition = 0;
  readers.forEach((member, place) => {
    const end = partition + share + (place < withOneMore ? 1 : 0);
    owners.fill(member, partition, end);
    partition = end;
  });
}
