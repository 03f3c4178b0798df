import type { Json } from '../../../design/types.ts';
import { METRIC } from '../../../engine/metrics.ts';
import type { Simulation } from '../../../engine/simulation.ts';
import { TRACE } from '../../../engine/trace.ts';
import { EDGE_ROLE } from '../edge-roles.ts';
import { Flights, LONGEST_HOLD_MICROS } from './flights.ts';
import { LateReading } from './late-reading.ts';
import type { LinkedKinds } from './linked-kinds.ts';
import { LINK_COUNT, LOST_ON_THE_WAY, Troubles } from './troubles.ts';

const NONE = -1;
const NO_MESSAGE = -1;
/** Event types of a gate. */
const TIMER = { arrive: 0, answer: 1, wake: 2, look: 3 } as const;
/** Lists of an edge: what goes its way, what goes back (answers and acknowledgements), and calls that were lost. */
const [FORTH, BACK, LOST] = [0, 1, 2] as const;
const LISTS = 3;

/**
 * How the sender along an edge deals with the network: it forgets what it sent, holds it until it is through, or is a
 * Kafka client with batches and requests.
 */
type Client = 'forgets' | 'holds' | 'batches';

/**
 * The network under the edges while it is in trouble: late, lossy or cut. An edge has a gate as long as a fault of it is
 * in force or something is under way on it; everything that passes comes here meanwhile. Connections are TCP: what is
 * late stays in order, and a lost packet is sent again. Only a producer without acknowledgements, and a call, lose.
 */
export class Links {
  readonly troubles: Troubles;
  private readonly flights: Flights;
  private readonly reading: LateReading;
  private readonly role: Uint8Array;
  private readonly kinds: LinkedKinds;
  /** Of each edge 1 if its client sees to its messages itself. */
  private readonly hasClient: Uint8Array;
  /** Of each edge: when the last of a list arrives; the event of the first; 1 while that one stands before a full target. */
  private lastDue = new Float64Array();
  private timer = new Int32Array();
  private stuck = new Uint8Array();
  /** Of each edge: 1 while a sender is being called; 1 while the newest waits to be overtaken. */
  private waking = new Uint8Array();
  private holding = new Uint8Array();
  /** Called when an edge is neither cut nor lossy: clients that see to their messages themselves send again. */
  onRecovery: (sim: Simulation, edge: number) => void = () => {};

  /** `clientOf` says of an edge how its sender deals with the network. */
  constructor(sim: Simulation, role: Uint8Array, kinds: LinkedKinds, clientOf: (edge: number) => Client) {
    const { columns, plan } = sim;
    const count = plan.edgeCount;
    this.role = role;
    this.kinds = kinds;
    this.hasClient = Uint8Array.from(role, (_, edge) => (clientOf(edge) === 'batches' ? 1 : 0));
    const loses = role.map((of, edge) =>
      of === EDGE_ROLE.call || (of === EDGE_ROLE.push && clientOf(edge) === 'forgets') ? 1 : 0,
    );
    this.troubles = new Troubles(sim, loses);
    this.reading = new LateReading(sim, { role, kinds, troubles: this.troubles }, TIMER.look);
    this.flights = new Flights(columns, count * LISTS, plan.limits.messages);
    for (const field of ['stuck', 'waking', 'holding']) columns.u8(this, field, count);
    columns.f64(this, 'lastDue', count * LISTS);
    columns.i32(this, 'timer', count * LISTS).fill(NONE);
  }

  /** A fault begins, or another of its kind takes its place. */
  inject(sim: Simulation, edge: number, fault: string, args: Readonly<Record<string, Json>>): void {
    const { transfers } = sim;
    if (!this.isGated(sim, edge)) transfers.closeGate(edge);
    this.leftLine(sim, edge);
    const wasCut = this.troubles.isCut(edge);
    this.troubles.begin(sim, edge, fault, args);
    if (!wasCut && this.troubles.isCut(edge)) this.disconnect(sim, edge);
    this.refresh(sim, edge);
  }

  heal(sim: Simulation, edge: number, fault: string): void {
    this.troubles.end(sim, edge, fault);
    if (fault === 'loss') this.loseNoMore(sim, edge);
    const passes = !this.troubles.isCut(edge) && !this.troubles.loss(edge);
    if (passes && (fault === 'loss' || fault === 'partition')) this.onRecovery(sim, edge);
    if (fault === 'partition') this.kinds.readersCut(sim, edge, false);
    this.hangUp(sim, edge);
    this.refresh(sim, edge);
    this.settleDown(sim, edge);
  }

