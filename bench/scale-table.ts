import { execFileSync } from 'node:child_process';
import { parseDesign } from '../src/design/parse-design.ts';
import { compile } from '../src/simulation/compile.ts';
import { markdownTable } from './markdown-table.ts';
import { median } from './rounds.ts';
import { MILLION, scaleDesign } from './scale-design.mjs';

const ROUNDS = 5;
const WARM_UP_MS = 500;
const FOR_MS = 2000;

/** What one timed run of the topic says. */
interface ScaleTiming {
  events: number;
  seconds: number;
  /** Processor time: less than the seconds where others use the machine as well. */
  workedSeconds: number;
  simulatedSeconds: number;
  /** Messages in flight at the end: few if the group keeps up. */
  inFlight: number;
}

/** A topic that takes a million messages a second: without a page, and then in a browser with the page watched. */
export function scaleTable(): string {
  const timings = Array.from({ length: ROUNDS }, inItsProcess);
  const by = (figure: (timing: ScaleTiming) => number) => median(timings.map(figure));
  const row = [
    'no page',
    'command line',
    by(({ events, seconds }) => events / seconds / 1e6).toPrecision(3),
    by(({ simulatedSeconds, seconds }) => simulatedSeconds / seconds).toPrecision(3),
    by(({ simulatedSeconds, workedSeconds }) => simulatedSeconds / workedSeconds).toPrecision(3),
    String(by(({ inFlight }) => inFlight)),
  ];
  const titles = [
    'where',
    'settings of',
    'million events/s',
    '× real time',
    'the same for a whole core',
    'in flight',
  ];
  const page = execFileSync('node', ['bench/scale.mjs'], { encoding: 'utf8' });
  return (
    'A topic of 100 partitions takes 1,000,000 messages a second, and a group of 100 members keeps up: every message ' +
    `is simulated.\n\n${markdownTable(titles, [row])}\nIn the browser, for ten seconds each:\n\n${page}\n` +
    'Target: 1× real time, and 16.7 ms a frame at the median. “For a whole core” divides by the processor time that ' +
    'the run got, as others may use the machine.\n'
  );
}

/** Times the run here and now. */
export function measureScale(): ScaleTiming {
  const { design } = parseDesign(JSON.stringify(scaleDesign(MILLION)));
  const { run } = design ? compile(design, { observe: true }) : { run: null };
  if (!run) throw new Error('The design of the bench does not run.');
  run.advance(WARM_UP_MS, Infinity);
  const before = run.events;
  const from = performance.now();
  const cpuBefore = process.cpuUsage();
  run.advance(WARM_UP_MS + FOR_MS, Infinity);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { inFlight } = run.results().totals;
  return {
    events: run.events - before,
    seconds,
    workedSeconds: (user + system) / 1e6,
    simulatedSeconds: FOR_MS / 1000,
    inFlight,
  };
}

function inItsProcess(): ScaleTiming {
  const words = [...process.execArgv, process.argv[1], '--scale'];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as ScaleTiming;
}
