import { LIMITS } from './limits.ts';
import type { Problem } from './types.ts';
import { groupDigits } from './wording.ts';

/** Before the design in the fragment of an address. */
const KEY = 'design=';
/** Most characters of a fragment that are read. */
const FRAGMENT_MAX = 2_000_000;

/** What a fragment holds: the text of a design file, or why it cannot be read. */
export type LinkedText = { text: string } | { problem: Problem };

/**
 * A design file's text as the fragment of an address, without the `#`: `design=` and the text, deflated (RFC 1951) in
 * base64url (RFC 4648). A fragment stays in the browser: no server ever sees it.
 */
export async function linkFragment(text: string): Promise<string> {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text), Infinity);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return KEY + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The text that an address or its fragment holds; null if there is no design in it. Never rejects. */
export async function linkedText(address: string): Promise<LinkedText | null> {
  const at = address.indexOf(`#${KEY}`);
  if (at < 0) return null;
  const coded = address.slice(at + 1 + KEY.length);
  if (coded.length > FRAGMENT_MAX)
    return refused(
      `found ${groupDigits(coded.length)} characters, expected at most ${groupDigits(FRAGMENT_MAX)}`,
    );
  const wrong = /[^\w-]/.exec(coded)?.[0];
  if (wrong !== undefined) return refused(`found “${wrong}” in it, expected letters, digits, - and _ alone`);
  try {
    const binary = atob(coded.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const bytes = await through(new DecompressionStream('deflate-raw'), packed, LIMITS.fileLength);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof RangeError) return refused(error.message);
    return refused('found no whole design in it. Some programs cut long links: ask for the file');
  }
}

function refused(reason: string): LinkedText {
  const message = `The link cannot be opened: ${reason}.`;
  return { problem: { severity: 'error', code: 'bad-link', message } };
}

/** All bytes that come out of a stream; a RangeError once there are more than `most`. */
async function through(
  stream: CompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError(`found a design of more than ${groupDigits(most)} bytes`);
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
