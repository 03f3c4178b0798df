import { TRACE } from '../../engine/trace.ts';
import { MEMBER } from '../../kinds/consumer-group/membership.ts';
import { PARTITION_STATE } from '../../kinds/shared/replication/partition-states.ts';
import type { Replication } from '../../kinds/shared/replication/replication.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const NONE = -1;
/** States of a member that finds out that it has no valid offset. */
const POLLS: readonly number[] = [MEMBER.reading, MEMBER.paused, MEMBER.rejoining];

/** A partition that a group without a policy reads. */
interface StrictRead {
  topic: number;
  edge: number;
  lane: number;
  /** What the group had committed after the last event. */
  committed: number;
  /** Where the log ended when records were cut off that it had committed; Infinity before that. */
  from: number;
  /** Who reads it now (NONE for nobody), and since when. */
  reader: number;
  since: number;
}

/**
 * Replicas: a leader is in sync and its log is the log, nobody reads beyond what all in sync have, what all in sync
 * have is lost by an unclean election only, and a partition's machine says what is so. Who had committed what is lost,
 * and has no policy for that, reads no further.
 */
export class ReplicaLaw implements Law {
  private readonly scene: Scene;
  private readonly replication: Replication | null;
  private readonly highWatermark: Float64Array;
  private readonly strict: StrictRead[];

  constructor(scene: Scene) {
    this.scene = scene;
    this.replication = scene.kinds.replication;
    this.highWatermark = new Float64Array(this.replication?.table.topic.length ?? 0);
    this.strict = strictReads(scene);
  }

  traced({ code, node, a: lane, b: from }: TracedStep): void {
    if (code !== TRACE.cutOff) return;
    const { table } = this.replication!;
    const partition = table.of(node, lane);
    const isUnclean = this.scene.fields[table.clusterOf[node]].uncleanElection === 'on';
    const known = this.highWatermark[partition];
    hold(
      isUnclean || from >= known,
      'I11: a clean election loses what all in sync had',
      node,
      lane,
      from,
      known,
    );
    this.highWatermark[partition] = Math.min(known, from);
    for (const read of this.strict) {
      if (read.topic !== node || read.lane !== lane) continue;
      if (read.committed > from || read.from < Infinity) read.from = Math.min(read.from, from);
    }
  }

  afterEvent(thorough: boolean): void {
    const count = this.replication?.table.topic.length ?? 0;
    for (let partition = 0; partition < count; partition++) {
      const mark = this.replication!.table.highWatermark[partition];
      hold(mark >= this.highWatermark[partition], 'I17: a high watermark falls', partition, mark);
      this.highWatermark[partition] = mark;
      if (thorough) this.check(partition);
    }
    for (const read of this.strict) this.checkStrict(read);
  }

  private checkStrict(read: StrictRead): void {
    const { sim, kinds } = this.scene;
    const { topic, edge, lane, from } = read;
    read.committed = kinds.topics.committed(edge, lane);
    if (from === Infinity) return;
    const most = Math.max(from, kinds.topics.logStart(topic, lane));
    hold(read.committed <= most, 'I11: commits behind what was cut off', edge, lane, read.committed, most);
    const { rows, membership } = kinds.consumers;
    const owner = rows.owner[rows.firstRow[edge] + lane];
    const reader = owner !== NONE && POLLS.includes(membership.stateOf[owner]) ? owner : NONE;
    if (reader !== read.reader) Object.assign(read, { reader, since: sim.now });
    const isTold = reader === NONE || read.since === sim.now;
    hold(isTold, 'I11: reads on though its records were cut off', edge, lane, reader);
  }

  private check(partition: number): void {
    const { table } = this.replication!;
    const { kinds } = this.scene;
    const [topic, lane] = [table.topic[partition], table.lane[partition]];
    const [end, mark, leader] = [
      table.end[partition],
      table.highWatermark[partition],
      table.leader[partition],
    ];
    const replicas = table.replicasOf(partition);
    const inSync = replicas.filter((replica) => table.inSync[replica] === 1);
    hold(inSync.length === table.inSyncCount[partition], 'I5: replicas in sync', partition, inSync.length);
    hold(inSync.length > 0, 'I10: no replica is in sync, not even the last one', partition);
    hold(kinds.logs.logEnd(topic, lane) === end, 'I5: end of a replicated log', topic, lane, end);
    hold(mark <= end, 'I17: the high watermark is beyond the end', topic, lane, mark, end);
    for (const replica of inSync) {
      hold(
        table.ownEnd[replica] >= mark,
        'I17: a replica in sync lacks what may be read',
        partition,
        replica,
      );
    }
    if (leader !== NONE) {
      hold(inSync.includes(leader), 'I29: a leader that is not in sync', partition, leader);
      hold(table.ownEnd[leader] === end, 'I5: the log is not what its leader has', partition, leader);
    }
    this.checkReaders(topic, lane, mark);
    this.checkState(partition, inSync.length);
  }

  private checkReaders(topic: number, lane: number, mark: number): void {
    const { outEdges, outStart } = this.scene.sim.plan;
    for (const edge of outEdges.subarray(outStart[topic], outStart[topic + 1])) {
      const position = this.scene.kinds.topics.position(edge, lane);
      const start = this.scene.kinds.topics.logStart(topic, lane);
      hold(
        position <= Math.max(mark, start),
        'I17: read before all in sync have it',
        edge,
        lane,
        position,
        mark,
      );
    }
  }

  private checkState(partition: number, inSync: number): void {
    const { table, states } = this.replication!;
    const hasTooFew = inSync < table.minInSync[partition];
    const isShort = inSync < table.replicas[partition];
    const led = hasTooFew ? 'under-min-isr' : isShort ? 'under-replicated' : 'online';
    const isLed = table.isServed(partition);
    const right = isLed ? led : table.leader[partition] === NONE ? 'offline' : 'leaderless';
    const state = states.state[partition];
    hold(state === PARTITION_STATE[right], 'I47: state of a partition', partition, state, right);
  }
}

function strictReads({ sim, kinds, fields }: Scene): StrictRead[] {
  const { edgeFrom, edgeTo } = sim.plan;
  if (kinds.replication === null) return [];
  return Array.from(edgeTo, (to, edge) => ({ to, edge })).flatMap(({ to, edge }) => {
    if (fields[to].offsetReset !== 'none' || kinds.consumers.rows.firstRow[edge] === NONE) return [];
    const topic = edgeFrom[edge];
    return Array.from(
      { length: kinds.growth?.roomOf(topic) ?? kinds.topics.partitions(topic) },
      (_, lane) => ({
        topic,
        edge,
        lane,
        committed: 0,
        from: Infinity,
        reader: NONE,
        since: 0,
      }),
    );
  });
}
