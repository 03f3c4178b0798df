/** A topic as an assignor sees it. */
export interface AssignableTopic {
  name: string;
  partitions: number;
}

/** Who reads a partition: index of a member, -1 for nobody, by topic (in the order given) and partition. */
export type Assignment = number[][];

/**
 * Deals the partitions of topics out among members that all read every topic. Members and topics are taken in the
 * order of their names as strings (m1, m10, m2), as Kafka does.
 */
export type Assignor = (members: readonly string[], topics: readonly AssignableTopic[]) => Assignment;

/** Kafka's RangeAssignor: per topic, neighbours together, the first members get one more. */
export function assignRange(members: readonly string[], topics: readonly AssignableTopic[]): Assignment {
  const order = sortedPlaces(members);
  return topics.map(({ partitions }) => {
    const owners = Array.from({ length: partitions }, () => -1);
    if (order.length === 0) return owners;
    const share = Math.floor(partitions / order.length);
    const withOneMore = partitions % order.length;
    let partition = 0;
    order.forEach((member, place) => {
      const end = partition + share + (place < withOneMore ? 1 : 0);
      owners.fill(member, partition, end);
      partition = end;
    });
    return owners;
  });
}

/** Kafka's RoundRobinAssignor: all partitions of all topics in a row, dealt in a circle. */
export function assignRoundRobin(members: readonly string[], topics: readonly AssignableTopic[]): Assignment {
  const order = sortedPlaces(members);
  const assignment = topics.map(({ partitions }) => Array.from({ length: partitions }, () => -1));
  if (order.length === 0) return assignment;
  let dealt = 0;
  for (const topic of sortedPlaces(topics.map(({ name }) => name))) {
    for (let partition = 0; partition < topics[topic].partitions; partition++) {
      assignment[topic][partition] = order[dealt % order.length];
      dealt++;
    }
  }
  return assignment;
}

/** The assignors by the place of their name in the options of the field `assignor`. */
export const ASSIGNORS: readonly { name: string; assign: Assignor }[] = [
  { name: 'range', assign: assignRange },
  { name: 'roundrobin', assign: assignRoundRobin },
];

/** Places of strings in the order of their code units. */
function sortedPlaces(names: readonly string[]): number[] {
  const places = names.map((_, place) => place);
  return places.sort((a, b) => (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : 0));
}
