import type { Design, Problem } from '../design/types.ts';
import { linkedText } from '../design/design-link.ts';
import { parseDesign } from '../design/parse-design.ts';
import { showText } from '../design/wording.ts';
import { GALLERY, galleryEntry } from '../gallery/gallery.ts';
import { cardHeight } from '../kinds/card-size.ts';
import { CliError, EXIT, type CliIo } from './cli-io.ts';

const GALLERY_PREFIX = 'gallery:';

/** A design with what the parser had to say; null if it refused the text. */
export interface ReadDesign {
  design: Design | null;
  problems: Problem[];
}

/** Reads a design from a file, standard input (`-`), the gallery (`gallery:NAME`) or a link that holds it. */
export async function readDesign(source: string, io: CliIo): Promise<ReadDesign> {
  if (source.startsWith(GALLERY_PREFIX)) {
    return { design: galleryDesign(source.slice(GALLERY_PREFIX.length)), problems: [] };
  }
  const linked = await linkedText(source);
  if (linked !== null && 'problem' in linked) return { design: null, problems: [linked.problem] };
  return parseDesign(linked?.text ?? (await readFile(source, io)), cardHeight);
}

/** A design of the gallery, by name. */
export function galleryDesign(name: string): Design {
  const entry = galleryEntry(name);
  if (entry) return entry.design;
  const known = GALLERY.map((candidate) => candidate.name).join(', ');
  throw new CliError(EXIT.files, `The gallery has no ${showText(name)}, expected one of ${known}.`);
}

async function readFile(path: string, io: CliIo): Promise<string> {
  try {
    return await io.readText(path);
  } catch (error) {
    const what = path === '-' ? 'standard input' : showText(path);
    throw new CliError(EXIT.files, `Cannot read ${what}: ${reason(error)}.`);
  }
}

/** Why a file could not be read or written, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS.get(code)) ?? message;
}

const REASONS = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'access is not allowed'],
  ['EPERM', 'access is not allowed'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'part of the path is no folder'],
  ['ENOSPC', 'the disk is full'],
  ['EROFS', 'the disk is read-only'],
]);
