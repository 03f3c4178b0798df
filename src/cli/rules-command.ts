import { showValue } from '../design/wording.ts';
import { CliError, EXIT, type CliIo } from './cli-io.ts';
import { reason } from './read-design.ts';
import { answerRule } from './rule-table.ts';

/**
 * `spillway rules`: reads a JSON array of `{rule, input}` from standard input and prints the array of the answers, in
 * the same order. The functions behind it are those that a simulation runs.
 */
export async function rulesCommand(io: CliIo): Promise<number> {
  const requests = parseRequests(await readStandardInput(io));
  io.print(`${JSON.stringify(requests.map(answerRule))}\n`);
  return EXIT.ok;
}

async function readStandardInput(io: CliIo): Promise<string> {
  try {
    return await io.readText('-');
  } catch (error) {
    throw new CliError(EXIT.files, `Cannot read standard input: ${reason(error)}.`);
  }
}

function parseRequests(text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `Standard input is not JSON: ${(error as Error).message}.`;
    throw new CliError(EXIT.problems, message.replaceAll(/\p{Cc}/gu, ' '));
  }
  if (Array.isArray(value)) return value;
  const message = `Standard input: found ${showValue(value)}, expected a list of {"rule", "input"}.`;
  throw new CliError(EXIT.problems, message);
}
