import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const SECOND = 1_000_000;

/**
 * Streams: no shard takes more than 1,000 records or 1 MiB in a second, unless a single record is longer, and nobody
 * waits for a stream that has refused nobody.
 */
export class StreamLaw implements Law {
  private readonly scene: Scene;
  /** Bytes of each message by its birth. */
  private readonly sizeOf = new Map<number, number>();
  /** By topic and shard: what came in the second that is counted. */
  private readonly counted = new Map<string, { second: number; records: number; bytes: number }>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(edge: number, message: number): void {
    const { messages, plan } = this.scene.sim;
    if (this.isStream(plan.edgeTo[edge]))
      this.sizeOf.set(messages.serial[message], messages.sizeBytes[message]);
  }

  traced({ at, code, node, a: serial, b: lane }: TracedStep): void {
    if (code !== TRACE.entered || !this.isStream(node)) return;
    const place = `${node}/${lane}`;
    const second = Math.floor(at / SECOND);
    const known = this.counted.get(place);
    const now = known?.second === second ? known : { second, records: 0, bytes: 0 };
    now.records++;
    now.bytes += this.sizeOf.get(serial) ?? NaN;
    this.counted.set(place, now);
    hold(now.records <= 1000, 'I10: records of a shard in a second', node, lane, now.records);
    hold(
      now.bytes <= 1_048_576 || now.records === 1,
      'I10: bytes of a shard in a second',
      node,
      lane,
      now.bytes,
    );
  }

  afterEvent(thorough: boolean): void {
    if (!thorough) return;
    const { sim, kinds, kindOf } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (!this.isStream(node) || sim.transfers.waiters.count[node] === 0) continue;
      const refused = kinds.topics.shards!.refusedBy(node);
      hold(refused > 0, 'I46: waits for a stream that refused nobody', node);
    }
  }

  private isStream(node: number): boolean {
    return this.scene.kindOf[node] === TOPIC && this.scene.fields[node].service === 'kinesis';
  }
}
