import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fc, test } from '../testing/property.ts';
import { linkedText, linkFragment } from './design-link.ts';

const problemOf = async (address: string) => {
  const found = await linkedText(address);
  return found !== null && 'problem' in found ? found.problem.message : null;
};

describe('a design in a link', () => {
  test.prop([fc.string({ unit: 'grapheme', maxLength: 3000 })])(
    'comes back as it was, whatever it is',
    async (text) => {
      const fragment = await linkFragment(text);
      expect(fragment).toMatch(/^design=[\w-]*$/);
      expect(await linkedText(`https://example.org/spillway/?a=1#${fragment}`)).toEqual({ text });
    },
  );

  it('is found only in a fragment that says so', async () => {
    for (const address of ['', '#', '#other=abc', 'https://example.org/?design=abc', 'design=abc'])
      expect(await linkedText(address)).toBeNull();
  });

  it('is refused when it was cut off, changed or is no text, with what was found', async () => {
    const fragment = await linkFragment(JSON.stringify({ version: 1, nodes: Array(200).fill('orders') }));
    const cut =
      'The link cannot be opened: found no whole design in it. Some programs cut long links: ask for the file.';
    expect(await problemOf(`#${fragment.slice(0, -9)}`)).toBe(cut);
    expect(await problemOf('#design=A')).toBe(cut);
    expect(
      await problemOf(`#design=${deflateRawSync(Buffer.from([0xff, 0xfe, 0xff])).toString('base64url')}`),
    ).toBe(cut);
    expect(await problemOf(`#${fragment} and`)).toBe(
      'The link cannot be opened: found “ ” in it, expected letters, digits, - and _ alone.',
    );
  });

  it('is not unpacked without end', async () => {
    const bomb = deflateRawSync(Buffer.alloc(40_000_000)).toString('base64url');
    expect(await problemOf(`#design=${bomb}`)).toBe(
      'The link cannot be opened: found a design of more than 16,000,000 bytes.',
    );
    expect(await problemOf(`#design=${'A'.repeat(2_000_001)}`)).toMatch(/found 2,000,001 characters/);
  });
});
