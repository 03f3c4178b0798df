import type { Json } from '../../design/types.ts';
import { TRACE } from '../../engine/trace.ts';
import { COORDINATOR, MEMBER } from '../../kinds/consumer-group/membership.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { MACHINE } from '../../kinds/shared/machine-rows.ts';
import { METADATA_TIMER } from '../../kinds/topic/behavior.ts';
import { FETCH_TIMER } from '../../kinds/topic/fetch-quotas.ts';
import { READ_TIMER } from '../../kinds/topic/shard-reads.ts';
import { SHARD_TIMER } from '../../kinds/topic/shards.ts';
import { hold, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const GROUP = kindIndex('consumer-group');
/** `log.retention.check.interval.ms` and `segment.ms` of the broker. */
const CHECK_MICROS = 300_000_000;
const CLEANING_MICROS = 15_000_000;
/** The engine's own event: somebody who waits is called. */
const WAKE = 31;
const SEGMENT_MICROS = 604_800_000_000;
/** States of a member whose group counts it in, though nothing of it gets through. */
const UNREACHED: readonly number[] = [MEMBER['cut-off'], MEMBER.stranded];
/** In place of a message: the marker of a transaction, and what it takes in a log. */
const MARKER = -1;
const MARKER_BYTES = 78;

interface Segment {
  end: number;
  bytes: number;
  openedAt: number;
  latest: number;
}

/**
 * What ends by time ends at exactly its time: segments of a log at the first check after their retention, a silent
 * member after its session timeout or the longest rebalance, and commits at multiples of their interval.
 */
export class ExpiryLaw implements Law {
  private readonly scene: Scene;
  private readonly sizes = new Map<number, number>();
  private readonly segments = new Map<string, Segment[]>();
  private readonly starts = new Map<string, number>();
  /** The last state of each member, since when, and the one before it. */
  private readonly stateOf = new Map<string, { state: number; at: number; before: number | undefined }>();
  /** When the group must take each silent member for dead, by node and number. */
  private readonly silentUntil = new Map<string, number>();
  private readonly preparingSince = new Map<number, number>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  beforeSend(_edge: number, message: number): void {
    const { serial, sizeBytes } = this.scene.sim.messages;
    this.sizes.set(serial[message], sizeBytes[message]);
  }

  traced(step: TracedStep): void {
    const kind = this.scene.kindOf[step.node];
    if (step.code === TRACE.entered && kind === TOPIC) this.append(step);
    if (step.code === TRACE.marked) this.append({ ...step, a: MARKER });
    if (step.code === TRACE.cutOff) this.cutOff(`${step.node}/${step.a}`, step.b);
    if (step.code === TRACE.machine && kind === GROUP) this.changed(step);
  }

  popped(): void {
    const { queue } = this.scene.sim;
    const node = nodeOfEvent(queue.code);
    // A topic in a cluster wakes who waits for a leader.
    if (this.scene.kindOf[node] !== TOPIC || typeOfEvent(queue.code) === WAKE) return;
    if ([METADATA_TIMER, FETCH_TIMER, READ_TIMER].includes(typeOfEvent(queue.code))) return;
    if (typeOfEvent(queue.code) === SHARD_TIMER) {
      hold(queue.time % 1_000_000 === 0, 'I32: a shard has room at another time', node, queue.time);
      return;
    }
    if (typeOfEvent(queue.code) !== 0) {
      hold(queue.time % CLEANING_MICROS === 0, 'I32: a log is cleaned at another time', node, queue.time);
      return;
    }
    hold(queue.time % CHECK_MICROS === 0, 'I32: retention is checked at another time', node, queue.time);
    const { retention, keep } = keptBy(this.scene.fields[node]);
    for (let lane = 0; lane < this.scene.kinds.topics.partitions(node); lane++) {
      const segments = this.segments.get(`${node}/${lane}`) ?? [];
      const rest = () => segments.slice(1).reduce((sum, { bytes }) => sum + bytes, 0);
      while (segments.length > 0 && (queue.time - segments[0].latest > retention || rest() >= keep)) {
        this.starts.set(`${node}/${lane}`, segments.shift()!.end);
      }
    }
  }

  settled(edge: number, lane: number): void {
    const { sim, kinds, kindOf, fields } = this.scene;
    const group = sim.plan.edgeTo[edge];
    if (kindOf[sim.plan.edgeFrom[edge]] !== TOPIC) return;
    const { rows, membership } = kinds.consumers;
    const owner = rows.owner[rows.firstRow[edge] + lane];
    const isHeard = owner < 0 || !UNREACHED.includes(membership.stateOf[owner]);
    hold(isHeard, 'I17: a commit of a member that cannot reach the broker', group, owner);
    if (fields[group].commit !== 'interval') return;
    // Who commits before the work commits each record.
    if (fields[group].guarantee === 'at-most-once') return;
    if (fields[group].polling === 'batch') return;
    const isOnTime = sim.now % Math.round(Number(fields[group].commitInterval) * 1000) === 0;
    // A member commits before it joins again or leaves, and what it lets go of.
    const ends: readonly number[] = [MEMBER['finishing-work'], MEMBER.leaving];
    const leaves = owner >= 0 && ends.includes(membership.stateOf[owner]);
    const letsGo = rows.isGivenUp(rows.firstRow[edge] + lane);
    hold(isOnTime || leaves || letsGo, 'I32: a commit beside its interval', group, sim.now);
  }

  afterEvent(): void {
    const { sim, kinds, kindOf, fields } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      // The bytes of a compacted log are another law's.
      if (kindOf[node] !== TOPIC || fields[node].cleanup !== 'delete') continue;
      for (let lane = 0; lane < kinds.topics.partitions(node); lane++) {
        const start = kinds.topics.logStart(node, lane);
        const expected = this.starts.get(`${node}/${lane}`) ?? 0;
        hold(start === expected, 'I32: where a log starts', node, lane, start, expected);
      }
    }
    for (const [member, until] of this.silentUntil) {
      hold(sim.now <= until, 'I32: nobody notices that a member is silent', member, until, sim.now);
    }
  }

  private append({ at, node, a: serial, b: lane, c: offset }: TracedStep): void {
    const place = `${node}/${lane}`;
    const segments = this.segments.get(place) ?? [];
    this.segments.set(place, segments);
    const bytes = serial === MARKER ? MARKER_BYTES : (this.sizes.get(serial) ?? 0);
    const last = segments.at(-1);
    const fits =
      last &&
      last.bytes + bytes <= keptBy(this.scene.fields[node]).segment &&
      at - last.openedAt < SEGMENT_MICROS;
    if (!fits) segments.push({ end: offset + 1, bytes, openedAt: at, latest: at });
    else Object.assign(last, { end: offset + 1, bytes: last.bytes + bytes, latest: at });
  }

  /** A log ends earlier than before; of a segment that is cut as many bytes are left as of its records. */
  private cutOff(place: string, to: number): void {
    const kept: Segment[] = [];
    let begin = this.starts.get(place) ?? 0;
    for (const segment of this.segments.get(place) ?? []) {
      const share = (to - begin) / (segment.end - begin);
      begin = segment.end;
      if (share >= 1) kept.push(segment);
      else if (share > 0) kept.push({ ...segment, end: to, bytes: segment.bytes * share });
    }
    this.segments.set(place, kept);
  }

  private changed({ at, node, a: machine, b: state, c: number }: TracedStep): void {
    if (machine === MACHINE.coordinator) {
      if (state === COORDINATOR['preparing-rebalance']) this.preparingSince.set(node, at);
      return;
    }
    if (machine !== MACHINE.member) return;
    const member = `${node}/${number}`;
    const due = this.silentUntil.get(member);
    this.silentUntil.delete(member);
    const was = this.stateOf.get(member);
    this.stateOf.set(member, { state, at, before: was?.state });
    const falls = state === MEMBER.crashed || UNREACHED.includes(state);
    if (falls && this.scene.kinds.consumers.rebalance.hasCoordinator(node)) {
      const last = this.lastBeat(node, number, at) + this.micros(node, 'sessionTimeout');
      // Who dies while nobody hears of him has been silent since before.
      const isSilent = was !== undefined && UNREACHED.includes(was.state) && due !== undefined;
      this.silentUntil.set(member, isSilent ? due : Math.max(at, last));
    }
    const isStruckOff = state === MEMBER.removed || state === MEMBER['struck-off'];
    if (!isStruckOff || due === undefined || was === undefined) return;
    // The client of a process that ends by an error leaves at that very instant.
    if (was.state === MEMBER.crashed && was.at === at && was.before !== MEMBER.stranded) return;
    const longest = (this.preparingSince.get(node) ?? NaN) + this.micros(node, 'maxPollInterval');
    hold(at === due || at === longest, 'I32: a silent member is struck off', node, number, at, [
      due,
      longest,
    ]);
  }

  /** Members beat at fixed times, spread evenly over the interval. */
  private lastBeat(node: number, number: number, now: number): number {
    const isConsumer = this.scene.fields[node].protocol === 'consumer';
    const every = this.micros(node, isConsumer ? 'brokerHeartbeat' : 'heartbeat');
    const phase = Math.floor(((number - 1) * every) / Number(this.scene.fields[node].members));
    return Math.max(0, now - ((((now - phase) % every) + every) % every));
  }

  private micros(node: number, field: string): number {
    return Math.round(Number(this.scene.fields[node][field]) * 1000);
  }
}

/** How long in microseconds a log keeps its records, how many bytes, and how many it deletes at once. */
function keptBy(fields: Readonly<Record<string, Json>>): {
  retention: number;
  keep: number;
  segment: number;
} {
  if (fields.service === 'kinesis') {
    return { retention: Number(fields.retentionPeriod) * 1000, keep: Infinity, segment: 1_048_576 };
  }
  const keep = Number(fields.retentionBytes) || Infinity;
  return { retention: Number(fields.retention) * 1000, keep, segment: Number(fields.segmentBytes) };
}
