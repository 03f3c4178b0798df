import { newDesign } from '../src/design/new-design.ts';
import type { Design } from '../src/design/types.ts';
import { compile } from '../src/simulation/compile.ts';
import { Dice } from '../src/testing/fuzz/dice.ts';
import { KEYFRAME_LIMITS } from '../src/worker/keyframes.ts';
import { RewindableRun } from '../src/worker/rewindable-run.ts';
import { markdownTable } from './markdown-table.ts';
import { MODELS } from './models.ts';

const EVENTS = 4_000_000;
const SEEKS = 40;
/** What the worker asks of a run at once. */
const CHUNK = 65_536;

/** What going back costs: time and memory of keyframes on the way, and the time of seeks to anywhere in a long run. */
export function seekTable(): string {
  const cases = [
    ...MODELS.filter(({ name }) => ['mm1', 'orders', 'pipe'].includes(name)),
    { name: 'flood', what: 'a queue that fills to 500,000', design: flood() },
  ];
  const rows = cases.map(({ name, what, design }) => row(name, what, design));
  const titles = [
    'model',
    'what',
    'events',
    'run, s',
    'keyframes',
    'MB each',
    'MB in all',
    'keeping, % of the run',
    'seek median, ms',
    'worst, ms',
    'and again close by, ms',
    'whole run again, s',
  ];
  const budget = (KEYFRAME_LIMITS.bytes / 1e6).toFixed(0);
  return `${markdownTable(titles, rows)}\n${SEEKS} seeks to random times, back and forth; keyframes may hold ${budget} MB. Target: 200 ms.\n`;
}

function row(name: string, what: string, design: Design): string[] {
  const { run } = compile(design, { untilMs: horizonOf(design), observe: true });
  if (!run) throw new Error(`${name} does not compile.`);
  let kept = 0;
  let keepingMs = 0;
  let largest = 0;
  const snapshot = run.snapshot.bind(run);
  run.snapshot = () => {
    const from = performance.now();
    const taken = snapshot();
    keepingMs += performance.now() - from;
    kept++;
    largest = Math.max(largest, taken.bytes);
    return taken;
  };
  const from = performance.now();
  const rewindable = new RewindableRun(run);
  advance(rewindable, run.horizonMs);
  const runMs = performance.now() - from;
  const share = (100 * keepingMs) / runMs;
  const { events } = run;
  const list = (Reflect.get(rewindable, 'keyframes') as RewindableKeyframes).list;
  const dice = new Dice(1);
  const far: number[] = [];
  const near: number[] = [];
  for (let i = 0; i < SEEKS; i++) {
    const toMs = (dice.below(1e6) / 1e6) * run.horizonMs;
    far.push(seek(rewindable, toMs));
    near.push(seek(rewindable, toMs * 0.999));
  }
  const againMs = seek(rewindable, run.horizonMs, 0);
  const total = list.reduce((sum, keyframe) => sum + keyframe.snapshot.bytes, 0);
  return [
    name,
    what,
    events.toLocaleString('en'),
    (runMs / 1000).toFixed(1),
    `${kept}`,
    (largest / 1e6).toFixed(1),
    (total / 1e6).toFixed(0),
    share.toFixed(1),
    quantile(far, 0.5).toFixed(0),
    Math.max(...far).toFixed(0),
    quantile(near, 0.5).toFixed(0),
    (againMs / 1000).toFixed(1),
  ];
}

interface RewindableKeyframes {
  list: readonly { snapshot: { bytes: number } }[];
}

function seek(rewindable: RewindableRun, toMs: number, fromMs = toMs): number {
  const from = performance.now();
  rewindable.goNear(fromMs);
  advance(rewindable, toMs);
  return performance.now() - from;
}

function advance(rewindable: RewindableRun, toMs: number): void {
  while (rewindable.advance(toMs, CHUNK) === CHUNK) rewindable.drainTrace();
}

/** Long enough for about so many events. */
function horizonOf(design: Design): number {
  const { run } = compile(design, { untilMs: 1e9, observe: false });
  run!.advance(1e9, 20_000);
  return Math.ceil((run!.nowMs * EVENTS) / 20_000);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

/** More than is done about it: the state grows with the run. */
function flood(): Design {
  return {
    ...newDesign('Flood'),
    nodes: [
      { id: 'source', kind: 'producer', name: 'source', fields: { rate: 4000 } },
      { id: 'line', kind: 'queue', name: 'line', fields: {} },
      {
        id: 'workers',
        kind: 'consumer-group',
        name: 'workers',
        fields: { members: 7, serviceTime: { shape: 'constant', mean: 2 } },
      },
    ],
    edges: [
      { id: 'a', from: 'source', fromPort: 'out', to: 'line', toPort: 'in' },
      { id: 'b', from: 'line', fromPort: 'out', to: 'workers', toPort: 'in' },
    ],
  };
}