  /** A sender along an edge no longer stands in line before its end. */
  leftLine(sim: Simulation, edge: number): void {
    this.kinds.leftLine(sim, sim.transfers.to[edge]);
  }

  isGated(sim: Simulation, edge: number): boolean {
    return sim.transfers.target[edge] !== sim.transfers.to[edge];
  }

  isCut(edge: number): boolean {
    return this.troubles.isCut(edge);
  }

  /** Whether what is sent along an edge is at its end at once, as its client counts the time itself. */
  isHandedOver(edge: number): boolean {
    return this.hasClient[edge] === 1;
  }

  /** Messages on the way along an edge, which neither end has. */
  heldOn(edge: number): number {
    return this.role[edge] === EDGE_ROLE.call ? 0 : this.flights.count(edge * LISTS + FORTH);
  }

  /** Whether records of a transaction are on the way along an edge. */
  isCarrying({ messages }: Simulation, edge: number, id: number): boolean {
    return this.flights.some(edge * LISTS + FORTH, (message) => messages.transaction[message] === id);
  }

  /** The same on all edges. */
  held(): number {
    let count = 0;
    for (let edge = 0; edge < this.role.length; edge++) count += this.heldOn(edge);
    return count;
  }

  /** Whether the first on the way stands in the line before the target. */
  isStuck(edge: number): boolean {
    return this.stuck[edge] === 1;
  }

  /** Time in microseconds that a client's request along an edge and its answer take longer; Infinity for cut. */
  tripOf(sim: Simulation, edge: number): number {
    if (!this.isGated(sim, edge)) return 0;
    if (this.troubles.isCut(edge)) return Infinity;
    return this.troubles.drawTime(sim, edge) + this.troubles.drawTime(sim, edge);
  }

  fire(sim: Simulation, edge: number, type: number, arg: number): void {
    if (type === TIMER.look) {
      this.reading.look(sim, edge, arg);
    } else if (type === TIMER.wake) {
      this.waking[edge] = 0;
      this.callSender(sim, edge);
    } else {
      const list = edge * LISTS + (type === TIMER.arrive ? FORTH : BACK);
      this.timer[list] = NONE;
      if (type === TIMER.arrive) this.arrive(sim, edge, list);
      else this.answer(sim, edge, list);
    }
    this.settleDown(sim, edge);
  }

  offer(sim: Simulation, edge: number, message: number, tag: number): boolean {
    if (this.hasClient[edge] === 1) return this.handOver(sim, edge, message, tag);
    if (this.troubles.isCut(edge) || this.stuck[edge] === 1) return false;
    if (this.troubles.drawsLoss(sim, edge)) {
      this.lose(sim, edge, message, tag);
      return true;
    }
    const list = edge * LISTS + FORTH;
    const due = Math.max(this.lastDue[list], sim.now + this.troubles.drawTime(sim, edge));
    if (due > sim.now) this.troubles.count(edge, LINK_COUNT.delayed);
    if (this.holding[edge] === 1) this.overtake(sim, list, message, tag, due);
    else if (this.role[edge] !== EDGE_ROLE.call && this.troubles.drawsSwap(sim, edge)) {
      this.holding[edge] = 1;
      this.flights.push(list, message, tag, due + LONGEST_HOLD_MICROS);
    } else {
      this.lastDue[list] = due;
      this.flights.push(list, message, tag, due, sim.now + this.troubles.delayDrawn);
    }
    this.expect(sim, edge, FORTH);
    return true;
  }

  /** There is room for the first on the way, which stood before a full target. */
  room(sim: Simulation, edge: number, flight: number): void {
    const { waiters } = sim.transfers;
    const to = sim.plan.edgeTo[edge];
    if (!this.passOn(sim, edge, flight)) {
      waiters.pushFront(to, edge, flight);
      return;
    }
    this.stuck[edge] = 0;
    this.expect(sim, edge, FORTH);
    this.wake(sim, edge);
    this.settleDown(sim, edge);
  }

  reply(sim: Simulation, edge: number, tag: number, succeeded: boolean): void {
    if (this.troubles.drawsLoss(sim, edge)) {
      this.troubles.count(edge, LINK_COUNT.lost);
      this.flights.push(edge * LISTS + LOST, NO_MESSAGE, tag, 0);
      return;
    }
    const list = edge * LISTS + BACK;
    this.lastDue[list] = Math.max(this.lastDue[list], sim.now + this.troubles.drawTime(sim, edge));
    this.flights.push(list, succeeded ? 1 : 0, tag, this.lastDue[list], sim.now + this.troubles.delayDrawn);
    this.expect(sim, edge, BACK);
  }

