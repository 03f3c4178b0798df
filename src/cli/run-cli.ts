import { designJsonSchema } from '../design/schema.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { GalleryEntry } from '../gallery/gallery-entry.ts';
import { GALLERY } from '../gallery/gallery.ts';
import { MYTHS } from '../gallery/myths/myths.ts';
import { RESULTS_VERSION } from '../simulation/results/run-results.ts';
import { validate } from '../simulation/problems/validate.ts';
import { readArguments, type Command } from './arguments.ts';
import { CliError, EXIT, type CliIo } from './cli-io.ts';
import { exportCommand } from './export-command.ts';
import { HELP_TEXT } from './help-text.ts';
import { problemLines } from './problem-lines.ts';
import { galleryDesign, readDesign } from './read-design.ts';
import { rulesCommand } from './rules-command.ts';
import { runCommand } from './run-command.ts';
import { textTable } from './text-table.ts';

/** Runs one command and returns the exit code. Throws only for our own bugs. */
export async function runCli(words: readonly string[], io: CliIo): Promise<number> {
  try {
    return await runOne(readArguments(words), io);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    io.complain(`${error.message}\n`);
    return error.exitCode;
  }
}

async function runOne(words: Command, io: CliIo): Promise<number> {
  switch (words.command) {
    case 'help':
      io.print(HELP_TEXT);
      return EXIT.ok;
    case 'version':
      io.print(`spillway ${RESULTS_VERSION}\n`);
      return EXIT.ok;
    case 'run':
      return runCommand(words, io);
    case 'export':
      return exportCommand(words, io);
    case 'validate':
      return validateCommand(words, io);
    case 'gallery':
      io.print(words.show === undefined ? galleryList() : serializeDesign(galleryDesign(words.show)));
      return EXIT.ok;
    case 'schema':
      io.print(`${JSON.stringify(designJsonSchema(), null, 2)}\n`);
      return EXIT.ok;
    case 'rules':
      return rulesCommand(io);
  }
}

async function validateCommand(words: Extract<Command, { command: 'validate' }>, io: CliIo): Promise<number> {
  const { design, problems: parsed } = await readDesign(words.design, io);
  const problems = design ? [...parsed, ...validate(design)] : parsed;
  const text = problems.length > 0 ? problemLines(problems) : 'No problems.\n';
  io.print(words.json ? `${JSON.stringify({ problems }, null, 2)}\n` : text);
  return problems.some((problem) => problem.severity === 'error') ? EXIT.problems : EXIT.ok;
}

function galleryList(): string {
  const myths = MYTHS.map((entry) => ({ ...entry, what: `${entry.myth} ${entry.what}` }));
  return `${galleryTable(GALLERY)}\nMyths: what people believe, and what really happens\n\n${galleryTable(myths)}`;
}

function galleryTable(entries: readonly GalleryEntry[]): string {
  return textTable(
    [
      { title: 'name', align: 'left' },
      { title: 'title', align: 'left' },
      { title: 'what to look at', align: 'left' },
    ],
    entries.map(({ name, title, what }) => [name, title, what]),
  );
}
