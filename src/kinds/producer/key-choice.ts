import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { Zipf } from '../../lib/zipf.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';

const KEYS = ['uniform', 'zipf', 'none'] as const;
const ZIPF = 1;
const NO_KEYS = 2;
const NO_KEY = -1;
/** Kinds that look at the key of a message; where none is downstream, keys are not drawn. */
const READS_KEYS = ['topic', 'exchange', 'cloud-broker'];

/** Which key each message of a producer has: the index of one of its keys, the most frequent first. */
export class KeyChoice {
  private how = new Uint8Array();
  private count = new Int32Array();
  /** Share of messages without a value. */
  private tombstones = new Float64Array();
  /** The law of each producer that has one; it never changes during a run. */
  private readonly zipf: (Zipf | undefined)[] = [];

  constructor(columns: Columns, nodes: number) {
    columns.u8(this, 'how', nodes).fill(NO_KEYS);
    columns.i32(this, 'count', nodes);
    columns.f64(this, 'tombstones', nodes);
  }

  configure(node: number, config: NodeConfig): void {
    this.how[node] = choiceOf(config, 'keys', KEYS);
    this.count[node] = numberOf(config, 'keyCount');
    this.tombstones[node] = numberOf(config, 'tombstoneShare');
    const skew = numberOf(config, 'keySkew');
    if (this.how[node] === ZIPF) this.zipf[node] = new Zipf(this.count[node], skew);
  }

  /** Whether the next message has a key and no value. */
  isTombstone(sim: Simulation, node: number): boolean {
    const share = this.tombstones[node];
    return share > 0 && sim.random.uniform(sim.stream(node, PURPOSE.fault)) < share;
  }

  draw(sim: Simulation, node: number): number {
    const how = this.how[node];
    if (how === NO_KEYS) return NO_KEY;
    const stream = sim.stream(node, PURPOSE.key);
    const zipf = how === ZIPF ? this.zipf[node] : undefined;
    return zipf ? zipf.sample(sim.random, stream) : sim.random.below(stream, this.count[node]);
  }
}

/** Whether a node looks at keys: a topic chooses the partition by them, a group that is watched tells their order. */
export function readsKeys({ kind, fields }: NodeConfig): boolean {
  return READS_KEYS.includes(kind) || (fields.guarantee !== undefined && fields.guarantee !== 'unstated');
}
