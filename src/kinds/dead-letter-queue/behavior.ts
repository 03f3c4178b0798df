import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';

/**
 * Dead-letter queues: never full. The end of every message that comes here; how many came from where is what has
 * passed each edge.
 */
export class DeadLetterQueues implements NodeBehavior {
  private alertAt = new Float64Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[]) {
    sim.columns.f64(this, 'alertAt', sim.plan.nodeCount);
    for (const node of nodes) this.alertAt[node] = numberOf(configs[node], 'alertAt');
  }

  offer(sim: Simulation, node: number, edge: number, message: number): boolean {
    sim.metrics.count(node, METRIC.in);
    sim.metrics.count(node, METRIC.deadLettered);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.deadLettered, node, sim.messages.serial[message], edge, 0);
    }
    sim.messages.free(message);
    return true;
  }

  setField(_sim: Simulation, node: number, _field: string, value: Json): void {
    this.alertAt[node] = value as number;
  }

  inject(): void {}

  heal(): void {}

  gauge(sim: Simulation, node: number, into: NodeGauge): void {
    const letters = sim.metrics.of(node, METRIC.deadLettered);
    into.level = Math.min(1, letters / this.alertAt[node]);
    into.amount = letters;
    into.limit = this.alertAt[node];
    into.busy = 0;
    into.servers = 0;
    into.down = false;
    into.failing = false;
    into.machineState = -1;
    into.machineSince = 0;
  }

  held(): number {
    return 0;
  }
}
