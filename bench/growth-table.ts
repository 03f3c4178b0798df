import { newDesign } from '../src/design/new-design.ts';
import type { Design, DesignEdge, DesignNode, Json } from '../src/design/types.ts';
import { groupDigits } from '../src/design/wording.ts';
import { compile } from '../src/simulation/compile.ts';
import type { LiveRun } from '../src/simulation/live-run.ts';
import { measureHold } from './hold-run.ts';
import { markdownTable } from './markdown-table.ts';
import { median } from './rounds.ts';

/** Something whose size in one respect grows while each event has the same work to do. */
export interface GrowthModel {
  /** What grows, and how far: "500 nodes". */
  name: string;
  family: 'nodes' | 'pending' | 'event set' | 'in flight';
  /** Events a second. */
  measure: () => number;
}

const EVENTS = 1_000_000;
const ROUNDS = 3;

/** Every row of the table; the first of each family is what its others are compared with. */
export const GROWTH_MODELS: readonly GrowthModel[] = [
  ...[10, 100, 500, 2000].map((nodes): GrowthModel => ({
    name: `${groupDigits(nodes)} nodes`,
    family: 'nodes',
    measure: () => measureDesign(stations(nodes), 60_000),
  })),
  ...[1e2, 1e3, 1e4, 1e5, 1e6].map((pending): GrowthModel => ({
    name: `${groupDigits(pending)} events pending`,
    family: 'pending',
    measure: () => measureDesign(manyPending(pending), 1500),
  })),
  ...[1e3, 1e4, 1e5, 1e6].map((pending): GrowthModel => ({
    name: `${groupDigits(pending)} in the event set`,
    family: 'event set',
    measure: () => measureHold(pending),
  })),
  ...[1, 1e2, 1e4, 1e5, 1e6].map((inFlight): GrowthModel => ({
    name: `${groupDigits(inFlight)} in flight`,
    family: 'in flight',
    measure: () => measureDesign(manyInFlight(inFlight), 2000),
  })),
];

/** Events a second as a design grows in one respect. `measure` says them of one row, from a process of its own. */
export function growthTable(measure: (name: string) => number): string {
  const speeds = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of GROWTH_MODELS) speeds.set(name, [...(speeds.get(name) ?? []), measure(name)]);
  }
  const speed = (name: string) => median(speeds.get(name)!);
  const rows = GROWTH_MODELS.map(({ name, family }) => {
    const first = GROWTH_MODELS.find((model) => model.family === family)!;
    return [
      family,
      name,
      (speed(name) / 1e6).toPrecision(3),
      (speed(name) / speed(first.name)).toPrecision(2),
    ];
  });
  const table = markdownTable(['grows', 'size', 'million events/s', 'to the first'], rows);
  return (
    `${table}\nThe same work for each event; median of ${ROUNDS} runs of ${groupDigits(EVENTS)} events after a warm-up. ` +
    '*Pending* is of whole designs, with a message and a worker for each event, *event set* of its pops and pushes ' +
    'alone. Target: 100,000 in the event set to 1,000: 0.5 (floor), 0.7.\n'
  );
}

/** Events a second of one row, measured here and now. */
export function measureGrowth(name: string): number {
  return GROWTH_MODELS.find((candidate) => candidate.name === name)!.measure();
}

/** Events a second of a design, after so much simulated time, when as much is there as is to be measured. */
function measureDesign(design: Design, warmUpMs: number): number {
  const run = start(design);
  run.advance(warmUpMs, Infinity);
  run.advance(run.horizonMs, EVENTS / 10);
  const before = run.events;
  const from = performance.now();
  run.advance(run.horizonMs, EVENTS);
  return (run.events - before) / ((performance.now() - from) / 1000);
}

function start(design: Design): LiveRun {
  const { run, problems } = compile(design, { untilMs: 2_592_000_000, observe: false, seed: 1 });
  if (!run) throw new Error(problems.map((problem) => problem.message).join(' '));
  return run;
}

type Fields = Record<string, Json>;

/** Lanes of five nodes: a producer, then twice a queue and its worker. */
function stations(nodes: number): Design {
  const parts = new Parts();
  const lanes = Math.floor(nodes / 5);
  for (let lane = 0; lane < lanes; lane++) {
    parts.add(`source-${lane}`, 'producer', { rate: 1 });
    parts.add(`queue-${lane}`, 'queue', {}, `source-${lane}`);
    parts.add(`worker-${lane}`, 'consumer-group', WORKER, `queue-${lane}`);
    parts.add(`next-queue-${lane}`, 'queue', {}, `worker-${lane}`);
    parts.add(`next-worker-${lane}`, 'consumer-group', WORKER, `next-queue-${lane}`);
  }
  return parts.design();
}

const WORKER = { members: 1, serviceTime: { shape: 'exponential', mean: 500 } };

/** A second of work for each message, and workers for all of them at once: each message is one event that waits. */
function manyPending(pending: number): Design {
  const concurrency = Math.min(1000, pending);
  const parts = new Parts();
  parts.add('source', 'producer', { rate: pending });
  parts.add('queue', 'queue', {}, 'source');
  const serviceTime = { shape: 'uniform', min: 500, max: 1500 };
  const members = Math.max(1, Math.ceil(pending / concurrency));
  parts.add('workers', 'consumer-group', { members, concurrency, serviceTime }, 'queue');
  return parts.design();
}

/** A queue that is filled at the start and then gets as many messages as its one worker takes. */
function manyInFlight(inFlight: number): Design {
  const parts = new Parts();
  parts.add('flood', 'producer', { rate: 1_000_000, arrivals: 'constant', stopAfter: inFlight });
  parts.add('source', 'producer', { rate: 1000, arrivals: 'constant' });
  parts.add('queue', 'queue', {}, 'flood');
  parts.join('source', 'queue');
  parts.add('worker', 'consumer-group', { members: 1, serviceTime: { shape: 'constant', mean: 1 } }, 'queue');
  return parts.design();
}

/** Collects nodes and the edges between them. */
class Parts {
  private readonly nodes: DesignNode[] = [];
  private readonly edges: DesignEdge[] = [];

  add(id: string, kind: string, fields: Fields, after?: string): void {
    this.nodes.push({ id, kind, name: id, fields });
    if (after !== undefined) this.join(after, id);
  }

  join(from: string, to: string): void {
    this.edges.push({ id: `${from} > ${to}`, from, fromPort: 'out', to, toPort: 'in' });
  }

  design(): Design {
    return { ...newDesign('Growth'), nodes: this.nodes, edges: this.edges };
  }
}