  deliver(sim: Simulation, edge: number, message: number): boolean {
    return this.reading.deliver(sim, edge, message);
  }

  available(sim: Simulation, edge: number, lane: number): void {
    if (!this.troubles.isCut(edge)) this.kinds.available(sim, sim.plan.edgeTo[edge], edge, lane);
  }

  take(sim: Simulation, edge: number, lane: number): number {
    return this.reading.take(sim, edge, lane);
  }

  /** Acknowledgements to a queue wait until it can be reached; commits go to a broker of the group's own. */
  settle(sim: Simulation, edge: number, lane: number, count: number): void {
    if (!this.troubles.isCut(edge) || this.role[edge] === EDGE_ROLE.records) {
      this.kinds.settle(sim, sim.plan.edgeFrom[edge], edge, lane, count);
    } else {
      this.flights.push(edge * LISTS + BACK, lane, count, sim.now);
    }
  }

  /** Nothing passes any more; what stood before a full target waits on the way. */
  private disconnect(sim: Simulation, edge: number): void {
    for (const list of [edge * LISTS + FORTH, edge * LISTS + BACK]) this.forget(sim, list);
    if (this.stuck[edge] === 1) {
      const to = sim.plan.edgeTo[edge];
      sim.transfers.waiters.remove(to, edge, this.flights.head(edge * LISTS + FORTH));
      this.stuck[edge] = 0;
      sim.roomFreed(to);
    }
    this.kinds.readersCut(sim, edge, true);
  }

  /** Whatever may move now is seen to. */
  private refresh(sim: Simulation, edge: number): void {
    if (this.troubles.isCut(edge)) return;
    this.expect(sim, edge, FORTH);
    this.expect(sim, edge, BACK);
    this.wake(sim, edge);
    this.reading.refresh(sim, edge);
  }

  /** The gate goes when nothing is wrong, nothing under way and nobody in line. */
  private settleDown(sim: Simulation, edge: number): void {
    const { transfers } = sim;
    const { states } = this.troubles;
    if (!states.isCatchingUp(edge) || this.reading.isAwaited(edge) || !this.isGated(sim, edge)) return;
    for (let list = edge * LISTS; list < (edge + 1) * LISTS; list++) {
      if (this.flights.head(list) !== NONE) return;
    }
    if (transfers.waiters.count[transfers.gateOf(edge)] > 0) return;
    transfers.openGate(edge);
    states.allArrived(sim.now, edge);
  }

  /** What was lost comes through as soon as it is sent again. */
  private loseNoMore(sim: Simulation, edge: number): void {
    for (const list of [edge * LISTS + FORTH, edge * LISTS + BACK]) {
      this.forget(sim, list);
      this.lastDue[list] = this.flights.arriveSoon(list, sim.now);
    }
  }

  /** Once the network loses nothing any more, broken connections end: the callers whose calls were lost hear of a failure. */
  private hangUp(sim: Simulation, edge: number): void {
    if (this.troubles.isCut(edge) || this.troubles.loss(edge)) return;
    const list = edge * LISTS + LOST;
    for (let flight = this.flights.head(list); flight !== NONE; flight = this.flights.head(list)) {
      const tag = this.flights.tag[flight];
      this.flights.shift(list);
      this.answered(sim, edge, tag, false);
    }
  }

  private arrive(sim: Simulation, edge: number, list: number): void {
    const { flights } = this;
    const { waiters } = sim.transfers;
    const to = sim.plan.edgeTo[edge];
    for (let flight = flights.head(list); flight !== NONE; flight = flights.head(list)) {
      if (flights.due[flight] > sim.now) break;
      if (waiters.count[to] > 0 || !this.passOn(sim, edge, flight)) {
        this.stuck[edge] = 1;
        waiters.push(to, edge, flight);
        return;
      }
    }
    this.expect(sim, edge, FORTH);
    this.wake(sim, edge);
  }

  /** The first on the way is offered to the target; false if that has no room. */
  private passOn(sim: Simulation, edge: number, flight: number): boolean {
    const { flights } = this;
    const list = edge * LISTS + FORTH;
    const isLast = flights.tail(list) === flight;
    if (!this.handOver(sim, edge, flights.message[flight], flights.tag[flight])) return false;
    if (isLast) this.holding[edge] = 0;
    flights.shift(list);
    return true;
  }

  /** Offers a message to the target, and now and then once more. */
  private handOver(sim: Simulation, edge: number, message: number, tag: number): boolean {
    const { messages, metrics } = sim;
    const twice = this.role[edge] !== EDGE_ROLE.call && this.troubles.drawsTwice(sim, edge);
    const twin = twice ? messages.copy(message) : NO_MESSAGE;
    const isTaken = this.arrived(sim, edge, message, tag);
    if (twin === NO_MESSAGE) return isTaken;
    if (isTaken && this.arrived(sim, edge, twin, tag)) {
      metrics.copied++;
      this.troubles.count(edge, LINK_COUNT.duplicated);
    } else messages.free(twin);
    return isTaken;
  }

