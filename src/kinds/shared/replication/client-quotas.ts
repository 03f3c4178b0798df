import type { Simulation } from '../../../engine/simulation.ts';
import type { ClusterSettings, ReplicaTable } from './replica-table.ts';

/** `quota.window.num` samples of `quota.window.size.seconds`. */
const SAMPLES = 11;
const SAMPLE_MICROS = 1_000_000;
const NONE = -1;

/**
 * How long a broker leaves a client alone that writes or reads at a rate above its quota, both in bytes a second, measured over
 * a window in microseconds: until the rate over window and pause is the quota, at most as long as the window.
 */
export function throttleMicros(rate: number, quota: number, window: number): number {
  return rate <= quota ? 0 : Math.min(window, Math.round(((rate - quota) / quota) * window));
}

/** What each Kafka client has written to each broker of late, or read of it, where a cluster has a quota for that. */
export class ClientQuotas {
  /** Of each cluster's broker: bytes a second for each client, 0 for no quota. */
  private readonly quota: Float64Array;
  private readonly brokers: number;
  /** Of each client, by its node, and broker: bytes of each sample, and the second that it is of. */
  private bytes = new Float64Array();
  private second = new Float64Array();
  /** Of each client: microseconds in all that brokers have left it alone. */
  private throttled = new Float64Array();

  /** `quotaOf` says how many bytes a second a cluster grants to each client at each broker, 0 for any. */
  constructor(
    { columns, plan }: Simulation,
    { settings, down }: ReplicaTable,
    quotaOf: (cluster: ClusterSettings) => number,
  ) {
    this.brokers = down.length;
    this.quota = new Float64Array(down.length);
    for (const cluster of settings) {
      const end = cluster ? cluster.firstBroker + cluster.brokers : 0;
      this.quota.fill(cluster ? quotaOf(cluster) : 0, cluster?.firstBroker ?? 0, end);
    }
    const cells = this.quota.some((bytes) => bytes > 0) ? plan.nodeCount * this.brokers * SAMPLES : 0;
    columns.f64(this, 'bytes', cells);
    columns.f64(this, 'second', cells).fill(NONE);
    columns.f64(this, 'throttled', plan.nodeCount);
  }

  /** A client has written so many bytes to a broker, or read them, after which that then leaves it alone for the time returned. */
  moved({ now }: Simulation, node: number, broker: number, bytes: number): number {
    const quota = this.quota[broker];
    if (quota === 0) return 0;
    const first = (node * this.brokers + broker) * SAMPLES;
    const second = Math.floor(now / SAMPLE_MICROS);
    const sample = first + (second % SAMPLES);
    if (this.second[sample] !== second) this.bytes[sample] = 0;
    this.second[sample] = second;
    this.bytes[sample] += bytes;
    let sum = 0;
    for (let at = first; at < first + SAMPLES; at++) {
      if (this.second[at] !== NONE && second - this.second[at] < SAMPLES) sum += this.bytes[at];
    }
    // All samples but the one that still grows are whole, even at the beginning.
    const window = (SAMPLES - 1) * SAMPLE_MICROS + (now - second * SAMPLE_MICROS);
    const pause = throttleMicros((sum / window) * 1e6, quota, window);
    this.throttled[node] += pause;
    return pause;
  }

  /** Microseconds in all that brokers have left a client alone. */
  throttledFor(node: number): number {
    return this.throttled[node];
  }
}
