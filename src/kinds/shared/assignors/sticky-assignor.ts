import {
  assignedToNobody,
  byCodeUnit,
  topicsByName,
  type AssignableTopic,
  type Assignment,
  type Subscriber,
} from './assignment.ts';
import { rowOf, settleClaims, type PartitionRow, type PreviousClaims } from './previous-claims.ts';
import { balanceUnequal } from './sticky-balance.ts';

/**
 * Kafka's StickyAssignor: as balanced as the subscriptions allow, and within that every member keeps what it owned.
 * The group still stops as a whole, because the protocol is eager.
 */
export function assignSticky(members: readonly Subscriber[], topics: readonly AssignableTopic[]): Assignment {
  return unrow(assignWithMoves(members, topics).owners, topics);
}

/**
 * Kafka's CooperativeStickyAssignor: the sticky assignment without the partitions that change hands. They go to
 * nobody until their old owner has let them go and the group rebalances once more.
 */
export function assignCooperativeSticky(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
): Assignment {
  const { owners, moving } = assignWithMoves(members, topics);
  for (const place of moving) owners[place] = -1;
  return unrow(owners, topics);
}

interface StickyResult {
  /** Member by place in the row of partitions, -1 for nobody. */
  owners: number[];
  /** Places that somebody else still holds. */
  moving: Iterable<number>;
}

function assignWithMoves(members: readonly Subscriber[], topics: readonly AssignableTopic[]): StickyResult {
  const row = rowOf(topics);
  const claims = settleClaims(members, topics, row);
  if (members.length === 0) return { owners: Array.from({ length: row.count }, () => -1), moving: [] };
  if (claims.commonTopics) return new EqualShares(members, topics, row, claims, claims.commonTopics).deal();
  const owners = balanceUnequal(members, topics, row, claims);
  return { owners, moving: changingHands(members, topics, row, owners) };
}

/** What somebody gives up and somebody else gets, judged by what the members themselves say they own. */
function changingHands(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
  row: PartitionRow,
  owners: readonly number[],
): Set<number> {
  const given = new Set<number>();
  const kept = new Set<number>();
  members.forEach((member, index) => {
    for (const { topic, partition } of member.owned ?? []) {
      if (topic < 0 || partition >= topics[topic].partitions) continue;
      const place = row.first[topic] + partition;
      if (owners[place] === index) kept.add(place);
      else if (owners[place] >= 0) given.add(place);
    }
  });
  for (const place of kept) given.delete(place);
  return given;
}

function unrow(owners: readonly number[], topics: readonly AssignableTopic[]): Assignment {
  let place = 0;
  return assignedToNobody(topics).map((partitions) => partitions.map(() => owners[place++]));
}

/**
 * The case in which all members count as reading the same topics (Kafka, ConstrainedAssignmentBuilder): everybody gets the floor
 * or the ceiling of the mean, keeps as much as that allows, and what is left is dealt in a circle.
 */
class EqualShares {
  private readonly owners: number[];
  private readonly share: number[];
  private readonly moving = new Set<number>();
  private readonly revoked = new Set<number>();
  private readonly floor: number;
  private readonly ceiling: number;
  /** How many members get more than the floor, and how many have it already. */
  private readonly largeShares: number;
  private largeSharesTaken = 0;
  private belowFloor: number[] = [];
  private atFloor: number[] = [];

  private readonly members: readonly Subscriber[];
  private readonly topics: readonly AssignableTopic[];
  private readonly row: PartitionRow;
  private readonly claims: PreviousClaims;
  private readonly reads: ReadonlySet<number>;

  constructor(
    members: readonly Subscriber[],
    topics: readonly AssignableTopic[],
    row: PartitionRow,
    claims: PreviousClaims,
    commonTopics: readonly number[],
  ) {
    this.members = members;
    this.topics = topics;
    this.row = row;
    this.claims = claims;
    this.reads = new Set(commonTopics);
    const read = commonTopics.reduce((sum, topic) => sum + topics[topic].partitions, 0);
    this.floor = Math.floor(read / members.length);
    this.ceiling = Math.ceil(read / members.length);
    this.largeShares = read % members.length;
    this.owners = Array.from({ length: row.count }, () => -1);
    this.share = members.map(() => 0);
  }

  deal(): StickyResult {
    for (const member of this.claims.walk) this.keepOwned(member);
    const byId = (a: number, b: number) => byCodeUnit(this.members[a].id, this.members[b].id);
    this.belowFloor.sort(byId);
    this.atFloor.sort(byId);
    this.dealRest();
    return { owners: this.owners, moving: this.moving };
  }

  private keepOwned(member: number): void {
    const owned = this.ownedInOrder(member);
    if (owned.length < this.floor) {
      this.keep(member, owned, owned.length);
      this.belowFloor.push(member);
    } else if (owned.length >= this.ceiling && this.largeSharesTaken < this.largeShares) {
      this.largeSharesTaken++;
      if (this.largeSharesTaken === this.largeShares) this.atFloor = [];
      this.keep(member, owned, this.ceiling);
    } else {
      this.keep(member, owned, this.floor);
      if (this.largeSharesTaken < this.largeShares) this.atFloor.push(member);
    }
  }

  /** By number, then by topic: a member with too much gives up the highest numbers of all its topics. */
  private ownedInOrder(member: number): number[] {
    const { first, topicOf } = this.row;
    const number = (place: number) => place - first[topicOf[place]];
    const name = (place: number) => this.topics[topicOf[place]].name;
    return this.claims.owned[member]
      .filter((place) => this.reads.has(topicOf[place]) && !this.claims.claimedTwice.has(place))
      .sort((a, b) => number(a) - number(b) || byCodeUnit(name(a), name(b)));
  }

  private keep(member: number, owned: readonly number[], count: number): void {
    owned.forEach((place, at) => {
      if (at < count) this.give(place, member);
      else this.revoked.add(place);
    });
  }

  private give(place: number, member: number): void {
    this.owners[place] = member;
    this.share[member]++;
  }

  private dealRest(): void {
    let turn = 0;
    for (const place of this.unassigned()) {
      if (turn >= this.belowFloor.length) turn = 0;
      const fromFloor = this.belowFloor.length === 0;
      const member = fromFloor ? this.atFloor.shift()! : this.belowFloor[turn];
      this.give(place, member);
      if (this.revoked.has(place) || this.claims.claimedTwice.has(place)) this.moving.add(place);
      if (fromFloor) continue;
      if (this.share[member] === this.floor) {
        this.belowFloor.splice(turn, 1);
        this.atFloor.push(member);
      } else turn++;
    }
  }

  private unassigned(): number[] {
    return topicsByName(this.topics)
      .filter((topic) => this.reads.has(topic))
      .flatMap((topic) =>
        Array.from({ length: this.topics[topic].partitions }, (_, at) => this.row.first[topic] + at),
      )
      .filter((place) => this.owners[place] < 0);
  }
}