  /** A message is at the other end of its edge; false if there is no room for it. */
  arrived(sim: Simulation, edge: number, message: number, tag: number): boolean {
    return this.kinds.offer(sim, sim.plan.edgeTo[edge], edge, message, tag);
  }

  /** A call's answer reaches the caller. */
  answered(sim: Simulation, edge: number, tag: number, succeeded: boolean): void {
    this.kinds.reply(sim, sim.plan.edgeFrom[edge], edge, tag, succeeded);
  }

  /** Acknowledgements to the queue at the start of an edge that wait for the network. */
  acknowledgementsOn(edge: number): number {
    return this.role[edge] === EDGE_ROLE.deliveries ? this.flights.count(edge * LISTS + BACK) : 0;
  }

  private answer(sim: Simulation, edge: number, list: number): void {
    const { flights } = this;
    const from = sim.plan.edgeFrom[edge];
    for (let flight = flights.head(list); flight !== NONE; flight = flights.head(list)) {
      if (flights.due[flight] > sim.now) break;
      const [what, tag] = [flights.message[flight], flights.tag[flight]];
      flights.shift(list);
      if (this.role[edge] === EDGE_ROLE.call) this.answered(sim, edge, tag, what === 1);
      else this.kinds.settle(sim, from, edge, what, tag);
    }
    this.expect(sim, edge, BACK);
  }

  /** The newest, which waited for it, lets this one pass. */
  private overtake(sim: Simulation, list: number, message: number, tag: number, due: number): void {
    const edge = Math.floor(list / LISTS);
    if (this.flights.overtake(list, message, tag, due)) this.forget(sim, list);
    this.lastDue[list] = due;
    this.holding[edge] = 0;
    this.troubles.count(edge, LINK_COUNT.reordered);
  }

  /** The first sender in line tries again; the others follow one by one. */
  private callSender(sim: Simulation, edge: number): void {
    const { waiters } = sim.transfers;
    if (this.troubles.isCut(edge) || this.stuck[edge] === 1 || !this.isGated(sim, edge)) return;
    if (!waiters.shift(sim.transfers.gateOf(edge))) return;
    const { foundEdge, foundTag } = waiters;
    this.kinds.room(sim, sim.plan.edgeFrom[edge], foundEdge, foundTag);
    this.wake(sim, edge);
  }

  private wake(sim: Simulation, edge: number): void {
    const gate = sim.transfers.gateOf(edge);
    const isBusy = this.waking[edge] === 1 || this.troubles.isCut(edge) || this.stuck[edge] === 1;
    if (isBusy || sim.transfers.waiters.count[gate] === 0) return;
    this.waking[edge] = 1;
    sim.after(0, gate, TIMER.wake, 0);
  }

  /** Schedules the arrival of the first of a list. */
  private expect(sim: Simulation, edge: number, way: typeof FORTH | typeof BACK): void {
    const list = edge * LISTS + way;
    const first = this.flights.head(list);
    if (first === NONE || this.timer[list] !== NONE || this.troubles.isCut(edge)) return;
    if (way === FORTH && this.stuck[edge] === 1) return;
    const type = way === FORTH ? TIMER.arrive : TIMER.answer;
    const at = Math.max(sim.now, this.flights.due[first]);
    this.timer[list] = sim.at(at, sim.transfers.gateOf(edge), type, 0);
  }

  private forget(sim: Simulation, list: number): void {
    if (this.timer[list] !== NONE) sim.cancel(this.timer[list]);
    this.timer[list] = NONE;
  }

  private lose(sim: Simulation, edge: number, message: number, tag: number): void {
    this.troubles.count(edge, LINK_COUNT.lost);
    if (this.role[edge] === EDGE_ROLE.call) {
      this.flights.push(edge * LISTS + LOST, NO_MESSAGE, tag, 0);
      return;
    }
    const from = sim.plan.edgeFrom[edge];
    // It counts as sent by who believes so; what is lost is no way out.
    sim.metrics.add(from, METRIC.out, -1);
    sim.metrics.count(from, METRIC.dropped);
    if (sim.trace.messages) {
      const { serial } = sim.messages;
      sim.trace.add(sim.now, TRACE.dropped, from, serial[message], LOST_ON_THE_WAY, edge);
    }
    sim.messages.free(message);
  }
}
