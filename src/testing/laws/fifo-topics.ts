import { hold, type Scene } from './law.ts';

const SECOND = 1_000_000;
const WINDOW = 300 * SECOND;
/** Messages that a FIFO topic takes in a second. */
const MOST = 3000;

/**
 * FIFO topics: a subscription is sent the messages of a group in the order in which they came, an id counts once within
 * five minutes and always again after them, and a publish is refused only beyond the limit of its second.
 */
export class FifoTopics {
  private readonly scene: Scene;
  /** By the slot of a message: the place in which it came. */
  private readonly arrival = new Map<number, number>();
  private arrivals = 0;
  /** By subscription and group: the place of the message that was sent last. */
  private readonly last = new Map<string, number>();
  private readonly seen = new Map<string, number>();
  private readonly taken = new Map<string, number>();
  private readonly repeated = new Map<number, number>();
  /** Of the message that is being offered, which may be gone before it is known to be taken. */
  private id = -1;
  private repeats = false;
  private readonly sending: { group: string; arrival: number }[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(router: number, message: number): void {
    const { sim, fields } = this.scene;
    if (!this.isFifo(router)) return;
    const { key, serial } = sim.messages;
    const id = fields[router].dedupId === 'key' ? key[message] : serial[message];
    const before = this.seen.get(`${router}/${id}`);
    this.id = id;
    this.repeats = id >= 0 && before !== undefined && sim.now - before < WINDOW;
    this.arrival.set(message, this.arrivals++);
  }

  /** Whether the message is a repetition. */
  reached(router: number, accepted: boolean): boolean {
    const { sim, fields, kinds } = this.scene;
    if (!this.isFifo(router)) {
      hold(accepted, 'I46: an event router holds a sender back', router);
      return false;
    }
    const most = fields[router].fifoScope === 'topic' ? MOST : Infinity;
    const place = `${router} ${Math.floor(sim.now / SECOND)}`;
    const count = (this.taken.get(place) ?? 0) + 1;
    hold(!accepted || count <= most, 'I10: messages of a second of a topic', router, count);
    // Who finds others in line stands behind them, whatever there is room for.
    const isAlone = sim.transfers.waiters.count[router] <= 1;
    hold(accepted || count > most || !isAlone, 'I46: an event router holds a sender back', router, count);
    if (!accepted) return false;
    this.taken.set(place, count);
    if (this.repeats) this.repeated.set(router, this.repeatedAt(router) + 1);
    else if (this.id >= 0) this.seen.set(`${router}/${this.id}`, sim.now);
    const { deduplicated } = kinds.routers.fifoResults(router)!;
    hold(deduplicated === this.repeatedAt(router), 'I19: a repetition', router, this.repeats, deduplicated);
    return this.repeats;
  }

  copied(original: number, copy: number): void {
    const arrival = this.arrival.get(original);
    if (arrival !== undefined) this.arrival.set(copy, arrival);
  }

  beforeSend(edge: number, message: number): void {
    const { sim } = this.scene;
    const isOrdered = this.isFifo(sim.plan.edgeFrom[edge]) && !this.isLetter(edge);
    const group = isOrdered ? `${edge} ${sim.messages.key[message]}` : '';
    this.sending.push({ group, arrival: this.arrival.get(message) ?? -1 });
  }

  sent(accepted: boolean): void {
    const { group, arrival } = this.sending.pop()!;
    if (!accepted || group === '') return;
    hold((this.last.get(group) ?? -1) < arrival, 'I21: a later one of its group first', group, arrival);
    this.last.set(group, arrival);
  }

  /** A topic that has taken all of a second goes on with the next. */
  scheduled(router: number, time: number): void {
    const next = (Math.floor(this.scene.sim.now / SECOND) + 1) * SECOND;
    hold(
      this.isFifo(router) && time === next,
      'I32: a second of a topic begins at another time',
      router,
      time,
    );
  }

  repeatedAt(router: number): number {
    return this.repeated.get(router) ?? 0;
  }

  private isLetter(edge: number): boolean {
    return this.scene.kinds.routers.subscriptionOf(edge) === undefined;
  }

  private isFifo(node: number): boolean {
    return this.scene.fields[node].profile === 'sns-fifo';
  }
}
