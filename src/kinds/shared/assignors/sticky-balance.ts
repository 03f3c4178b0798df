import { byCodeUnit, type AssignableTopic, type Subscriber } from './assignment.ts';
import { javaStringHash } from './java-hash-order.ts';
import { PartitionMoves } from './partition-moves.ts';
import { generationOf, type PartitionRow, type PreviousClaims } from './previous-claims.ts';
import { RefusedInput } from '../refused-input.ts';

/**
 * The sticky assignment when members read different topics (Kafka, GeneralAssignmentBuilder): what is owned stays,
 * what is free goes to the reader with the fewest, and then partitions move one by one until no move makes the shares
 * more equal. Returns the member of each place in the row, -1 for nobody; throws `RefusedInput` where Kafka fails.
 */
export function balanceUnequal(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
  row: PartitionRow,
  claims: PreviousClaims,
): number[] {
  return new UnequalShares(members, topics, row, claims).balance();
}

class UnequalShares {
  private owners: number[];
  private share: number[];
  /** Readers of each topic. */
  private readonly readers: number[][];
  private readonly reads: readonly ReadonlySet<number>[];
  /** Owner of each place in an older generation. */
  private readonly earlier: Map<number, number>;
  private readonly moves: PartitionMoves;
  /** All places, those of topics with few readers first. */
  private readonly order: number[];
  /** How many partitions the topics of each member have. */
  private readonly most: readonly number[];
  /** Members whose share can change, by index. */
  private readonly movable: boolean[];

  private readonly members: readonly Subscriber[];
  private readonly topics: readonly AssignableTopic[];
  private readonly row: PartitionRow;

  constructor(
    members: readonly Subscriber[],
    topics: readonly AssignableTopic[],
    row: PartitionRow,
    claims: PreviousClaims,
  ) {
    this.members = members;
    this.topics = topics;
    this.row = row;
    this.owners = Array.from({ length: row.count }, () => -1);
    this.share = members.map(() => 0);
    this.movable = members.map(() => true);
    this.reads = members.map((member) => new Set(member.topics));
    this.most = members.map((member) =>
      member.topics.reduce((sum, topic) => sum + topics[topic].partitions, 0),
    );
    this.readers = topics.map((_, topic) =>
      members.flatMap((_member, index) => (this.reads[index].has(topic) ? [index] : [])),
    );
    this.earlier = ownersOfOlderGenerations(members, topics, row, claims);
    this.moves = new PartitionMoves(row.topicOf, (place) => this.hashOf(place));
    this.order = this.fewestReadersFirst();
    claims.owned.forEach((places, member) => this.keep(member, places));
    this.hasLost = claims.owned.some((places, member) =>
      places.some((place) => !this.reads[member].has(row.topicOf[place])),
    );
  }

  /** Whether a member has to give something up because it no longer reads the topic. */
  private readonly hasLost: boolean;

  balance(): number[] {
    const free = this.order.filter((place) => this.owners[place] < 0);
    const startsEmpty = this.share.every((count) => count === 0);
    for (const place of free) this.giveToFewest(place);
    this.findMovable();
    const contested = (place: number) => this.readers[this.row.topicOf[place]].length > 1;
    const before = { owners: [...this.owners], share: [...this.share] };
    if (!this.hasLost) this.moveAmong(free.filter(contested));
    const moved = this.moveAmong(this.order.filter(contested));
    if (!startsEmpty && moved && this.inequality(this.share) >= this.inequality(before.share)) {
      this.owners = before.owners;
      this.share = before.share;
    }
    return this.owners;
  }

  private keep(member: number, places: readonly number[]): void {
    for (const place of places) {
      if (!this.reads[member].has(this.row.topicOf[place])) continue;
      this.owners[place] = member;
      this.share[member]++;
    }
  }

  private giveToFewest(place: number): void {
    const member = this.readerWithFewest(this.row.topicOf[place]);
    if (member < 0) return;
    this.owners[place] = member;
    this.share[member]++;
  }

  /** The reader with the smallest share, of equals the first by name; -1 if nobody reads the topic. */
  private readerWithFewest(topic: number): number {
    let fewest = -1;
    for (const member of this.readers[topic]) {
      if (this.movable[member] && (fewest < 0 || this.comesBefore(member, fewest))) fewest = member;
    }
    return fewest;
  }

  private comesBefore(a: number, b: number): boolean {
    const more = this.share[a] - this.share[b];
    return more < 0 || (more === 0 && byCodeUnit(this.members[a].id, this.members[b].id) < 0);
  }

