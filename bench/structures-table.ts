import { groupDigits } from '../src/design/wording.ts';
import { markdownTable } from './markdown-table.ts';
import { median } from './rounds.ts';
import { STRUCTURES } from './structures-run.ts';

const ROUNDS = 3;

/**
 * Each structure that a run stands on at its most frequent work, against the plain way to do the same. `measure` says
 * million operations a second, from a process of its own; in turn, so that a slow minute hits both.
 */
export function structuresTable(measure: (name: string, isOurs: boolean) => number): string {
  const speeds = new Map<string, number[]>();
  const note = (key: string, speed: number) => speeds.set(key, [...(speeds.get(key) ?? []), speed]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of STRUCTURES) {
      note(`${name} ours`, measure(name, true));
      note(`${name} plain`, measure(name, false));
    }
  }
  const speed = (key: string) => median(speeds.get(key)!);
  const rows = STRUCTURES.map(({ name, instead }) => {
    const [ours, plain] = [speed(`${name} ours`), speed(`${name} plain`)];
    return [name, instead, ours.toPrecision(3), plain.toPrecision(3), `${ratio(ours / plain)}×`];
  });
  const titles = ['structure', 'the plain way', 'million a second', 'plain', 'ratio'];
  return (
    `${markdownTable(titles, rows)}\nMedian of ${ROUNDS} processes, five rounds each. ` +
    'The plain way is what one writes first in JavaScript; it keeps no snapshots and repeats no run: `Math.random` has ' +
    'no seed, and `Math.exp` is another in each engine.\n'
  );
}

function ratio(value: number): string {
  return value < 100 ? value.toPrecision(2) : groupDigits(Math.round(value));
}
