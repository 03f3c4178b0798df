import { Columns } from '../../src/lib/columns.ts';
import { EventQueue } from '../../src/lib/event-queue.ts';
import { exp, log, pow } from '../../src/lib/exact-math.ts';
import { Histograms } from '../../src/lib/histogram.ts';
import { RandomStreams } from '../../src/lib/random.ts';
import { RollingHash } from '../../src/lib/rolling-hash.ts';
import { Samplers } from '../../src/lib/samplers.ts';
import { Zipf } from '../../src/lib/zipf.ts';

const ROUNDS = 5;
const columns = new Columns();
const streams = new RandomStreams(columns, 64);
const samplers = new Samplers(columns);
const histograms = new Histograms(columns, 6000);
const hash = new RollingHash(columns);

type Work = (n: number) => number;

/** Nanoseconds an operation: the median of five rounds after two shorter ones to warm up. */
function measure(work: Work, n: number): number {
  work(n >> 3);
  work(n >> 2);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work(n);
    times.push(((performance.now() - start) * 1e6) / n);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

/** The hold model: pop one, push one an exponential time later, with as many pending all the time. */
function hold(pending: number): Work {
  const queue = new EventQueue(new Columns());
  const delay = () => Math.floor(streams.exponential(1) * 1e6);
  for (let i = 0; i < pending; i++) queue.schedule(delay(), 3, i, i);
  const work: Work = (n) => {
    for (let i = 0; i < n; i++) {
      queue.pop();
      queue.schedule(queue.time + delay(), 3, queue.code, queue.arg);
    }
    return queue.time;
  };
  work(4 * pending);
  return work;
}

type Bench = [name: string, n: number, make: () => Work];

// Each has a loop of its own: through one shared loop no call would be inlined.
function randomBenches(): Bench[] {
  return [
    [
      'random u32',
      2e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += streams.u32(3);
        return s;
      },
    ],
    [
      'random exponential',
      2e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += streams.exponential(3);
        return s;
      },
    ],
    [
      'random exponential, 64 streams',
      2e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += streams.exponential(i & 63);
        return s;
      },
    ],
    [
      'random normal',
      2e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += streams.normal(3);
        return s;
      },
    ],
  ];
}

function mathBenches(): Bench[] {
  return [
    [
      'log',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += log(i);
        return s;
      },
    ],
    [
      'exp',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += exp(i * 1e-6);
        return s;
      },
    ],
    [
      'pow',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += pow(i, 0.7);
        return s;
      },
    ],
    [
      'Math.log',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += Math.log(i);
        return s;
      },
    ],
    [
      'Math.exp',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += Math.exp(i * 1e-6);
        return s;
      },
    ],
    [
      'Math.pow',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += Math.pow(i, 0.7);
        return s;
      },
    ],
  ];
}

function samplerBenches(): Bench[] {
  const exponential = samplers.add({ shape: 'exponential', mean: 3 });
  const logNormal = samplers.add({ shape: 'log-normal', mean: 3, cv: 1 });
  const zipf = new Zipf(1e6, 0.9);
  return [
    [
      'sampler exponential',
      2e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += samplers.sample(exponential, streams, i & 31);
        return s;
      },
    ],
    [
      'sampler log-normal',
      1e7,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += samplers.sample(logNormal, streams, i & 31);
        return s;
      },
    ],
    [
      'zipf of a million',
      2e6,
      () => (n) => {
        let s = 0;
        for (let i = 1; i <= n; i++) s += zipf.sample(streams, 5);
        return s;
      },
    ],
  ];
}

function recordingBenches(): Bench[] {
  const spreadOut = (i: number) => Math.imul(i, 0x9e3779b1) >>> 12;
  return [
    [
      'histogram, always the same',
      2e7,
      () => (n) => {
        for (let i = 0; i < n; i++) histograms.record(3, spreadOut(i));
        return n;
      },
    ],
    [
      'histogram, 6000 in turn',
      5e6,
      () => (n) => {
        for (let i = 0; i < n; i++) histograms.record(i % 6000, spreadOut(i));
        return n;
      },
    ],
    [
      'rolling hash',
      2e7,
      () => (n) => {
        for (let i = 0; i < n; i++) hash.mix(i * 1234, i, 7);
        return hash.low;
      },
    ],
  ];
}

function holdBenches(): Bench[] {
  return [2, 10, 100, 1e3, 1e4, 1e5, 1e6].map((pending) => [`hold ${pending}`, 4e6, () => hold(pending)]);
}

runAll(process.argv[2] ?? '');

/** Runs the benchmarks whose name contains the text and prints one line each. */
function runAll(only: string): void {
  const all = [
    ...randomBenches(),
    ...mathBenches(),
    ...samplerBenches(),
    ...recordingBenches(),
    ...holdBenches(),
  ];
  for (const [name, n, make] of all) {
    if (!name.includes(only)) continue;
    const nanoseconds = measure(make(), n);
    console.log(
      `${name.padEnd(32)}${nanoseconds.toFixed(2).padStart(9)} ns ${(1e3 / nanoseconds).toFixed(1).padStart(8)} M/s`,
    );
  }
}
