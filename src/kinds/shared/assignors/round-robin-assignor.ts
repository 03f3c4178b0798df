import {
  assignedToNobody,
  membersInTurn,
  topicsByName,
  type AssignableTopic,
  type Assignment,
  type Subscriber,
} from './assignment.ts';

/**
 * Kafka's RoundRobinAssignor: all partitions in the order of topic and number, dealt in a circle over the members. A
 * member that does not read the topic is passed over, and its turn is gone.
 */
export function assignRoundRobin(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
): Assignment {
  const assignment = assignedToNobody(topics);
  const circle = membersInTurn(members);
  const reads = members.map((member) => new Set(member.topics));
  let turn = 0;
  for (const topic of topicsByName(topics)) {
    if (!reads.some((topicsRead) => topicsRead.has(topic))) continue;
    for (let partition = 0; partition < topics[topic].partitions; partition++) {
      while (!reads[circle[turn]].has(topic)) turn = (turn + 1) % circle.length;
      assignment[topic][partition] = circle[turn];
      turn = (turn + 1) % circle.length;
    }
  }
  return assignment;
}
