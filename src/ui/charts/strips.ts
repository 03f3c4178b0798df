import type { Design, Goal } from '../../design/types.ts';
import {
  SAMPLE,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE,
  SAMPLE_NODE_SIZE,
  type PlanShape,
} from '../../simulation/frame/frame-layout.ts';
import { goalText } from '../inspector/goal-list.tsx';
import { count, duration, rate } from '../look/figures.ts';
import type { ColorToken } from '../look/tokens.ts';

/** One line of a strip. Lines differ by dash as well as by hue. */
export interface Series {
  label: string;
  color: ColorToken;
  dash: 'solid' | 'long' | 'dots';
  fill: boolean;
  /** Column of a chart sample. */
  column: number;
}

/** One strip chart over the shared time axis. */
export interface Strip {
  id: 'throughput' | 'lag' | 'latency' | 'dead-letters';
  title: string;
  /** Unit, and "log" where the scale is one. */
  note: string;
  log: boolean;
  series: readonly Series[];
  goals: readonly { value: number; text: string }[];
  format: (value: number) => string;
}

/** Most lines that a strip and its figures have room for. */
const SERIES_MAX = 3;
const UNTIMED = [
  'producer',
  'topic',
  'queue',
  'cloud-broker',
  'exchange',
  'event-router',
  'dead-letter-queue',
];

/** What each strip shows: the selected nodes if any of them is in the run, else the whole design. */
export function stripsFor(design: Design, shape: PlanShape, selected: ReadonlySet<string>): Strip[] {
  const nodes = shape.nodes
    .map((node, index) => ({ ...node, index, name: nameOf(design, node.id) }))
    .filter((node) => selected.has(node.id))
    .slice(0, SERIES_MAX);
  // Producers and channels have no latency of their own; that of the whole design is shown instead.
  const timed = nodes.find(({ kind }) => !UNTIMED.includes(kind));
  const single = nodes.length === 1 ? nodes[0].id : undefined;
  const goals = (figures: readonly Goal['figure'][]) =>
    design.goals
      .filter(
        (goal) => figures.includes(goal.figure) && (nodes.length === 0 ? !goal.node : goal.node === single),
      )
      .map((goal) => ({ value: goal.atMost ?? goal.atLeast ?? 0, text: `goal: ${goalText(goal, design)}` }));
  return [
    {
      id: 'throughput',
      title: 'Throughput',
      note: 'per second',
      log: false,
      series: throughputSeries(nodes),
      goals: goals(['throughputPerSecond']),
      format: rate,
    },
    {
      id: 'lag',
      title: 'Lag',
      note: 'messages',
      log: false,
      series: lagSeries(design, shape, nodes),
      goals: goals(['lag']),
      format: count,
    },
    {
      id: 'latency',
      title: 'Latency',
      note: timed ? `log, ${timed.name}` : 'log, end to end',
      log: true,
      series: latencySeries(timed),
      goals: goals(['latencyMsP50', 'latencyMsP95', 'latencyMsP99']),
      format: duration,
    },
    {
      id: 'dead-letters',
      title: 'Dead letters',
      note: 'since the start',
      log: false,
      series: deadLetterSeries(design, shape, nodes),
      goals: goals(['deadLettered']),
      format: count,
    },
  ];
}

interface Shown {
  kind: string;
  index: number;
  name: string;
}

function throughputSeries(nodes: readonly Shown[]): Series[] {
  if (nodes.length === 0) {
    return [
      line('done by all groups', 'flow', 'solid', SAMPLE.throughputPerSecond, true),
      line('in', 'ink-3', 'long', SAMPLE.arrivalRatePerSecond),
    ];
  }
  if (nodes.length === 1) {
    const [{ index }] = nodes;
    return [
      line('out', 'flow', 'solid', nodeColumn(index, SAMPLE_NODE.outPerSecond), true),
      line('in', 'ink-3', 'long', nodeColumn(index, SAMPLE_NODE.inPerSecond)),
    ];
  }
  return inOrder(nodes, SAMPLE_NODE.outPerSecond, 'flow');
}

/** Groups and queues each with their own line while there is room, else all of them as one. */
function lagSeries(design: Design, shape: PlanShape, selected: readonly Shown[]): Series[] {
  const holds = (kind: string) => ['consumer-group', 'queue', 'cloud-broker', 'event-router'].includes(kind);
  const chosen = selected.filter((node) => holds(node.kind));
  if (chosen.length > 0) return inOrder(chosen, SAMPLE_NODE.amount, 'pressure');
  const all = shape.nodes
    .map((node, index) => ({ kind: node.kind, index, name: nameOf(design, node.id) }))
    .filter((node) => holds(node.kind));
  if (all.length > 0 && all.length <= SERIES_MAX) return inOrder(all, SAMPLE_NODE.amount, 'pressure');
  return [line('all', 'pressure', 'solid', SAMPLE.lag, true)];
}

function latencySeries(node: Shown | undefined): Series[] {
  const at = (whole: number, one: number) => (node ? nodeColumn(node.index, one) : whole);
  return [
    line('p50', 'flow', 'solid', at(SAMPLE.latencyMsP50, SAMPLE_NODE.latencyMsP50), true),
    line('p95', 'ink-2', 'long', at(SAMPLE.latencyMsP95, SAMPLE_NODE.latencyMsP95)),
    line('p99', 'pressure', 'dots', at(SAMPLE.latencyMsP99, SAMPLE_NODE.latencyMsP99)),
  ];
}

/**
 * Where the selected nodes' dead letters end: each dead-letter queue that is selected or fed by a selected node, under
 * its own name, as others may feed it too. The whole design when there is none.
 */
function deadLetterSeries(design: Design, shape: PlanShape, selected: readonly Shown[]): Series[] {
  const chosen = new Set(selected.map(({ index }) => index));
  const ends = shape.nodes
    .map(({ id, kind }, index) => ({ kind, index, name: nameOf(design, id) }))
    .filter(({ kind }) => kind === 'dead-letter-queue')
    .filter(({ index }) => chosen.has(index) || shape.edges.some((e) => e.to === index && chosen.has(e.from)))
    .slice(0, SERIES_MAX);
  if (ends.length === 0) return [line('all', 'dead-letter', 'solid', SAMPLE.deadLettered, true)];
  return ends.map(({ index, name }, order) =>
    line(name, 'dead-letter', DASHES[order], nodeColumn(index, SAMPLE_NODE.deadLettered), order === 0),
  );
}

const DASHES = ['solid', 'long', 'dots'] as const;

function inOrder(nodes: readonly Shown[], part: number, first: ColorToken): Series[] {
  const colors: ColorToken[] = [first, 'ink-3', 'edge'];
  return nodes.map((node, order) =>
    line(node.name, colors[order], DASHES[order], nodeColumn(node.index, part), order === 0),
  );
}

function line(label: string, color: ColorToken, dash: Series['dash'], column: number, fill = false): Series {
  return { label, color, dash, fill, column };
}

function nodeColumn(index: number, part: number): number {
  return SAMPLE_HEADER_SIZE + index * SAMPLE_NODE_SIZE + part;
}

function nameOf(design: Design, id: string): string {
  return design.nodes.find((node) => node.id === id)?.name ?? id;
}
