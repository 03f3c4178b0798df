import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { KeyHashes } from '../../kinds/shared/key-hashes.ts';
import { md5Head } from '../../lib/md5.ts';
import { partitionForKey } from '../../lib/murmur2.ts';
import { shardOf } from '../../kinds/topic/shards.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';
import { ignoresKeys } from './log-law.ts';

const TOPIC = kindIndex('topic');
const NONE = -1;
const NO_KEY = -1;

/** How many partitions a topic had, one count after the other, and since when the last one. */
interface Counts {
  all: number[];
  since: number;
}

/**
 * Topics that get more partitions: they are empty until then, never fewer again, and a key goes where the number that
 * its sender knows of says. A group hears of them in time, reads none before, and begins them as its policy says.
 */
export class GrowthLaw implements Law {
  private readonly scene: Scene;
  private readonly hashes = new KeyHashes();
  private readonly counts = new Map<number, Counts>();
  private readonly messages = new Map<number, { key: number; knowsAll: boolean }>();
  /** Rows of added partitions that somebody has read. */
  private readonly begun = new Set<number>();
  /** How many records came to a partition since the last look. */
  private readonly came = new Map<string, number>();
  private events = 0;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  beforeSend(edge: number, message: number): void {
    const { sim, fields, kinds } = this.scene;
    if (!kinds.growth) return;
    const { client } = fields[sim.plan.edgeFrom[edge]];
    const key = ignoresKeys(fields[sim.plan.edgeFrom[edge]]) ? NO_KEY : sim.messages.key[message];
    this.messages.set(sim.messages.serial[message], { key, knowsAll: client !== 'kafka' });
  }

  traced({ at, code, node, a: serial, b: lane }: TracedStep): void {
    if (code === TRACE.grown) {
      const [before, now] = [serial, lane];
      const { all } = this.of(node);
      hold(before === all.at(-1) && now > before, 'I24: a topic gets fewer partitions', node, before, now);
      this.counts.set(node, { all: [...all, now], since: at });
    }
    if (code !== TRACE.entered || this.scene.kindOf[node] !== TOPIC || !this.counts.has(node)) return;
    this.came.set(`${node}/${lane}`, (this.came.get(`${node}/${lane}`) ?? 0) + 1);
    const { key, knowsAll } = this.messages.get(serial) ?? { key: NO_KEY, knowsAll: true };
    if (key === NO_KEY) return;
    const { all } = this.of(node);
    const hash = this.hashes.of(key);
    const isStream = this.scene.fields[node].service === 'kinesis';
    const places = (knowsAll ? all.slice(-1) : all).map((count) =>
      isStream ? shardOf(md5Head(`key-${key}`), count) : partitionForKey(hash, count),
    );
    hold(places.includes(lane), 'I24: a key in a partition of no number', node, key, lane, places);
  }

  afterEvent(): void {
    const { sim, kinds, kindOf } = this.scene;
    if (!kinds.growth) return;
    const isOneEvent = sim.events <= this.events + 1;
    this.events = sim.events;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== TOPIC) continue;
      const count = this.of(node).all.at(-1)!;
      const found = kinds.topics.partitions(node);
      hold(found === count, 'I5: partitions of a topic', node, found, count);
      for (let lane = count; lane < kinds.growth.roomOf(node); lane++) {
        hold(kinds.topics.logEnd(node, lane) === 0, 'I24: written before it is there', node, lane);
      }
      const { outEdges, outStart } = sim.plan;
      for (const edge of outEdges.subarray(outStart[node], outStart[node + 1])) {
        if (kinds.consumers.rows.firstRow[edge] >= 0) this.checkReader(node, edge, isOneEvent);
      }
    }
    this.came.clear();
  }

  private checkReader(node: number, edge: number, isOneEvent: boolean): void {
    const { sim, kinds, fields } = this.scene;
    const { rows, rebalance } = kinds.consumers;
    const { all, since } = this.of(node);
    const group = sim.plan.edgeTo[edge];
    const known = rebalance.roster.lanesOf[edge];
    hold(all.includes(known), 'I18: a group knows of another number of partitions', group, known, all);
    if (known < all.at(-1)!) {
      const age = Math.round(Number(fields[group].metadataMaxAge) * 1000);
      const until = rebalance.roster.isConsumer(group) ? since : (Math.floor(since / age) + 1) * age;
      hold(sim.now <= until, 'I32: a group does not hear of partitions', group, until, sim.now);
    }
    for (let lane = all[0]; lane < kinds.growth!.roomOf(node); lane++) {
      const row = rows.firstRow[edge] + lane;
      const isRead = rows.owner[row] !== NONE;
      hold(!isRead || lane < known, 'I18: reads a partition that it does not know of', group, lane, known);
      if (isRead && !this.begun.has(row)) this.checkStart(node, edge, lane, isOneEvent);
    }
  }

  private checkStart(node: number, edge: number, lane: number, isOneEvent: boolean): void {
    const { sim, kinds, fields } = this.scene;
    this.begun.add(kinds.consumers.rows.firstRow[edge] + lane);
    if (!isOneEvent || fields[sim.plan.edgeTo[edge]].offsetReset !== 'latest') return;
    const [position, end] = [kinds.topics.position(edge, lane), kinds.topics.readableEnd(edge, node, lane)];
    // A member that asks a queue, too, when it begins may make that dead-letter something to the partition.
    const before = end - (this.came.get(`${node}/${lane}`) ?? 0);
    hold(position >= before, 'I11: begins before the end by latest', edge, lane, position, end);
  }

  private of(node: number): Counts {
    const found = this.counts.get(node);
    if (found) return found;
    return { all: [Number(this.scene.fields[node].partitions)], since: 0 };
  }
}
