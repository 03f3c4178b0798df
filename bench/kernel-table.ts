import { execFileSync } from 'node:child_process';
import { KERNEL_MODELS } from './kernel-run.ts';
import { markdownTable } from './markdown-table.ts';
import type { Timing } from './measure-run.ts';
import { MODELS } from './models.ts';
import { findPeers } from './peers.ts';

const ROUNDS = 5;
/** What takes half a second, as in the table of speed: V8 compiles the loop anew when it is entered again. */
const MESSAGES = 10_000_000;
const FLOOR = 0.5;

/** The kernel alone against the C++ limit, in turn and each in a process of its own; medians of five. */
export function kernelTable(root: string): string {
  const limit = findPeers(root).peers.find(({ name }) => name === 'C++');
  const rows = Object.keys(KERNEL_MODELS).map((name) => {
    const ours: Timing[] = [];
    const theirs: Timing[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(inItsProcess(name));
      if (limit) theirs.push(limit.run(name, MESSAGES));
    }
    const [our, their] = [speed(ours), speed(theirs)];
    const { what } = MODELS.find((model) => model.name === name)!;
    const means = [ours, theirs].map((all) => all[0]?.mean.toPrecision(3) ?? '');
    return [name, what, show(our), show(their), show(our / their), ...means];
  });
  const titles = ['model', 'what', 'kernel', 'C++', 'ratio', 'mean time, s', 'C++'];
  const missing = limit ? '' : 'g++ is not there, so there is no limit to compare with.\n';
  return (
    `Event queue, clock, random streams and messages by hand, without kinds and figures: million events a second, ` +
    `median of ${ROUNDS}.\n\n${markdownTable(titles, rows)}\n${missing}Target: ${FLOOR.toFixed(2)} of C++ (floor).\n`
  );
}

function inItsProcess(model: string): Timing {
  const words = [...process.execArgv, process.argv[1], '--kernel', model, String(MESSAGES)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Timing;
}

/** Million events a second, NaN of none. */
function speed(timings: readonly Timing[]): number {
  const speeds = timings.map(({ events, seconds }) => events / seconds / 1e6).toSorted((a, b) => a - b);
  return speeds[speeds.length >> 1] ?? NaN;
}

function show(figure: number): string {
  return Number.isNaN(figure) ? '' : figure.toPrecision(3);
}
