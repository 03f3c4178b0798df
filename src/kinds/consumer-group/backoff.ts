import type { Json } from '../../design/types.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { JITTER, JITTERS, jittered } from '../shared/jitter.ts';
import { choiceOf, microsOf, numberOf, toMicros, type NodeConfig } from '../shared/node-config.ts';

const GROWTHS = ['exponential', 'fixed'] as const;
const FIXED = 1;

/**
 * How long a group waits before a retry: `first · factor^(n-1)` or always `first`, no more than `max`, with one of the
 * kinds of jitter. As it comes, that is Kafka's ExponentialBackoff.
 */
export class Backoff {
  private first = new Float64Array();
  private factor = new Float64Array();
  private max = new Float64Array();
  private share = new Float64Array();
  private growth = new Uint8Array();
  private kind = new Uint8Array();

  constructor(columns: Columns, nodes: number) {
    for (const field of ['first', 'factor', 'max', 'share']) columns.f64(this, field, nodes);
    for (const field of ['growth', 'kind']) columns.u8(this, field, nodes);
  }

  configure(node: number, config: NodeConfig): void {
    this.first[node] = microsOf(config, 'backoff');
    this.factor[node] = numberOf(config, 'backoffFactor');
    this.max[node] = microsOf(config, 'backoffMax');
    this.share[node] = numberOf(config, 'backoffJitter');
    this.growth[node] = choiceOf(config, 'backoffGrowth', GROWTHS);
    this.kind[node] = choiceOf(config, 'jitter', JITTERS);
  }

  /** Takes a new value of one of its fields; false if the field is not of the back-off. */
  setField(node: number, field: string, value: Json): boolean {
    if (field === 'backoff') this.first[node] = toMicros(value);
    else if (field === 'backoffFactor') this.factor[node] = value as number;
    else if (field === 'backoffMax') this.max[node] = toMicros(value);
    else if (field === 'backoffJitter') this.share[node] = value as number;
    else if (field === 'backoffGrowth')
      this.growth[node] = GROWTHS.indexOf(value as (typeof GROWTHS)[number]);
    else return false;
    return true;
  }

  /** Whole microseconds to wait after the n-th failure of a message, n from 1. */
  delay(sim: Simulation, node: number, failures: number, message: number): number {
    const kind = this.kind[node];
    const share = this.share[node];
    const delay = this.plain(node, failures);
    if (kind === JITTER.none || (kind === JITTER.proportional && share === 0)) return Math.round(delay);
    const draw = sim.random.uniform(sim.stream(node, PURPOSE.backoff));
    const first = this.first[node];
    const { lastDelay } = sim.messages;
    const isDecorrelated = kind === JITTER.decorrelated;
    // A message may have been tried before without any wait, by another group that gave it back.
    const previous = isDecorrelated && failures > 1 && lastDelay[message] > 0 ? lastDelay[message] : first;
    const wait = jittered(kind, { delay, first, max: this.max[node], previous, share }, draw);
    if (isDecorrelated) lastDelay[message] = wait;
    return Math.round(wait);
  }

  /** The wait after the n-th failure in microseconds, not rounded and without jitter. */
  plain(node: number, failures: number): number {
    const max = this.max[node];
    const factor = this.growth[node] === FIXED ? 1 : this.factor[node];
    let delay = this.first[node];
    for (let i = 1; i < failures && delay < max; i++) delay *= factor;
    return Math.min(delay, max);
  }
}
