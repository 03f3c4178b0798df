import type { AssignableTopic, Assignment, Assignor } from './assignment.ts';
import { assignRange } from './range-assignor.ts';
import { assignRoundRobin } from './round-robin-assignor.ts';

/** Deals the partitions of topics out among members, given by name, that all read every topic. */
export type GroupAssignor = (members: readonly string[], topics: readonly AssignableTopic[]) => Assignment;

/** The assignors by the place of their name in the options of the field `assignor`. */
export const ASSIGNORS: readonly { name: string; assign: GroupAssignor }[] = [
  { name: 'range', assign: amongReadersOfAll(assignRange) },
  { name: 'roundrobin', assign: amongReadersOfAll(assignRoundRobin) },
];

function amongReadersOfAll(assign: Assignor): GroupAssignor {
  return (members, topics) => {
    const everyTopic = topics.map((_, place) => place);
    return assign(
      members.map((id) => ({ id, topics: everyTopic })),
      topics,
    );
  };
}
