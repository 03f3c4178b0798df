import {
  assignedToNobody,
  topicsByName,
  type AssignableTopic,
  type Assignment,
  type Subscriber,
} from './assignment.ts';
import { rowOf } from './previous-claims.ts';

/**
 * The broker's UniformAssignor of the consumer protocol, for members that all read the same topics: everybody keeps
 * what it owns up to its share, and what is left goes to the others in blocks of neighbours, first come first served.
 * With several topics Kafka walks them in the order of their random ids, this one by name: equally balanced.
 */
export function assignUniform(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
): Assignment {
  const row = rowOf(topics);
  const owners = Array.from({ length: row.count }, () => -1);
  if (members.length > 0) dealUniformly(members, topics, owners);
  let place = 0;
  return assignedToNobody(topics).map((partitions) => partitions.map(() => owners[place++]));
}

function dealUniformly(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
  owners: number[],
): void {
  const { first } = rowOf(topics);
  const share = Math.floor(owners.length / members.length);
  let largeShares = owners.length % members.length;
  const most = () => share + (largeShares > 0 ? 1 : 0);
  const counts = members.map(({ owned = [] }, member) => {
    const places = owned.map(({ topic, partition }) => first[topic] + partition).sort((a, b) => a - b);
    const kept = places.slice(0, most());
    for (const place of kept) owners[place] = member;
    if (kept.length > share) largeShares--;
    return kept.length;
  });
  const free = topicsByName(topics)
    .flatMap((topic) => Array.from({ length: topics[topic].partitions }, (_, at) => first[topic] + at))
    .filter((place) => owners[place] < 0);
  counts.forEach((count, member) => {
    if (count > share) return;
    const wanted = most() - count;
    if (count + wanted > share) largeShares--;
    for (const place of free.splice(0, wanted)) owners[place] = member;
  });
}
