import { MessageLists } from '../../engine/message-lists.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from './edge-roles.ts';

/** What managed brokers give up goes along their edge for dead letters, in order, and waits there in line if that is full. */
export class DeadLine {
  private readonly lists: MessageLists;
  private readonly edges: EdgeRows;

  constructor(sim: Simulation, role: Uint8Array) {
    this.edges = edgesByRole(sim.plan, role, 'out', [EDGE_ROLE.dead]);
    this.lists = new MessageLists(sim.columns, sim.messages, sim.plan.nodeCount);
  }

  /** Whether an edge for dead letters leads on from a node. */
  leadsOn(node: number): boolean {
    return this.edges.start[node] < this.edges.start[node + 1];
  }

  walk(node: number): number {
    return this.lists.walk(node);
  }

  send(sim: Simulation, node: number, message: number): void {
    const edge = this.edges.edges[this.edges.start[node]];
    if (this.lists.length(node) === 0 && sim.send(edge, message, 0)) sim.metrics.count(node, METRIC.out);
    else this.lists.push(node, message);
  }

  /** There is room for the first of those that wait. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    // Taken out before the offer, as its target threads it into a list of its own.
    let message = this.lists.shift(node);
    let isSent = sim.resend(edge, message, tag);
    while (isSent) {
      sim.metrics.count(node, METRIC.out);
      if (this.lists.length(node) === 0) return;
      message = this.lists.shift(node);
      isSent = sim.send(edge, message, 0);
    }
    this.lists.pushFront(node, message);
  }
}
