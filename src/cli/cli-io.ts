/** What the command line needs of the platform; tests pass their own. */
export interface CliIo {
  /** The text of a file, or of standard input for `-`. Rejects if it cannot be read. */
  readText(path: string): Promise<string>;
  writeText(path: string, text: string): Promise<void>;
  /** A file that grows line by line. */
  openLines(path: string): Promise<LineFile>;
  /** Standard output. */
  print(text: string): void;
  /** Standard error. */
  complain(text: string): void;
  /** Whether standard error is a terminal, where a line can be written over. */
  isTerminal: boolean;
  /** Wall time in milliseconds. */
  now(): number;
  /** Lets signals and writes have their turn. */
  breathe(): Promise<void>;
  /** Whether Ctrl-C was pressed. */
  isInterrupted(): boolean;
  /** A run of about so many events is to begin: the machine may be made ready for it. */
  prepare(events: number): void;
}

export interface LineFile {
  /** Resolves when there is room for more, so that a slow disk holds the run back and memory stays small. */
  write(lines: string): Promise<void>;
  close(): Promise<void>;
}

/** Exit codes, as the help text tells them. */
export const EXIT = {
  ok: 0,
  /** The design has errors, or a limit stopped the run. */
  problems: 1,
  usage: 2,
  /** A file could not be read or written. */
  files: 3,
  interrupted: 130,
} as const;

/** Ends a command with a sentence on standard error and an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
