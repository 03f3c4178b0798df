import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { RETRY_DUE } from '../../kinds/queue/delayed-retries.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { isDelayed } from './delayed-retry-law.ts';
import { hold, nodeOfEvent, typeOfEvent, type Law, type Scene } from './law.ts';

const QUEUE = kindIndex('queue');
/** A quorum queue tells 32 priorities apart, and takes 4 for a message that has none. */
const QUORUM_TOP = 31;
const QUORUM_USUAL = 4;

/** Where a message stands in its queue: returned ones of a quorum queue first, then by priority, then by order. */
interface Place {
  returned: boolean;
  level: number;
  order: number;
  /** Those that come at one instant, as dead letters push each other round in a circle, have no order among them. */
  round: number;
}

function isBefore(a: Place, b: Place): boolean {
  if (a.returned !== b.returned) return a.returned;
  if (!a.returned && a.level !== b.level) return a.level > b.level;
  return a.order < b.order;
}

/** The messages of a queue in the order in which they are to be served. */
class Line {
  private readonly places = new Map<number, Place>();
  private readonly inOrder: { message: number; place: Place }[] = [];

  get first(): { message: number; place: Place } | undefined {
    return this.inOrder[0];
  }

  get(message: number): Place | undefined {
    return this.places.get(message);
  }

  set(message: number, place: Place): void {
    this.delete(message);
    this.places.set(message, place);
    this.inOrder.splice(this.indexOf(place), 0, { message, place });
  }

  delete(message: number): void {
    const place = this.places.get(message);
    if (place === undefined) return;
    this.places.delete(message);
    this.inOrder.splice(this.indexOf(place), 1);
  }

  /** How many stand before this place: found by halves, as no two have the same. */
  private indexOf(place: Place): number {
    let low = 0;
    let high = this.inOrder.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.inOrder[middle].place, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Takes that are under way, one within the other: what each takes is out of its queue already, and not known before its
 * end. Whom those within it pass over meanwhile must be that.
 */
class Takes {
  private readonly open: { queue: number; passed: number[] }[] = [];

  begin(queue: number): void {
    this.open.push({ queue, passed: [] });
  }

  end(queue: number, message: number): void {
    const { passed } = this.open.pop()!;
    const isThat = passed.every((other) => other === message);
    hold(isThat, 'I23: served while another stood before', queue, message, passed[0]);
  }

  passOver(queue: number, message: number, other: number): void {
    const outer = this.open.findLast((take) => take.queue === queue);
    hold(outer !== undefined, 'I23: served while another stood before', queue, message, other);
    outer!.passed.push(other);
  }
}

/** A copy stood in the same places as what it was made of. */
function standAsBefore(places: readonly Map<number, Place>[], original: number, copy: number): void {
  for (const before of places) {
    const place = before.get(original);
    if (place) before.set(copy, place);
  }
}

/** Queues that are more than one line: nobody is served while another stands before him. */
export function priorityLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { messages, plan } = sim;
  const lines = Array.from({ length: plan.nodeCount }, () => new Line());
  /** Where a message stood that was taken out, in case that it comes back, and the order of all. */
  const places = Array.from({ length: plan.nodeCount }, () => new Map<number, Place>());
  let order = 0;
  let round = 0;
  /** Messages that are being offered, one within the other. */
  let offers = 0;
  const takes = new Takes();
  const isQuorum = (queue: number) => fields[queue].queueType === 'quorum';
  const isChecked = (node: number) =>
    kindOf[node] === QUEUE && (isQuorum(node) || Number(fields[node].maxPriority) > 0);
  const levelOf = (queue: number, message: number): number => {
    const given = messages.priority[message] ?? 0;
    if (isQuorum(queue)) return Math.min(QUORUM_TOP, given || QUORUM_USUAL);
    return Math.min(Number(fields[queue].maxPriority), given);
  };
  const comeBack = (queue: number, message: number, before: Place) => {
    const place = { ...before };
    if (isQuorum(queue))
      Object.assign(place, { order: order++, returned: fields[queue].deliveryLimit !== 0 });
    lines[queue].set(message, place);
  };
  return {
    // What waits for its retry stands in no line until then.
    popped() {
      const { code, arg } = sim.queue;
      const queue = nodeOfEvent(code);
      if (kindOf[queue] !== QUEUE || typeOfEvent(code) !== RETRY_DUE) return;
      const message = kinds.queues.retriedBy(arg);
      comeBack(queue, message, places[queue].get(message)!);
    },
    // A dead letter stands in no line any more, also while the network is late with it.
    beforeSend(edge, message) {
      lines[plan.edgeFrom[edge]].delete(message);
    },
    reaching(edge, message) {
      const to = plan.edgeTo[edge];
      if (offers++ === 0) round++;
      if (!isChecked(to)) return;
      lines[to].set(message, { returned: false, level: levelOf(to, message), order: order++, round });
    },
    reached(edge, message, accepted) {
      offers--;
      if (!accepted) lines[plan.edgeTo[edge]].delete(message);
    },
    // What a queue takes back while its consumer still has it stood where that did.
    copied: (original, copy) => standAsBefore(places, original, copy),
    freed(message) {
      for (const line of lines) line.delete(message);
    },
    beforeGiveBack(edge, lane, message) {
      const queue = plan.edgeFrom[edge];
      const before = places[queue].get(message);
      const isRejected = message >= 0 && (messages.flags[message] & MESSAGE_FLAG.rejected) !== 0;
      if (!isChecked(queue) || !before || isRejected || isDelayed(fields[queue], lane)) return;
      comeBack(queue, message, before);
    },
    beforeTake: (edge) => takes.begin(plan.edgeFrom[edge]),
    taken(edge, _lane, message) {
      const queue = plan.edgeFrom[edge];
      takes.end(queue, message);
      const place = lines[queue].get(message);
      if (message < 0 || !isChecked(queue) || !place) return;
      lines[queue].delete(message);
      places[queue].set(message, place);
      // A dead letter that cannot leave yet stands in no line any more, which only its queue knows.
      if (kinds.queues.isStuck(queue)) return;
      const { first } = lines[queue];
      if (first === undefined || !isBefore(first.place, place) || first.place.round === place.round) return;
      takes.passOver(queue, message, first.message);
    },
  };
}
