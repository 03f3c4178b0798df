import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { inlineMore } from '../src/cli/inline-more.ts';
import { engineTable } from './engine-table.ts';
import { runFlat } from './figures-run.ts';
import { growthTable, measureGrowth } from './growth-table.ts';
import { runKernel } from './kernel-run.ts';
import { FLAT, kernelTable } from './kernel-table.ts';
import { measureRun } from './measure-run.ts';
import { memoryTable } from './memory-table.ts';
import { MODELS } from './models.ts';
import { measureScale, scaleTable } from './scale-table.ts';
import { seekTable } from './seek-table.ts';
import { measureStructure } from './structures-run.ts';
import { structuresTable } from './structures-table.ts';
import { theoryTable } from './theory-table.ts';

const root = process.cwd();
const SECTIONS = [
  'engine',
  'kernel',
  'structures',
  'growth',
  'memory',
  'seek',
  'theory',
  'page',
  'scale',
] as const;
/** Where the last measurement of everything is kept. */
const RESULTS = 'bench/RESULTS.md';
const TITLES = {
  engine: 'Speed',
  kernel: 'The kernel alone',
  structures: 'The structures',
  growth: 'Growth',
  memory: 'Memory and snapshots',
  seek: 'Going back',
  theory: 'Against queueing theory',
  page: 'The page',
  scale: 'A million messages a second',
};

const [first, ...rest] = process.argv.slice(2);
if (first === '--one') printOneRun(rest[0], Number(rest[1]));
else if (first === '--kernel') printKernelRun(rest[0], Number(rest[1]));
else if (first === '--growth') process.stdout.write(String(measureGrowth(rest[0])));
else if (first === '--structure') process.stdout.write(String(measureStructure(rest[0], rest[1] === 'ours')));
else if (first === '--scale') printScaleRun();
else runSections([first, ...rest].filter((word) => word !== undefined));

/** What the tables of speed ask of a fresh process: one model, first for a while to warm up, compiled as for a long run. */
function printOneRun(name: string, messages: number): void {
  inlineMore(Infinity);
  const model = MODELS.find((candidate) => candidate.name === name)!;
  measureRun(model, messages / 10);
  process.stdout.write(JSON.stringify(measureRun(model, messages)));
}

function printKernelRun(model: string, messages: number): void {
  inlineMore(Infinity);
  const run = model === FLAT ? runFlat : (count: number) => runKernel(model, count);
  run(messages / 10);
  process.stdout.write(JSON.stringify(run(messages)));
}

function printScaleRun(): void {
  inlineMore(Infinity);
  process.stdout.write(JSON.stringify(measureScale()));
}

/** Prints the sections asked for, or all and then writes them down. */
function runSections(asked: readonly string[]): void {
  const unknown = asked.find((word) => !SECTIONS.some((section) => section === word));
  if (unknown !== undefined) {
    console.error(`Found the section ${unknown}, expected ${SECTIONS.join(', ')} or nothing for all.`);
    process.exitCode = 2;
    return;
  }
  const parts: string[] = [];
  for (const section of SECTIONS) {
    if (asked.length > 0 && !asked.includes(section)) continue;
    const part = `## ${TITLES[section]}\n\n${sectionText(section)}`;
    console.log(part);
    parts.push(part);
  }
  if (asked.length === 0) writeFileSync(join(root, RESULTS), `${heading()}\n${parts.join('\n')}`);
}

function sectionText(section: (typeof SECTIONS)[number]): string {
  if (section === 'engine') return engineTable(root);
  if (section === 'growth') return growthTable((row) => inItsProcess('--growth', row));
  if (section === 'structures')
    return structuresTable((name, isOurs) => inItsProcess('--structure', name, isOurs ? 'ours' : 'plain'));
  if (section === 'kernel') return kernelTable(root);
  if (section === 'memory') return memoryTable();
  if (section === 'seek') return seekTable();
  if (section === 'scale') return scaleTable();
  if (section === 'page') return execFileSync('node', ['bench/page.mjs'], { encoding: 'utf8' });
  const { text, isRight } = theoryTable();
  if (!isRight) process.exitCode = 1;
  return text;
}

function inItsProcess(...asked: string[]): number {
  const words = [...process.execArgv, process.argv[1], ...asked];
  return Number(execFileSync(process.execPath, words, { encoding: 'utf8' }));
}

function heading(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}`;
  return `# Measured\n\nBy \`npm run bench\`: Spillway ${version} (${commit}), Node ${process.version}, ${machine}.\n`;
}
