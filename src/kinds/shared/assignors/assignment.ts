/** A topic as an assignor sees it. */
export interface AssignableTopic {
  name: string;
  partitions: number;
}

/** One partition: place of its topic in the list of topics, and its number. */
export interface TopicPartition {
  topic: number;
  partition: number;
}

/** A member as an assignor sees it. What it owned before matters to the sticky assignors only. */
export interface Subscriber {
  id: string;
  /** Places of the topics that it reads, each once. */
  topics: readonly number[];
  /** What it says it reads now. */
  owned?: readonly TopicPartition[];
  /** Generation of the group in which it got what it owns; nothing counts as -1. */
  generation?: number;
  /** Kafka's `group.instance.id`, if the member is static. */
  instanceId?: string;
}

/** Who reads a partition: index of a member, -1 for nobody, by topic (in the order given) and partition. */
export type Assignment = number[][];

/** Deals partitions out among members; a pure function, as the leader of a Kafka group runs it. */
export type Assignor = (members: readonly Subscriber[], topics: readonly AssignableTopic[]) => Assignment;

/** An assignment in which nobody reads anything. */
export function assignedToNobody(topics: readonly AssignableTopic[]): Assignment {
  return topics.map(({ partitions }) => Array.from({ length: partitions }, () => -1));
}

/** The order of code units, in which Kafka compares names: m1, m10, m2; the same in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Places of topics in the order of their names. */
export function topicsByName(topics: readonly AssignableTopic[]): number[] {
  return topics.map((_, place) => place).sort((a, b) => byCodeUnit(topics[a].name, topics[b].name));
}

/**
 * Places of members in the order of range and round robin: static members first, by instance id, then the others by
 * member id, so that a static member keeps its place over restarts (Kafka, AbstractPartitionAssignor.MemberInfo).
 */
export function membersInTurn(members: readonly Subscriber[]): number[] {
  return members.map((_, place) => place).sort((a, b) => compareTurn(members[a], members[b]));
}

function compareTurn(a: Subscriber, b: Subscriber): number {
  if (a.instanceId !== undefined && b.instanceId !== undefined) return byCodeUnit(a.instanceId, b.instanceId);
  if (a.instanceId !== undefined) return -1;
  if (b.instanceId !== undefined) return 1;
  return byCodeUnit(a.id, b.id);
}
