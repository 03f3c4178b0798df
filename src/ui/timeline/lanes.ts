import type { Design } from '../../design/types.ts';
import type { TraceRow } from '../../worker/protocol.ts';
import { faultLabel } from '../inspector/fault-text.ts';

/** A fault on the timeline: one that has happened, or one that the scenario still brings. */
export interface Flag {
  key: string;
  atMs: number;
  /** When it was healed; absent while in force or still to come. */
  untilMs?: number;
  label: string;
  /** Id in the scenario, if it comes from there. */
  scheduled?: string;
  future: boolean;
}

/** A stretch of time in a state worth seeing. */
export interface Span {
  fromMs: number;
  /** Absent while it lasts. */
  untilMs?: number;
  label: string;
}

/** One line of the timeline under the faults. */
export interface Lane {
  node: string;
  label: string;
  spans: readonly Span[];
}

/** Faults by hand and from the scenario, in order of time. */
export function faultFlags(design: Design, trace: readonly TraceRow[]): Flag[] {
  const flags = new Map<string, Flag>();
  const scheduled = new Set(design.scenario.faults.map((fault) => fault.id));
  trace.forEach((row, index) => {
    if (row.code === 'fault') {
      const id = row.fault ?? `row ${index}`;
      flags.set(id, {
        key: id,
        atMs: row.atMs,
        label: withNode(design, row.node, row.text),
        scheduled: scheduled.has(id) ? id : undefined,
        future: false,
      });
    }
    const begun = row.code === 'heal' && row.fault !== undefined ? flags.get(row.fault) : undefined;
    if (begun) begun.untilMs = row.atMs;
  });
  for (const fault of design.scenario.faults) {
    if (flags.has(fault.id)) continue;
    flags.set(fault.id, {
      key: fault.id,
      atMs: fault.atMs,
      label: faultLabel(design, fault),
      scheduled: fault.id,
      future: true,
    });
  }
  return [...flags.values()].toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * The lanes worth a line: rebalances of groups, partitions whose replicas are not all in sync, breakers that do not let
 * all calls pass, and times in which a node was held back. Selected nodes come first, then those where something
 * happened last. Spans less than `mergeMs` apart are drawn as one while the state holds
 * for at least half of the time; what then still lasts less than `mergeMs` is a flicker too short to see, left out.
 */
export function stateLanes(
  design: Design,
  trace: readonly TraceRow[],
  selected: ReadonlySet<string>,
  options: { most: number; mergeMs: number },
): Lane[] {
  const lanes = new Map<string, { node: string; label: string; spans: OpenSpan[]; lastMs: number }>();
  const laneOf = (row: TraceRow, what: string) => {
    const key = `${what} ${row.edge ?? row.node}`;
    const known = lanes.get(key);
    if (known) return known;
    const label = `${nameOf(design, row.node)} ${what}`;
    const lane = { node: row.node, label, spans: [] as OpenSpan[], lastMs: 0 };
    lanes.set(key, lane);
    return lane;
  };
  for (const row of trace) {
    if (row.code === 'machine' && row.edge !== undefined) {
      const lane = laneOf(row, 'breaker');
      lane.lastMs = row.atMs;
      if (row.state === 'closed') end(lane.spans, row.atMs);
      else begin(lane.spans, row.atMs, 'open', options.mergeMs);
    } else if (row.code === 'machine' && row.partition !== undefined) {
      const lane = laneOf(row, `p${row.partition}`);
      lane.lastMs = row.atMs;
      const trouble = PARTITION_TROUBLE[row.state ?? ''];
      if (lane.spans.at(-1)?.label !== trouble) end(lane.spans, row.atMs);
      if (trouble) begin(lane.spans, row.atMs, trouble, options.mergeMs);
    } else if (row.code === 'machine' && row.machine === 'publisher-connection') {
      const lane = laneOf(row, 'connection');
      lane.lastMs = row.atMs;
      if (lane.spans.at(-1)?.label !== row.state) end(lane.spans, row.atMs);
      if (row.state && row.state !== 'running') begin(lane.spans, row.atMs, row.state, options.mergeMs);
    } else if (row.code === 'machine' && row.member === undefined && row.state !== undefined) {
      const lane = laneOf(row, 'group');
      lane.lastMs = row.atMs;
      if (row.state === 'stable' || row.state === 'empty') end(lane.spans, row.atMs);
      else begin(lane.spans, row.atMs, rebalanceLabel(row), options.mergeMs);
    }
    if (row.code === 'blocked' || row.code === 'unblocked') {
      const lane = laneOf(row, 'held back');
      lane.lastMs = row.atMs;
      if (row.code === 'blocked') begin(lane.spans, row.atMs, 'blocked', options.mergeMs);
      else end(lane.spans, row.atMs);
    }
  }
  const isSeen = (span: Span) => span.untilMs === undefined || span.untilMs - span.fromMs >= options.mergeMs;
  return [...lanes.values()]
    .map((lane) => ({ ...lane, spans: lane.spans.filter(isSeen) }))
    .filter((lane) => lane.spans.length > 0)
    .toSorted(
      (a, b) =>
        Number(selected.has(b.node)) - Number(selected.has(a.node)) ||
        b.lastMs - a.lastMs ||
        (a.label < b.label ? -1 : 1),
    )
    .slice(0, options.most)
    .map(({ node, label, spans }) => ({
      node,
      label,
      spans: spans.map(({ fromMs, untilMs, label: state }) => ({ fromMs, untilMs, label: state })),
    }));
}

/** What a replicated partition lacks in each state of its machine but the best. */
const PARTITION_TROUBLE: Readonly<Record<string, string>> = {
  'under-replicated': 'replica missing',
  'under-min-isr': 'too few in sync',
  leaderless: 'no leader',
  offline: 'offline',
};

/** A rebalance by its cause. By the consumer protocol nobody waits for all, and so it is called another name. */
function rebalanceLabel({ state, cause }: TraceRow): string {
  const what = state === 'reconciling' ? 'reconciling' : 'rebalance';
  return cause ? `${what}: ${cause}` : what;
}

/** Room that a letter of a span's label takes, in percent of the lane. */
const LETTER_PERCENT = 0.95;

/**
 * A label in its span where it fits, after it where the next leaves room; else what stands before its colon, without
 * the cause; else nowhere.
 */
export function placeSpanLabel(
  label: string,
  left: number,
  right: number,
  next: number,
): { text: string; place: 'inside' | 'after' | 'none' } {
  const [short] = label.split(':');
  for (const text of short === label ? [label] : [label, short]) {
    const needed = text.length * LETTER_PERCENT + 1;
    if (right - left >= needed) return { text, place: 'inside' };
    if (next - right >= needed) return { text, place: 'after' };
  }
  return { text: '', place: 'none' };
}

/** A span being built: how long the state really held, gaps left out. */
interface OpenSpan extends Span {
  heldMs: number;
  beganMs: number;
}

function begin(spans: OpenSpan[], atMs: number, label: string, mergeMs: number): void {
  const last = spans.at(-1);
  if (last && last.untilMs === undefined) return;
  const isNear = last?.label === label && last.untilMs !== undefined && atMs - last.untilMs <= mergeMs;
  if (last && isNear && last.heldMs >= (atMs - last.fromMs) / 2) {
    delete last.untilMs;
    last.beganMs = atMs;
  } else {
    spans.push({ fromMs: atMs, label, heldMs: 0, beganMs: atMs });
  }
}

function end(spans: OpenSpan[], atMs: number): void {
  const last = spans.at(-1);
  if (!last || last.untilMs !== undefined) return;
  last.untilMs = atMs;
  last.heldMs += atMs - last.beganMs;
}

/** "m3 crashed." of billing as "billing: m3 crashed", unless the sentence names the node itself. */
function withNode(design: Design, node: string, text: string): string {
  const name = nameOf(design, node);
  const plain = text.replace(/\.$/, '');
  return plain.includes(name) ? plain : `${name}: ${plain}`;
}

function nameOf(design: Design, id: string): string {
  return design.nodes.find((node) => node.id === id)?.name ?? id;
}
