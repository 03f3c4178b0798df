import type { Columns } from '../lib/columns.ts';
import type { EnginePlan } from './plan.ts';
import type { Simulation } from './simulation.ts';
import { TRACE } from './trace.ts';
import { Waiters } from './waiters.ts';

/**
 * Edges: where they lead, what has passed, and who stands in line before a full target. What passes an edge turns to
 * `source` and `target`: the nodes at its ends, unless the edge has a gate. A gate has a number of its own, that of
 * the edge after those of all nodes, and a line of its own, so that an edge in order pays nothing for it.
 */
export class Transfers {
  readonly from: Int32Array;
  readonly to: Int32Array;
  source = new Int32Array();
  target = new Int32Array();
  readonly waiters: Waiters;
  /**
   * 1 for a target that may have room for one message where it has none for another: every sender may try, and who
   * finds no room goes to the end of the line. Of the plan, not state.
   */
  readonly asksAll: Uint8Array;
  /** Messages that have passed each edge. */
  passed = new Float64Array();
  /** Senders of each edge that stand in line now, since when, and for how long in all. */
  waiting = new Int32Array();
  blockedSince = new Float64Array();
  blockedFor = new Float64Array();
  /** Of each node as sender: its edges with someone in line, since when, and for how long in all. */
  heldEdges = new Int32Array();
  heldSince = new Float64Array();
  heldFor = new Float64Array();
  /** The edge that held the node back last, -1 for never. */
  heldBy = new Int32Array();

  constructor(columns: Columns, plan: EnginePlan) {
    this.from = plan.edgeFrom;
    this.to = plan.edgeTo;
    this.asksAll = new Uint8Array(plan.nodeCount + plan.edgeCount);
    this.waiters = new Waiters(columns, plan.nodeCount + plan.edgeCount, plan.limits.messages);
    columns.i32(this, 'source', plan.edgeCount).set(plan.edgeFrom);
    columns.i32(this, 'target', plan.edgeCount).set(plan.edgeTo);
    columns.f64(this, 'passed', plan.edgeCount);
    columns.i32(this, 'waiting', plan.edgeCount);
    columns.f64(this, 'blockedSince', plan.edgeCount);
    columns.f64(this, 'blockedFor', plan.edgeCount);
    columns.i32(this, 'heldEdges', plan.nodeCount);
    columns.f64(this, 'heldSince', plan.nodeCount);
    columns.f64(this, 'heldFor', plan.nodeCount);
    columns.i32(this, 'heldBy', plan.nodeCount).fill(-1);
  }

  standInLine(sim: Simulation, edge: number, tag: number): void {
    this.waiters.push(this.target[edge], edge, tag);
    this.holdBack(sim, edge);
  }

  /** Number of the gate of an edge, among the nodes. */
  gateOf(edge: number): number {
    return this.heldBy.length + edge;
  }

  /** Puts a gate into an edge: whoever stands in line before its target stands before the gate from now on. */
  closeGate(edge: number): void {
    const gate = this.gateOf(edge);
    this.source[edge] = gate;
    this.target[edge] = gate;
    this.moveLine(edge, this.to[edge], gate);
  }

  /** Takes the gate out, before which nobody stands any more. */
  openGate(edge: number): void {
    this.source[edge] = this.from[edge];
    this.target[edge] = this.to[edge];
  }

  /** A sender of this edge cannot go on, in line or for a reason of its own, until `served` says so. */
  holdBack(sim: Simulation, edge: number): void {
    if (this.waiting[edge]++ > 0) return;
    this.blockedSince[edge] = sim.now;
    const sender = this.from[edge];
    this.heldBy[sender] = edge;
    if (this.heldEdges[sender]++ > 0) return;
    this.heldSince[sender] = sim.now;
    sim.trace.add(sim.now, TRACE.blocked, sender, edge, this.to[edge], 0);
  }

  /** One sender of this edge goes on. */
  served(sim: Simulation, edge: number): void {
    if (--this.waiting[edge] > 0) return;
    this.blockedFor[edge] += sim.now - this.blockedSince[edge];
    const sender = this.from[edge];
    if (--this.heldEdges[sender] > 0) return;
    this.heldFor[sender] += sim.now - this.heldSince[sender];
    sim.trace.add(sim.now, TRACE.unblocked, sender, edge, this.to[edge], 0);
  }

  /** Those of an edge leave one line, in order, for the end of another. */
  private moveLine(edge: number, before: number, after: number): void {
    const { waiters } = this;
    for (let left = waiters.count[before]; left > 0; left--) {
      waiters.shift(before);
      const { foundEdge, foundTag } = waiters;
      waiters.push(foundEdge === edge ? after : before, foundEdge, foundTag);
    }
  }

  /** Time in microseconds that an edge was blocked, up to now. */
  blockedTime(edge: number, now: number): number {
    return this.blockedFor[edge] + (this.waiting[edge] > 0 ? now - this.blockedSince[edge] : 0);
  }

  /** Time in microseconds that a node was held back, up to now. */
  heldTime(node: number, now: number): number {
    return this.heldFor[node] + (this.heldEdges[node] > 0 ? now - this.heldSince[node] : 0);
  }
}
