import type { Design, Problem } from '../design/types.ts';
import { showText } from '../design/wording.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { writeDuration } from '../kinds/quantities.ts';
import { parseFieldText } from '../kinds/validate-fields.ts';
import { compile, type FieldOverride } from '../simulation/compile.ts';
import type { LiveRun } from '../simulation/live-run.ts';
import { RESULTS_VERSION } from '../simulation/results/run-results.ts';
import { showTime } from '../simulation/time.ts';
import type { Command, SettingText } from './arguments.ts';
import { CliError, EXIT, type CliIo, type LineFile } from './cli-io.ts';
import { plain, problemLines } from './problem-lines.ts';
import { readDesign, reason } from './read-design.ts';
import { resultsTable } from './results-table.ts';

type RunWords = Extract<Command, { command: 'run' }>;

/** Events between two looks at the clock; fewer while every step of every message is written. */
const SLICE_EVENTS = 65_536;
const TRACED_SLICE_EVENTS = 4096;
/** Wall time between two breaths and two lines of progress. */
const BREATH_MS = 50;
const TERMINAL_PROGRESS_MS = 1000;
const PLAIN_PROGRESS_MS = 10_000;

/** `spillway run`: runs a design to its end, or to Ctrl-C, and prints its figures. */
export async function runCommand(words: RunWords, io: CliIo): Promise<number> {
  const read = await readDesign(words.design, io);
  if (!read.design) return refuse(read.problems, words.json, io);
  const { design } = read;
  const { run, problems } = compile(design, {
    seed: words.seed,
    untilMs: words.untilMs,
    warmUpMs: words.warmUpMs,
    overrides: [
      ...words.settings.map((setting) => readSetting(design, setting)),
      ...(words.stopOnViolation ? stopsOnViolation(design) : []),
    ],
    observe: false,
  });
  if (!run) return refuse([...read.problems, ...problems], words.json, io);
  io.complain(problemLines([...read.problems, ...problems]));
  io.prepare(run.expectedEvents);
  await drive(run, words.trace, io);
  const results = run.results();
  const stop = run.stoppedBy;
  if (stop) io.complain(problemLines([stop]));
  if (io.isInterrupted())
    io.complain(`Stopped by hand at ${showTime(run.nowMs)}; these are the figures up to then.\n`);
  const all = { ...results, problems: [...read.problems, ...results.problems] };
  io.print(words.json ? `${JSON.stringify(all, null, 2)}\n` : resultsTable(design.name, all));
  if (io.isInterrupted()) return EXIT.interrupted;
  return stop ? EXIT.problems : EXIT.ok;
}

function refuse(problems: readonly Problem[], json: boolean, io: CliIo): number {
  io.complain(problemLines(problems));
  if (json) io.print(`${JSON.stringify({ version: RESULTS_VERSION, problems }, null, 2)}\n`);
  return EXIT.problems;
}

/** Every group that states a delivery guarantee stops the run at the first message that breaks it. */
function stopsOnViolation(design: Design): FieldOverride[] {
  const isGroup = ({ kind }: { kind: string }) =>
    kindDefinition(kind)?.fields.some(({ name }) => name === 'onViolation') === true;
  return design.nodes.filter(isGroup).map(({ id }) => ({ node: id, field: 'onViolation', value: 'stop' }));
}

/** A setting by the id or, if that is unique, the name of a node. */
function readSetting(design: Design, { node: asked, field: name, text }: SettingText): FieldOverride {
  const usage = (message: string) =>
    new CliError(EXIT.usage, `--set ${plain(asked)}.${plain(name)}: ${message}`);
  const byId = design.nodes.filter((candidate) => candidate.id === asked);
  const matching = byId.length > 0 ? byId : design.nodes.filter((candidate) => candidate.name === asked);
  const known = design.nodes.map((candidate) => candidate.id).join(', ');
  if (matching.length === 0)
    throw usage(`found the node ${showText(asked)}, expected one of ${plain(known)}.`);
  if (matching.length > 1) {
    const ids = matching.map((candidate) => candidate.id).join(', ');
    throw usage(`${matching.length} nodes have this name, expected one of the ids ${plain(ids)}.`);
  }
  const [node] = matching;
  const fields = kindDefinition(node.kind)?.fields ?? [];
  const field = fields.find((candidate) => candidate.name === name);
  if (!field) {
    const names = fields.map((candidate) => candidate.name).join(', ');
    throw usage(
      `found the field ${showText(name)}, expected one of ${names || 'none, as its kind is unknown'}.`,
    );
  }
  const value = parseFieldText(field, text);
  if ('refused' in value) throw usage(value.refused);
  return { node: node.id, field: name, value: value.value };
}

async function drive(run: LiveRun, tracePath: string | undefined, io: CliIo): Promise<void> {
  const trace = tracePath === undefined ? null : await openTrace(tracePath, io);
  if (trace) run.traceMessages();
  const progress = new Progress(run, io);
  let breathedAt = io.now();
  while (!run.done && !io.isInterrupted()) {
    run.advance(run.horizonMs, trace ? TRACED_SLICE_EVENTS : SLICE_EVENTS);
    if (trace) await writeTrace(trace, run, tracePath!);
    if (io.now() - breathedAt < BREATH_MS) continue;
    await io.breathe();
    breathedAt = io.now();
    progress.show(breathedAt);
  }
  progress.clear();
  await trace?.close().catch((error: unknown) => cannotWrite(tracePath!, error));
}

async function openTrace(path: string, io: CliIo): Promise<LineFile> {
  return io.openLines(path).catch((error: unknown) => cannotWrite(path, error));
}

/** Steps of messages and what happened to nodes, one JSON object a line, in order of time. */
async function writeTrace(file: LineFile, run: LiveRun, path: string): Promise<void> {
  const rows = [...run.drainMessages(), ...run.drainTrace()].sort((a, b) => a.atMs - b.atMs);
  if (rows.length === 0) return;
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await file.write(lines).catch((error: unknown) => cannotWrite(path, error));
}

function cannotWrite(path: string, error: unknown): never {
  throw new CliError(EXIT.files, `Cannot write ${showText(path)}: ${reason(error)}.`);
}

/** One line on standard error that says how far a long run is. */
class Progress {
  private readonly run: LiveRun;
  private readonly io: CliIo;
  private readonly startedAt: number;
  private shownAt: number;
  private isShown = false;

  constructor(run: LiveRun, io: CliIo) {
    this.run = run;
    this.io = io;
    this.startedAt = io.now();
    this.shownAt = this.startedAt;
  }

  show(now: number): void {
    const { run, io } = this;
    const every = io.isTerminal ? TERMINAL_PROGRESS_MS : PLAIN_PROGRESS_MS;
    if (now - this.shownAt < (this.isShown && io.isTerminal ? every / 5 : every)) return;
    this.shownAt = now;
    const share = Math.floor((run.nowMs / run.horizonMs) * 100);
    const speed = (run.events / (now - this.startedAt) / 1000).toPrecision(2);
    const line = `${share} %  ${showTime(run.nowMs)} of ${writeDuration(run.horizonMs)}, ${speed} million events/s`;
    io.complain(io.isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    this.isShown = true;
  }

  /** Takes the line back, so that the figures stand alone. */
  clear(): void {
    if (this.isShown && this.io.isTerminal) this.io.complain('\r\u001b[K');
  }
}