  /** A member that has all it can get, and all of it alone, is left out from here on. */
  private findMovable(): void {
    this.members.forEach((_, member) => {
      const shares = [...this.reads[member]].some(
        (topic) => this.topics[topic].partitions > 0 && this.readers[topic].length > 1,
      );
      this.movable[member] = this.share[member] < this.most[member] || shares;
    });
  }

  /** Goes over the partitions again and again until none moves; whether any did. */
  private moveAmong(places: readonly number[]): boolean {
    let moved = false;
    let again = true;
    while (again) {
      again = false;
      for (const place of places) {
        if (this.isBalanced()) break;
        if (!this.improve(place)) continue;
        again = true;
        moved = true;
      }
    }
    return moved;
  }

  private improve(place: number): boolean {
    const topic = this.row.topicOf[place];
    const isMuchLess = (member: number) => this.share[this.owners[place]] > this.share[member] + 1;
    const earlier = this.earlier.get(place);
    if (earlier !== undefined && !this.movable[earlier]) throw this.refusedClaim(earlier, topic);
    if (earlier !== undefined && isMuchLess(earlier)) {
      this.move(place, earlier);
      return true;
    }
    if (!this.readers[topic].some(isMuchLess)) return false;
    this.move(place, this.readerWithFewest(topic));
    return true;
  }

  /** Here the leader of a Kafka group fails: it has put the member aside, and looks for its share in vain. */
  private refusedClaim(member: number, topic: number): RefusedInput {
    const [{ id }, { name }] = [this.members[member], this.topics[topic]];
    return new RefusedInput(
      `Found an old claim of ${id} on ${name}, expected none by a member whose share is settled: Kafka fails here.`,
    );
  }

  private move(wanted: number, to: number): void {
    const place = this.moves.insteadOf(wanted, this.owners[wanted], to);
    const from = this.owners[place];
    this.moves.note(place, from, to);
    this.owners[place] = to;
    this.share[from]--;
    this.share[to]++;
  }

  /** Nobody could take over a partition from a member that has at least two more. */
  private isBalanced(): boolean {
    let least = Infinity;
    let most = 0;
    this.share.forEach((count, member) => {
      if (!this.movable[member]) return;
      least = Math.min(least, count);
      most = Math.max(most, count);
    });
    if (least >= most - 1) return true;
    const mostOf = this.topics.map(() => 0);
    this.owners.forEach((owner, place) => {
      const topic = this.row.topicOf[place];
      if (owner >= 0) mostOf[topic] = Math.max(mostOf[topic], this.share[owner]);
    });
    return this.share.every(
      (count, member) =>
        !this.movable[member] ||
        count === this.most[member] ||
        [...this.reads[member]].every((topic) => count + 1 >= mostOf[topic]),
    );
  }

  /** Sum of the differences between all pairs of shares: 0 when all are equal. */
  private inequality(share: readonly number[]): number {
    const shares = share.filter((_, member) => this.movable[member]).sort((a, b) => a - b);
    return shares.reduce((sum, count, at) => sum + count * (2 * at - shares.length + 1), 0);
  }

  private fewestReadersFirst(): number[] {
    const { first } = this.row;
    const order = this.topics.map((_, topic) => topic);
    order.sort(
      (a, b) =>
        this.readers[a].length - this.readers[b].length ||
        byCodeUnit(this.topics[a].name, this.topics[b].name),
    );
    return order.flatMap((topic) =>
      Array.from({ length: this.topics[topic].partitions }, (_, at) => first[topic] + at),
    );
  }

  /** As `TopicPartition.hashCode` of Kafka. */
  private hashOf(place: number): number {
    const topic = this.row.topicOf[place];
    const partition = place - this.row.first[topic];
    return (Math.imul(31, 31 + partition) + javaStringHash(this.topics[topic].name)) | 0;
  }
}

/**
 * Who owned a place in the newest of the older generations: a move goes back there first. Kafka does not ask whether
 * that member still reads the topic.
 */
function ownersOfOlderGenerations(
  members: readonly Subscriber[],
  topics: readonly AssignableTopic[],
  row: PartitionRow,
  { highestGeneration, walk }: PreviousClaims,
): Map<number, number> {
  const earlier = new Map<number, number>();
  for (const index of walk) {
    const member = members[index];
    const generation = generationOf(member);
    if (generation >= highestGeneration) continue;
    for (const { topic, partition } of member.owned ?? []) {
      if (topic < 0 || partition >= topics[topic].partitions) continue;
      const place = row.first[topic] + partition;
      const other = earlier.get(place);
      if (other === undefined || generation > generationOf(members[other])) earlier.set(place, index);
    }
  }
  return earlier;
}
