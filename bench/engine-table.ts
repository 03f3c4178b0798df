import { execFileSync } from 'node:child_process';
import type { Timing } from './measure-run.ts';
import { MODELS } from './models.ts';
import { findPeers } from './peers.ts';
import { markdownTable } from './markdown-table.ts';
import { median } from './rounds.ts';

const ROUNDS = 5;
/** What gets us through at least half a second, as it does the others: a start that takes long in one is no speed. */
const OUR_MESSAGES = 2_500_000;

/** Ratios that the engine is built to reach: to the C++ limit, and to what a user might choose instead. */
const TARGETS = 'Targets: `pipe` to C++ 0.35 (floor), 0.55 (ambition); M/M/1 to SimPy 40, to simjs 8.';

/**
 * Events a second of designs run as the command line runs them, against the same models by other means. Everything
 * runs in a process of its own and in turn, so that a slow minute of the machine hits all of them; medians of five.
 */
export function engineTable(root: string): string {
  const { peers, missing } = findPeers(root);
  const speeds = new Map<string, number[]>();
  const means = new Map<string, string>();
  const note = (model: string, engine: string, { events, seconds, mean }: Timing) => {
    const key = `${model} ${engine}`;
    speeds.set(key, [...(speeds.get(key) ?? []), events / seconds / 1e6]);
    means.set(key, mean.toPrecision(3));
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of MODELS) {
      note(name, 'Spillway', ours(name));
      for (const peer of peers) {
        if (peer.models.includes(name)) note(name, peer.name, peer.run(name, peer.messages));
      }
    }
  }
  const speed = (model: string, engine: string) => median(speeds.get(`${model} ${engine}`) ?? []);
  const rows = MODELS.map(({ name, what }) => {
    const our = speed(name, 'Spillway');
    const others = peers.map((peer) => {
      const other = speed(name, peer.name);
      return Number.isNaN(other) ? '' : `${other.toPrecision(3)} (${(our / other).toPrecision(2)}×)`;
    });
    return [name, what, our.toPrecision(3), ...others, means.get(`${name} Spillway`)!];
  });
  const titles = [
    'model',
    'what',
    'Spillway',
    ...peers.map((peer) => `${peer.name} (ratio)`),
    'mean time, s',
  ];
  const notes = [...missing, TARGETS].join('\n');
  return `Million events a second, median of ${ROUNDS}.\n\n${markdownTable(titles, rows)}\n${notes}\n`;
}

/** One run in a fresh process: designs measured one after another in one process spoil each other's machine code. */
function ours(model: string): Timing {
  const words = [...process.execArgv, process.argv[1], '--one', model, String(OUR_MESSAGES)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as Timing;
}
