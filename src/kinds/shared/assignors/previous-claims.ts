import type { AssignableTopic, Subscriber } from './assignment.ts';
import { javaHashOrder, javaStringHash } from './java-hash-order.ts';

/** Generation of a member that names none. */
export const NO_GENERATION = -1;

/** All partitions in one row: those of topic 0, then those of topic 1, … */
export interface PartitionRow {
  /** Place of the first partition of each topic. */
  first: readonly number[];
  /** Topic of each place. */
  topicOf: readonly number[];
  count: number;
}

/** What the members owned before, after claims of two members on one partition are settled. */
export interface PreviousClaims {
  /** Places of partitions that each member may keep, in the order in which it named them. */
  owned: number[][];
  /** Places that two members of one generation claimed: whoever gets one has to wait until it is let go. */
  claimedTwice: Set<number>;
  /** The topics, if all members count as reading the same ones. */
  commonTopics: readonly number[] | undefined;
  highestGeneration: number;
  /** Members in the order in which Kafka's hash map walks them. */
  walk: number[];
}

/** Puts all partitions in one row. */
export function rowOf(topics: readonly AssignableTopic[]): PartitionRow {
  const first: number[] = [];
  const topicOf: number[] = [];
  topics.forEach(({ partitions }, topic) => {
    first.push(topicOf.length);
    for (let partition = 0; partition < partitions; partition++) topicOf.push(topic);
  });
  return { first, topicOf, count: topicOf.length };
}

/**
 * Settles who may keep what: a claim of a newer generation beats an older one, and of two claims of one generation
 * neither counts, even if one member makes both (Kafka, AbstractStickyAssignor.allSubscriptionsEqual). Of three claims
 * it matters in which order Kafka's hash map walks the members. Partitions that do not exist are dropped.
 */
export function settleClaims(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
  row: PartitionRow,
): PreviousClaims {
  const owned: Set<number>[] = members.map(() => new Set());
  const claimant = new Map<number, number>();
  const claimedTwice = new Set<number>();
  const walk = javaHashOrder(members.map(({ id }) => javaStringHash(id)));
  for (const index of walk) {
    const member = members[index];
    const generation = generationOf(member);
    for (const { topic, partition } of member.owned ?? []) {
      if (topic < 0 || partition >= topics[topic].partitions) continue;
      const place = row.first[topic] + partition;
      const other = claimant.get(place);
      const otherGeneration = other === undefined ? NO_GENERATION : generationOf(members[other]);
      if (other === undefined || generation > otherGeneration) {
        if (other !== undefined) owned[other].delete(place);
        owned[index].add(place);
        claimant.set(place, index);
      } else if (generation === otherGeneration) {
        claimedTwice.add(place);
        owned[other].delete(place);
        claimant.set(place, index);
      }
    }
  }
  return {
    owned: owned.map((places) => [...places]),
    claimedTwice,
    commonTopics: commonTopics(walk.map((index) => members[index].topics)),
    highestGeneration: members.reduce((most, member) => Math.max(most, generationOf(member)), NO_GENERATION),
    walk,
  };
}

/** The generation that a member names, or -1. */
export function generationOf(member: Subscriber): number {
  return member.generation ?? NO_GENERATION;
}

/** Members that read nothing do not count as long as all before them read nothing either: so it is in Kafka. */
function commonTopics(subscriptions: readonly (readonly number[])[]): readonly number[] | undefined {
  const first = subscriptions.findIndex((topics) => topics.length > 0);
  if (first < 0) return [];
  const reference = new Set(subscriptions[first]);
  const isSame = (topics: readonly number[]) =>
    topics.length === reference.size && topics.every((topic) => reference.has(topic));
  return subscriptions.slice(first).every(isSame) ? subscriptions[first] : undefined;
}
