import { MessageLists } from '../src/engine/message-lists.ts';
import { Messages } from '../src/engine/messages.ts';
import { METRIC, Metrics } from '../src/engine/metrics.ts';
import { Waiters } from '../src/engine/waiters.ts';
import { Columns } from '../src/lib/columns.ts';
import { exp, log } from '../src/lib/exact-math.ts';
import { Histograms } from '../src/lib/histogram.ts';
import { RandomStreams } from '../src/lib/random.ts';
import { RingBuffer } from '../src/lib/ring-buffer.ts';
import { RollingHash } from '../src/lib/rolling-hash.ts';
import { Samplers } from '../src/lib/samplers.ts';
import { Zipf } from '../src/lib/zipf.ts';
import { holdPlainly, holdQueue } from './hold-run.ts';
import * as plain from './plain-ways.ts';
import { speedOf, type Work } from './rounds.ts';

/** A structure at its most frequent work, and the plain way to do the same. */
export interface Structure {
  name: string;
  /** The plain way, in a few words. */
  instead: string;
  /** Operations of one round. */
  operations: number;
  ours: () => Work;
  plainly: () => Work;
}

const NODES = 1000;
const WAITING = 1000;

/** Million operations a second. */
export function measureStructure(name: string, isOurs: boolean): number {
  const { ours, plainly, operations } = STRUCTURES.find((candidate) => candidate.name === name)!;
  return speedOf(isOurs ? ours() : plainly(), operations) / 1e6;
}

// Each has a loop of its own: through one shared loop no call would be inlined.

function exponentials(): Work {
  const streams = new RandomStreams(new Columns(), 64);
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += streams.exponential(i & 63);
    return sum;
  };
}

function uniforms(): Work {
  const streams = new RandomStreams(new Columns(), 64);
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += streams.uniform(i & 63);
    return sum;
  };
}

function normals(): Work {
  const streams = new RandomStreams(new Columns(), 64);
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += streams.normal(i & 63);
    return sum;
  };
}

function logNormals(): Work {
  const columns = new Columns();
  const streams = new RandomStreams(columns, 64);
  const samplers = new Samplers(columns);
  const shape = samplers.add({ shape: 'log-normal', mean: 3, cv: 1 });
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += samplers.sample(shape, streams, i & 63);
    return sum;
  };
}

function zipf(): Work {
  const streams = new RandomStreams(new Columns(), 1);
  const ranks = new Zipf(plain.RANKS, plain.SKEW);
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += ranks.sample(streams, 0);
    return sum;
  };
}

function exactMath(): Work {
  return (n) => {
    let sum = 0;
    for (let i = 1; i <= n; i++) sum += exp(-log(i));
    return sum;
  };
}

function hash(): Work {
  const rolling = new RollingHash(new Columns());
  return (n) => {
    for (let i = 0; i < n; i++) rolling.mix(i * 1234, i, 7);
    return rolling.low;
  };
}

function histograms(): Work {
  const all = new Histograms(new Columns(), NODES);
  return (n) => {
    for (let i = 0; i < n; i++) all.record(i % NODES, plain.spreadOut(i));
    return all.count(0);
  };
}

function figures(): Work {
  const columns = new Columns();
  const clock = columns.f64({ clock: null }, 'clock', 1);
  const metrics = new Metrics(columns, NODES, clock);
  return (n) => {
    for (let i = 0; i < n; i++) {
      clock[0] = i;
      metrics.count(i % NODES, METRIC.in);
      metrics.queuedBy(i % NODES, 1 - 2 * ((i / NODES) & 1));
    }
    return metrics.of(0, METRIC.queuedArea);
  };
}

function messages(): Work {
  const all = new Messages(new Columns(), 1024, 1 << 20);
  const alive = new Int32Array(WAITING);
  for (let i = 0; i < WAITING; i++) alive[i] = all.create(0);
  return (n) => {
    for (let i = 0; i < n; i++) {
      const place = i % WAITING;
      all.free(alive[place]);
      alive[place] = all.create(i);
    }
    return all.bornAt[alive[0]];
  };
}

function lists(): Work {
  const columns = new Columns();
  const all = new Messages(columns, 1 << 15, 1 << 15);
  const waiting = new MessageLists(columns, all, 1);
  for (let i = 0; i < plain.LONG_QUEUE; i++) waiting.push(0, all.create(0));
  return (n) => {
    for (let i = 0; i < n; i++) waiting.push(0, waiting.shift(0));
    return waiting.length(0);
  };
}

function waiters(): Work {
  const line = new Waiters(new Columns(), 1, 1 << 16);
  for (let i = 0; i < WAITING; i++) line.push(0, i, i);
  return (n) => {
    for (let i = 0; i < n; i++) {
      line.shift(0);
      line.push(0, line.foundEdge, i);
    }
    return line.foundTag;
  };
}

function ring(): Work {
  const rows = new RingBuffer(new Columns(), 4096, 6);
  return (n) => {
    for (let i = 0; i < n; i++) rows.push(i, 1, 2, 3, 4, 5);
    return rows.next;
  };
}

/** Messages copied and put back. */
function snapshots(): Work {
  const columns = new Columns();
  const all = new Messages(columns, plain.IN_SNAPSHOT, plain.IN_SNAPSHOT);
  for (let i = 0; i < plain.IN_SNAPSHOT; i++) all.create(i);
  return (n) => {
    for (let copied = 0; copied < n; copied += plain.IN_SNAPSHOT) columns.restore(columns.save());
    return all.alive;
  };
}

const holds = [100, 1000, 100_000].map((pending): Structure => ({
  name: `event queue, ${pending.toLocaleString('en-US')} pending`,
  instead: 'binary heap of objects',
  operations: 2_000_000,
  ours: () => holdQueue(pending),
  plainly: () => holdPlainly(pending),
}));

function row(
  name: string,
  instead: string,
  operations: number,
  ours: () => Work,
  plainly: () => Work,
): Structure {
  return { name, instead, operations, ours, plainly };
}

/** Every row of the table. */
export const STRUCTURES: readonly Structure[] = [
  ...holds,
  row('random, uniform', '`Math.random`', 2e7, uniforms, plain.uniforms),
  row('random, exponential', '`-Math.log(u)`', 2e7, exponentials, plain.exponentials),
  row('random, normal', 'Box and Muller', 2e7, normals, plain.normals),
  row('sampler, log-normal', 'Box and Muller, `Math.exp`', 1e7, logNormals, plain.logNormals),
  row('Zipf over a million', 'search in a table of sums', 2e6, zipf, plain.zipf),
  row('exact exp and log', '`Math.exp`, `Math.log`', 1e7, exactMath, plain.math),
  row('rolling hash of an event', 'FNV-1a, byte by byte', 1e7, hash, plain.hash),
  row('histograms of 1,000 nodes', 'an array of all values', 5e6, histograms, plain.histograms),
  row('figures of 1,000 nodes', 'an object for each node', 1e7, figures, plain.figures),
  row('message made and freed', 'an object for each', 1e7, messages, plain.messages),
  row('queue of 30,000, in and out', 'array, `push` and `shift`', 1e6, lists, plain.lists),
  row('line of 1,000, in and out', 'array of objects', 5e6, waiters, plain.waiters),
  row('ring of trace rows', 'array of objects', 5e6, ring, plain.ring),
  row('message of a snapshot', '`structuredClone`', 4e6, snapshots, plain.snapshots),
];
