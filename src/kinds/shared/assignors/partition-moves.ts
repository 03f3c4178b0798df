import { javaHashOrder } from './java-hash-order.ts';

interface Move {
  from: number;
  to: number;
}

interface MovedPlaces {
  places: Set<number>;
  /** How many there were at most. */
  most: number;
}

/**
 * The moves of one rebalance, so that two members do not swap partitions of one topic: if one of the topic already
 * went the other way, that one goes back instead (Kafka, AbstractStickyAssignor.PartitionMovements).
 */
export class PartitionMoves {
  private readonly moveOf = new Map<number, Move>();
  /** Places that moved, by topic and pair of members. */
  private readonly moved = new Map<string, MovedPlaces>();

  private readonly topicOf: readonly number[];
  /** Hash code of each partition, as `TopicPartition.hashCode` has it. */
  private readonly hashOf: (place: number) => number;

  constructor(topicOf: readonly number[], hashOf: (place: number) => number) {
    this.topicOf = topicOf;
    this.hashOf = hashOf;
  }

  /** The partition to move in place of this one. */
  insteadOf(place: number, from: number, to: number): number {
    const origin = this.moveOf.get(place)?.from ?? from;
    const opposite = this.moved.get(this.keyOf(place, { from: to, to: origin }));
    if (!opposite) return place;
    const places = [...opposite.places];
    return places[javaHashOrder(places.map(this.hashOf), opposite.most)[0]];
  }

  note(place: number, from: number, to: number): void {
    const before = this.moveOf.get(place);
    if (!before) return this.add(place, { from, to });
    this.remove(place, before);
    if (before.from !== to) this.add(place, { from: before.from, to });
  }

  private add(place: number, move: Move): void {
    const key = this.keyOf(place, move);
    this.moveOf.set(place, move);
    const moved = this.moved.get(key) ?? { places: new Set(), most: 0 };
    this.moved.set(key, moved);
    moved.places.add(place);
    moved.most = Math.max(moved.most, moved.places.size);
  }

  private remove(place: number, move: Move): void {
    const key = this.keyOf(place, move);
    this.moveOf.delete(place);
    const { places } = this.moved.get(key)!;
    places.delete(place);
    if (places.size === 0) this.moved.delete(key);
  }

  private keyOf(place: number, { from, to }: Move): string {
    return `${this.topicOf[place]} ${from} ${to}`;
  }
}
