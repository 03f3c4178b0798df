import { HINDRANCES, type GroupView } from '../node-behavior.ts';
import type { Groups } from './behavior.ts';
import { COORDINATOR, MEMBER, TAKES } from './membership.ts';

const [NONE, REBALANCE, SILENT_MEMBER] = HINDRANCES.keys();
/** While a group is in these states its partitions are being dealt out. */
const DEALING: readonly number[] = [
  COORDINATOR['preparing-rebalance'],
  COORDINATOR['completing-rebalance'],
  COORDINATOR.reconciling,
];
/** Members that read nothing, and whose group has not struck them off. */
const SILENT: readonly number[] = [MEMBER.crashed, MEMBER['cut-off'], MEMBER.stranded, MEMBER.hanging];

/** What only the topic at the other end of an edge knows. */
interface CommittedOffsets {
  committed(edge: number, lane: number): number;
}

/** What the page shows of consumer groups and their members. */
export class GroupFigures implements GroupView {
  private readonly groups: Groups;
  private readonly logs: CommittedOffsets;

  constructor(groups: Groups, logs: CommittedOffsets) {
    this.groups = groups;
    this.logs = logs;
  }

  members(node: number): number {
    return this.groups.workers.memberCount[node];
  }

  memberState(node: number, member: number): number {
    return this.groups.membership.stateOf[this.index(node, member)];
  }

  memberSince(node: number, member: number): number {
    return this.groups.membership.since[this.index(node, member)];
  }

  memberBusy(node: number, member: number): number {
    return this.groups.workers.busyOf[this.index(node, member)];
  }

  memberDone(node: number, member: number): number {
    return this.groups.work.doneOf[this.index(node, member)];
  }

  memberPartitions(node: number, member: number): number {
    return this.groups.rebalance.partitionsOf[this.index(node, member)];
  }

  memberTransaction(node: number, member: number): number {
    const { transactions } = this.groups;
    return transactions?.has(node) ? transactions.states.state[this.index(node, member)] : -1;
  }

  readers(node: number): number {
    const { partitionsOf } = this.groups.rebalance;
    let count = 0;
    for (let member = this.index(node, 0); member < this.index(node, this.members(node)); member++) {
      if (partitionsOf[member] > 0) count++;
    }
    return count;
  }

  takers(node: number): number {
    const { takes } = this.groups.membership;
    const first = this.index(node, 0);
    return takes.subarray(first, first + this.members(node)).filter((each) => each !== TAKES.nothing).length;
  }

  owner(node: number, edge: number, partition: number): number {
    const { rows, workers } = this.groups;
    const owner = rows.owner[rows.firstRow[edge] + partition];
    return owner < 0 ? -1 : owner - workers.firstMember[node];
  }

  committed(_node: number, edge: number, partition: number): number {
    return this.logs.committed(edge, partition);
  }

  hindrance(node: number): number {
    const { membership, rebalance } = this.groups;
    if (!rebalance.hasCoordinator(node)) return NONE;
    if (DEALING.includes(membership.coordinatorOf[node])) return REBALANCE;
    const first = this.index(node, 0);
    for (let member = first; member < first + this.members(node); member++) {
      if (rebalance.partitionsOf[member] > 0 && SILENT.includes(membership.stateOf[member]))
        return SILENT_MEMBER;
    }
    return NONE;
  }

  private index(node: number, member: number): number {
    return this.groups.workers.firstMember[node] + member;
  }
}
