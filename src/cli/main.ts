import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { CliIo, LineFile } from './cli-io.ts';
import { inlineMore } from './inline-more.ts';
import { runCli } from './run-cli.ts';

let interrupted = false;

process.on('SIGINT', () => {
  // The second time nobody wants to wait for figures.
  if (interrupted) process.exit(130);
  interrupted = true;
});

// A reader that has seen enough, such as `head`, closes the pipe: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const io: CliIo = {
  readText: async (path) => (path === '-' ? readStandardInput() : readFile(path, 'utf8')),
  writeText: (path, text) => writeFile(path, text),
  openLines,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void (text && process.stderr.write(text)),
  isTerminal: process.stderr.isTTY ?? false,
  now: () => performance.now(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  isInterrupted: () => interrupted,
  prepare: inlineMore,
};

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function openLines(path: string): Promise<LineFile> {
  const stream = createWriteStream(path);
  await once(stream, 'open');
  return {
    async write(lines) {
      if (!stream.write(lines)) await once(stream, 'drain');
    },
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}

// Not process.exit: what is still being written to a pipe would be lost.
process.exitCode = await runCli(process.argv.slice(2), io);
