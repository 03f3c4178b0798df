import { writeDuration } from '../../kinds/quantities.ts';

/** What an export shows of a finished run; `RunResults` of the simulation fits. Figures without a sample are null. */
export interface MeasuredFigures {
  seed: number | string;
  untilMs: number;
  warmUpMs: number;
  nodes: Readonly<Record<string, MeasuredNode>>;
  edges: Readonly<Record<string, { ratePerSecond: number }>>;
}

interface MeasuredNode {
  throughputPerSecond: number;
  utilization: number | null;
  lag: number | null;
  latencyMsP95: number | null;
  deadLettered: number;
}

/** The lines below a node's name: "120/s, 44 % busy" and "3 behind", short enough not to be wrapped. */
export function measuredLines(figures: MeasuredFigures, node: string, family: string): string[] {
  if (!Object.hasOwn(figures.nodes, node)) return [];
  const { throughputPerSecond, utilization, lag, deadLettered } = figures.nodes[node];
  // What a dead-letter queue has taken is its point; nothing ever leaves it.
  if (family === 'reliability') return [`${round(deadLettered)} dead letters`];
  const rate = `${round(throughputPerSecond)}/s`;
  const first = utilization === null ? rate : `${rate}, ${Math.round(utilization * 100)} % busy`;
  return lag === null ? [first] : [first, `${round(lag)} behind`];
}

/** "120/s", or null if the run says nothing of this edge. */
export function measuredRate(figures: MeasuredFigures, edge: string): string | null {
  return Object.hasOwn(figures.edges, edge) ? `${round(figures.edges[edge].ratePerSecond)}/s` : null;
}

/** The caption: what was measured, over which time, with which seed, so that the figures can be made again. */
export function measuredCaption(figures: MeasuredFigures, designName: string, faults: number): string {
  const warmUp = figures.warmUpMs > 0 ? ` after ${writeDuration(figures.warmUpMs)} of warm-up` : '';
  const withFaults = faults === 0 ? '' : `, ${faults} scheduled ${faults === 1 ? 'fault' : 'faults'}`;
  return `${designName}: simulated ${writeDuration(figures.untilMs)}${warmUp}, seed ${figures.seed}${withFaults}`;
}

/** Three significant digits: more would pretend to know more than one run can tell. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
