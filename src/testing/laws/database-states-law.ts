import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { DATABASE_STATE } from '../../kinds/database/database-states.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const DATABASE = kindIndex('database');
/** For so long a database that let a caller wait is not up again, unless nobody calls. */
const CALM_MICROS = 1_000_000;

/** The machines of databases: stopped as its faults say, full from a caller that waits until that is over. */
export class DatabaseStatesLaw implements Law {
  private readonly scene: Scene;
  /** Of each database that let a caller wait, while that is not over: when it last refused one, and let one stand in line. */
  private readonly waits = new Map<number, { refusedAt: number; waitedAt: number }>();
  private readonly stopped = new Set<number>();
  /** Whether somebody stood in line when an offer began. */
  private hadLine = false;
  /** Databases of which nobody can tell whether they are full, and those that were struck by a fault since somebody looked. */
  private readonly unsure = new Set<number>();
  /** Databases with an edge whose network was in trouble: their answers come later than their calls end. */
  private readonly gated = new Set<number>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(edge: number): void {
    const { plan, transfers } = this.scene.sim;
    this.hadLine = transfers.waiters.count[plan.edgeTo[edge]] > 0;
  }

  reached(edge: number, _message: number, accepted: boolean): void {
    const { sim, kindOf, fields } = this.scene;
    const node = sim.plan.edgeTo[edge];
    if (kindOf[node] !== DATABASE) return;
    const last = this.waits.get(node);
    if (accepted) {
      const isFull = sim.metrics.of(node, METRIC.busy) >= Number(fields[node].connections);
      const leavesOthers = isFull && sim.transfers.waiters.count[node] > 0;
      if (leavesOthers && !last) this.waits.set(node, { refusedAt: sim.now, waitedAt: sim.now });
      return;
    }
    // Those in line before may be let in at this very instant.
    if (this.hadLine && !last) return;
    this.waits.set(node, { refusedAt: this.hadLine ? last!.refusedAt : sim.now, waitedAt: sim.now });
  }

  /** A call has ended: its connection is free, unless somebody waits for it. */
  replied(edge: number): void {
    const { sim, kindOf, fields } = this.scene;
    const node = sim.plan.edgeTo[edge];
    const last = this.waits.get(node);
    if (kindOf[node] !== DATABASE || !last || sim.transfers.waiters.count[node] > 0) return;
    const busy = sim.metrics.of(node, METRIC.busy);
    if (busy >= Number(fields[node].connections)) return;
    if (busy === 0 || sim.now - last.waitedAt >= CALM_MICROS) this.waits.delete(node);
    // Who stood in line may have been refused once more.
    else if (sim.now - last.refusedAt >= CALM_MICROS) this.unsure.add(node);
  }

  private isGated(node: number): boolean {
    const { sim, kinds } = this.scene;
    const { inEdges, inStart } = sim.plan;
    return inEdges.subarray(inStart[node], inStart[node + 1]).some((edge) => kinds.links.isGated(sim, edge));
  }

  /** Of those in line before a database that starts again some may have to wait on. */
  private started(node: number): void {
    const { now, metrics, transfers } = this.scene.sim;
    const free = Number(this.scene.fields[node].connections) - metrics.of(node, METRIC.busy);
    if (transfers.waiters.count[node] > free) this.waits.set(node, { refusedAt: now, waitedAt: now });
    else this.unsure.add(node);
  }

  /** A caller gave up its place in line, which frees nothing: from then on nobody can tell. */
  waitCancelled(edge: number): void {
    const node = this.scene.sim.plan.edgeTo[edge];
    if (this.scene.kindOf[node] === DATABASE) this.gated.add(node);
  }

  traced({ code, node }: TracedStep): void {
    if (code === TRACE.fault && this.scene.kindOf[node] === DATABASE) this.unsure.add(node);
  }

  afterEvent(): void {
    const { kindOf, kinds, faultsOf, sim } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== DATABASE) continue;
      const state = kinds.databases.states.state[node];
      const isStopped = faultsOf(node).some(({ fault }) => fault === 'stop');
      if (isStopped) this.waits.delete(node);
      else if (this.stopped.has(node)) this.started(node);
      if (isStopped) this.stopped.add(node);
      else this.stopped.delete(node);
      const expected = this.waits.has(node) ? DATABASE_STATE.full : DATABASE_STATE.up;
      if (this.isGated(node)) this.gated.add(node);
      if ((this.unsure.has(node) || this.gated.has(node)) && !isStopped && state !== expected) {
        if (state === DATABASE_STATE.full) this.waits.set(node, { refusedAt: sim.now, waitedAt: sim.now });
        else this.waits.delete(node);
        continue;
      }
      const isAwaited = sim.transfers.waiters.count[node] > 0 && sim.queue.peekTime() > sim.now;
      const isSilent = state === DATABASE_STATE.up && isAwaited && !this.gated.has(node);
      hold(!isSilent, 'I47: callers wait for a database that says it is up', node);
      const now = isStopped ? DATABASE_STATE.stopped : expected;
      hold(state === now, 'I47: a database is in another state than its calls say', node, state, now);
    }
    this.unsure.clear();
  }
}
