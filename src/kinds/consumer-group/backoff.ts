import type { Json } from '../../design/types.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { microsOf, numberOf, toMicros, type NodeConfig } from '../shared/node-config.ts';

/**
 * How long a group waits before a retry: `first · factor^(n-1)`, no more than `max`, changed by up to the share
 * `jitter` up or down, and again no more than `max`, as Kafka's ExponentialBackoff does.
 */
export class Backoff {
  private first = new Float64Array();
  private factor = new Float64Array();
  private max = new Float64Array();
  private jitter = new Float64Array();

  constructor(columns: Columns, nodes: number) {
    for (const field of ['first', 'factor', 'max', 'jitter']) columns.f64(this, field, nodes);
  }

  configure(node: number, config: NodeConfig): void {
    this.first[node] = microsOf(config, 'backoff');
    this.factor[node] = numberOf(config, 'backoffFactor');
    this.max[node] = microsOf(config, 'backoffMax');
    this.jitter[node] = numberOf(config, 'backoffJitter');
  }

  /** Takes a new value of one of its fields; false if the field is not of the back-off. */
  setField(node: number, field: string, value: Json): boolean {
    if (field === 'backoff') this.first[node] = toMicros(value);
    else if (field === 'backoffFactor') this.factor[node] = value as number;
    else if (field === 'backoffMax') this.max[node] = toMicros(value);
    else if (field === 'backoffJitter') this.jitter[node] = value as number;
    else return false;
    return true;
  }

  /** Whole microseconds to wait after the n-th failure of a message, n from 1. */
  delay(sim: Simulation, node: number, failures: number): number {
    const max = this.max[node];
    const factor = this.factor[node];
    let delay = this.first[node];
    for (let i = 1; i < failures && delay < max; i++) delay *= factor;
    delay = Math.min(delay, max);
    const jitter = this.jitter[node];
    if (jitter === 0) return Math.round(delay);
    const draw = sim.random.uniform(sim.stream(node, PURPOSE.backoff));
    return Math.round(Math.min(max, delay * (1 - jitter + 2 * jitter * draw)));
  }
}
