import { linkFragment } from '../design/design-link.ts';
import { showText } from '../design/wording.ts';
import { serializeDesign } from '../design/serialize-design.ts';
import type { Design, Problem } from '../design/types.ts';
import { exportMermaid } from '../formats/mermaid/export-mermaid.ts';
import { plannedFaults } from '../kinds/chaos-faults.ts';
import type { Command } from './arguments.ts';
import { CliError, EXIT, type CliIo } from './cli-io.ts';
import { problemLines } from './problem-lines.ts';
import { readDesign, reason } from './read-design.ts';

interface Exported {
  text: string;
  notes: readonly Problem[];
}

const FORMATS: Readonly<Record<string, (design: Design) => Exported | Promise<Exported>>> = {
  mermaid: exportMermaid,
  planned,
  link,
};

/** `spillway export`: a design as text of another format, to standard output or to a file. */
export async function exportCommand(
  words: Extract<Command, { command: 'export' }>,
  io: CliIo,
): Promise<number> {
  const format = Object.hasOwn(FORMATS, words.to) ? FORMATS[words.to] : undefined;
  if (!format) {
    const message = `--to: found ${showText(words.to)}, expected one of ${Object.keys(FORMATS).join(', ')}.`;
    throw new CliError(EXIT.usage, message);
  }
  const { design, problems } = await readDesign(words.design, io);
  io.complain(problemLines(problems));
  if (!design) return EXIT.problems;
  const { text, notes } = await format(design);
  io.complain(problemLines(notes));
  if (words.output === undefined || words.output === '-') {
    io.print(text);
    return EXIT.ok;
  }
  try {
    await io.writeText(words.output, text);
  } catch (error) {
    throw new CliError(EXIT.files, `Cannot write ${showText(words.output)}: ${reason(error)}.`);
  }
  return EXIT.ok;
}

/** The design itself, with the random faults of its scenario written out as planned ones: the same run. */
function planned(design: Design): Exported {
  const { chaos: _, ...scenario } = design.scenario;
  const faults = plannedFaults(design);
  return { text: serializeDesign({ ...design, scenario: { ...scenario, faults } }), notes: [] };
}

/** What is put behind the address of the page, wherever that is. */
async function link(design: Design): Promise<Exported> {
  return { text: `#${await linkFragment(serializeDesign(design))}\n`, notes: [] };
}
