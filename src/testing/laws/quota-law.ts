import { kindIndex } from '../../kinds/registry.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import type { FetchQuotas } from '../../kinds/topic/fetch-quotas.ts';
import { hold, type Law, type Scene } from './law.ts';

const TOPIC = kindIndex('topic');
const SECOND = 1_000_000;
/** Seconds that a quota looks back, the one that is not over among them. */
const SECONDS = 11;

/** Whether a quota kept the reader of a partition waiting until this very instant, at which it goes on. */
export function isResuming(kinds: RunKinds, edge: number, lane: number, now: number): boolean {
  const quotas = quotasOf(kinds);
  if (!quotas || quotas['firstRow'][edge] < 0) return false;
  return quotas['until'][quotas['firstRow'][edge] + lane] === now;
}

function quotasOf({ topics }: RunKinds): FetchQuotas | null | undefined {
  return Reflect.get(topics, 'quotas') as FetchQuotas | null | undefined;
}

/**
 * Quotas of readers: a broker that keeps a group waiting gives it nothing before that time is over, recounted from
 * every record that the group took.
 */
export class QuotaLaw implements Law {
  private readonly scene: Scene;
  /** Of each group and broker: bytes of each second, and until when it is kept waiting. */
  private readonly read = new Map<string, { bytes: Map<number, number>; until: number }>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  taken(edge: number, lane: number, message: number): void {
    const { sim, kinds, kindOf } = this.scene;
    const topic = sim.plan.edgeFrom[edge];
    const table = kinds.replication?.table;
    if (message < 0 || !table || kindOf[topic] !== TOPIC || table.firstPartition[topic] < 0) return;
    const leader = table.leader[table.of(topic, lane)];
    const quota = table.settings[table.clusterOf[topic]]!.consumerBytes;
    if (leader < 0 || quota === 0) return;
    const place = `${sim.plan.edgeTo[edge]}/${table.broker[leader]}`;
    const known = this.read.get(place) ?? { bytes: new Map<number, number>(), until: 0 };
    this.read.set(place, known);
    hold(sim.now >= known.until, 'I32: reads while its quota keeps it waiting', place, sim.now, known.until);
    const second = Math.floor(sim.now / SECOND);
    known.bytes.set(second, (known.bytes.get(second) ?? 0) + sim.messages.sizeBytes[message]);
    let sum = 0;
    for (const [at, bytes] of known.bytes) {
      if (second - at < SECONDS) sum += bytes;
      else known.bytes.delete(at);
    }
    // What was read is within the quota once window and pause together are long enough, or after one window more.
    const window = sim.now - (second - SECONDS + 1) * SECOND;
    const pause = Math.min((sum / quota) * SECOND, 2 * window) - window;
    if (pause < 1) return;
    known.until = Math.max(known.until, sim.now + Math.floor(pause));
    const told = quotasOf(kinds)!['pausedUntil'][this.cellOf(edge, table.broker[leader])];
    const isExact = Math.abs(told - sim.now - pause) <= 1;
    hold(isExact, 'I32: a quota keeps a reader waiting for another time', place, told - sim.now, pause);
  }

  private cellOf(edge: number, broker: number): number {
    const { sim, kinds } = this.scene;
    return sim.plan.edgeTo[edge] * kinds.replication!.table.down.length + broker;
  }
}
