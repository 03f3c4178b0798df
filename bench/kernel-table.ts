import { execFileSync } from 'node:child_process';
import { KERNEL_MODELS } from './kernel-run.ts';
import { markdownTable } from './markdown-table.ts';
import type { Timing } from './measure-run.ts';
import { MODELS } from './models.ts';
import { findPeers } from './peers.ts';
import { median } from './rounds.ts';

const ROUNDS = 5;
/** What takes half a second, as in the table of speed: V8 compiles the loop anew when it is entered again. */
const MESSAGES = 10_000_000;
/** As many as the horizon of a design allows, at one a second. */
const DESIGN_MESSAGES = 2_500_000;
const FLOOR = 0.5;
/** As what the figures by hand are asked for. */
export const FLAT = 'flat';

/** The kernel alone against what is written by hand, in turn and each in a process of its own; medians of five. */
export function kernelTable(root: string): string {
  const limits = findPeers(root).peers.filter(({ name }) => name === 'C++' || name === 'JS by hand');
  const rows = Object.keys(KERNEL_MODELS).map((name) => {
    const ours: Timing[] = [];
    const theirs = limits.map((): Timing[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(inItsProcess('--kernel', name, MESSAGES));
      limits.forEach((limit, at) => theirs[at].push(limit.run(name, MESSAGES)));
    }
    const { what } = MODELS.find((model) => model.name === name)!;
    const others = theirs.map((timings) => {
      const their = speed(timings);
      return `${their.toPrecision(3)} (${(speed(ours) / their).toPrecision(2)}×)`;
    });
    const means = [ours, ...theirs].map(([{ mean }]) => mean.toPrecision(3));
    return [name, what, speed(ours).toPrecision(3), ...others, means.join(', ')];
  });
  const titles = ['model', 'what', 'kernel', ...limits.map(({ name }) => `${name} (ratio)`), 'mean times, s'];
  const isThere = limits.some(({ name }) => name === 'C++');
  const missing = isThere ? '' : 'g++ is not there, so there is no limit to compare with.\n';
  return (
    `Event queue, clock, random streams and messages by hand, without kinds and figures: million events a second, ` +
    `median of ${ROUNDS}.\n\n${markdownTable(titles, rows)}\n${missing}Target: ${FLOOR.toFixed(2)} of C++ (floor).\n\n` +
    stepsTable()
  );
}

/** From the kernel to a design, for M/M/1: what figures cost, and what kinds do. */
function stepsTable(): string {
  const steps: readonly [what: string, run: () => Timing][] = [
    ['the kernel', () => inItsProcess('--kernel', 'mm1', MESSAGES)],
    ['with all figures of a run, by hand in flat rows', () => inItsProcess('--kernel', FLAT, MESSAGES)],
    ['as a design', () => inItsProcess('--one', 'mm1', DESIGN_MESSAGES)],
  ];
  const timings = steps.map((): Timing[] => []);
  for (let round = 0; round < ROUNDS; round++) steps.forEach(([, run], at) => timings[at].push(run()));
  const speeds = timings.map(speed);
  const rows = steps.map(([what], at) => [
    what,
    speeds[at].toPrecision(3),
    at === 0 ? '' : (speeds[at] / speeds[at - 1]).toPrecision(2),
    timings[at][0].mean.toPrecision(3),
  ]);
  const titles = ['M/M/1 at 0.8', 'million events a second', 'to the one above', 'mean time, s'];
  return markdownTable(titles, rows);
}

function inItsProcess(way: string, model: string, messages: number): Timing {
  const words = [...process.execArgv, process.argv[1], way, model, String(messages)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Timing;
}

/** Million events a second. */
function speed(timings: readonly Timing[]): number {
  return median(timings.map(({ events, seconds }) => events / seconds / 1e6));
}
