import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { GUARD_COUNT } from '../../kinds/shared/call-guard/call-guards.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const PRODUCER = kindIndex('producer');

/**
 * Producers: each message goes along every edge once, in order, and the next one is not made before the last one is
 * through. What was made is what was accepted, but for the one that waits. What a client batches is `ClientLaw`'s.
 */
export class SourceLaw implements Law {
  private readonly scene: Scene;
  private readonly made: Float64Array;
  /** Serial number of the last message that was accepted along each edge. */
  private readonly lastSerial = new Map<number, number>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.made = new Float64Array(scene.sim.plan.nodeCount);
  }

  traced({ code, node }: TracedStep): void {
    if (code === TRACE.produced) this.made[node]++;
  }

  beforeSend(edge: number, message: number): void {
    const { plan, messages } = this.scene.sim;
    if (this.scene.kindOf[plan.edgeFrom[edge]] !== PRODUCER || this.isBatched(edge)) return;
    // A try of a guarded call may come long after its message was made.
    if (this.isGuarded(edge)) return;
    const serial = messages.serial[message];
    const last = this.lastSerial.get(edge) ?? -1;
    hold(serial >= last, 'I21: a producer sends an older message after a newer one', edge, serial, last);
    this.lastSerial.set(edge, serial);
  }

  afterEvent(): void {
    const { sim, kindOf } = this.scene;
    const { outEdges, outStart } = sim.plan;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== PRODUCER) continue;
      const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
      const made = this.made[node];
      const waits = edges.filter((edge) => sim.transfers.waiting[edge] > 0 && !this.isGuarded(edge));
      hold(waits.length <= 1, 'I1: a producer waits at two places', node, [...waits]);
      for (const edge of edges) {
        if (this.isBatched(edge)) continue;
        const passed = this.accepted(edge);
        const mayLack = waits.length === 1 ? 1 : 0;
        const isIt = passed === made || passed === made - mayLack;
        hold(isIt, 'I1: made is not accepted and waiting', node, edge, made, passed);
      }
      for (const edge of waits) {
        if (this.isBatched(edge)) continue;
        hold(sim.transfers.passed[edge] === made - 1, 'I1: what waits was accepted before', node, edge, made);
      }
    }
  }

  /** Messages that went along an edge; a guard takes each call at once and sees to it. */
  private accepted(edge: number): number {
    const { sim, kinds } = this.scene;
    if (!this.isGuarded(edge)) return sim.transfers.passed[edge];
    return kinds.guards.counted(kinds.guards.of[edge], GUARD_COUNT.calls);
  }

  private isGuarded(edge: number): boolean {
    return this.scene.kinds.guards.of[edge] >= 0;
  }

  private isBatched(edge: number): boolean {
    return this.scene.kinds.producers.clients?.rows.has(edge) ?? false;
  }
}
