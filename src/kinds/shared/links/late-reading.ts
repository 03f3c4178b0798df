import type { Simulation } from '../../../engine/simulation.ts';
import { EDGE_ROLE } from '../edge-roles.ts';
import type { LinkedKinds } from './linked-kinds.ts';
import { LINK_COUNT, type Troubles } from './troubles.ts';

const NO_MESSAGE = -1;

/**
 * Consumers at the end of edges in trouble. What came into a channel spends its time on the way and may be taken then;
 * what waited there longer has long come. Until it may, its reader looks again when it may.
 */
export class LateReading {
  private readonly role: Uint8Array;
  private readonly kinds: LinkedKinds;
  private readonly troubles: Troubles;
  private readonly timerType: number;
  /** Of each edge: time that what is taken next spends on the way, NaN until it is drawn. */
  private drawn = new Float64Array();
  /** Of each edge: how many times it will be looked along, and when next where it is one for all lanes. */
  private looks = new Int32Array();
  private nextLook = new Float64Array();

  /** `timerType` is the event type that leads to `look`. */
  constructor(
    { columns, plan }: Simulation,
    parts: { role: Uint8Array; kinds: LinkedKinds; troubles: Troubles },
    timerType: number,
  ) {
    this.role = parts.role;
    this.kinds = parts.kinds;
    this.troubles = parts.troubles;
    this.timerType = timerType;
    columns.f64(this, 'drawn', plan.edgeCount).fill(NaN);
    columns.i32(this, 'looks', plan.edgeCount);
    columns.f64(this, 'nextLook', plan.edgeCount).fill(Infinity);
  }

  deliver(sim: Simulation, edge: number, message: number): boolean {
    if (this.troubles.isCut(edge) || !this.hasCome(sim, edge, 0, sim.messages.enteredAt[message]))
      return false;
    const isTaken = this.kinds.deliver(sim, sim.plan.edgeTo[edge], edge, message);
    if (isTaken) this.drawn[edge] = NaN;
    return isTaken;
  }

  take(sim: Simulation, edge: number, lane: number): number {
    const since = this.kinds.headSince(sim, edge, lane);
    if (this.troubles.isCut(edge) || !this.hasCome(sim, edge, lane, since)) return NO_MESSAGE;
    this.drawn[edge] = NaN;
    return this.kinds.take(sim, sim.plan.edgeFrom[edge], edge, lane);
  }

  /** Whether somebody is still to look along an edge. */
  isAwaited(edge: number): boolean {
    return this.looks[edge] > 0;
  }

  /** The network of an edge has changed: its reader looks at this instant, at every lane. */
  refresh(sim: Simulation, edge: number): void {
    this.drawn[edge] = NaN;
    const isRead = this.role[edge] === EDGE_ROLE.records || this.role[edge] === EDGE_ROLE.deliveries;
    if (!isRead) return;
    for (let lane = 0; lane < this.kinds.lanesOf(edge); lane++) this.lookAt(sim, edge, lane, sim.now);
  }

  /** Who reads along an edge looks whether there is something. */
  look(sim: Simulation, edge: number, lane: number): void {
    this.looks[edge]--;
    if (this.nextLook[edge] === sim.now) this.nextLook[edge] = Infinity;
    if (this.troubles.isCut(edge)) return;
    const to = sim.plan.edgeTo[edge];
    if (this.role[edge] === EDGE_ROLE.deliveries) this.kinds.lookAgain(sim, to);
    else if (!Number.isNaN(this.kinds.headSince(sim, edge, lane))) this.kinds.available(sim, to, edge, lane);
  }

  private hasCome(sim: Simulation, edge: number, lane: number, since: number): boolean {
    if (Number.isNaN(since)) return true;
    if (Number.isNaN(this.drawn[edge])) {
      this.drawn[edge] = this.troubles.drawTime(sim, edge);
      if (since + this.drawn[edge] > sim.now) this.troubles.count(edge, LINK_COUNT.delayed);
    }
    const at = since + this.drawn[edge];
    if (at <= sim.now) return true;
    this.lookAt(sim, edge, lane, at);
    return false;
  }

  private lookAt(sim: Simulation, edge: number, lane: number, at: number): void {
    if (this.role[edge] === EDGE_ROLE.deliveries) {
      if (this.nextLook[edge] <= at) return;
      this.nextLook[edge] = at;
    }
    this.looks[edge]++;
    sim.at(at, sim.transfers.gateOf(edge), this.timerType, lane);
  }
}
