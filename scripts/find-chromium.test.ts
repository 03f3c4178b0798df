import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChromium } from './find-chromium.mjs';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-chromium-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}

test('a Chromium is found on PATH by any of its names', () => {
  const path = program('google-chrome');
  expect(findChromium({ PATH: ['/nowhere', folder].join(delimiter) })).toBe(path);
});

test('CHROMIUM_PATH comes before PATH', () => {
  program('chromium');
  const chosen = program('my-browser');
  expect(findChromium({ PATH: folder, CHROMIUM_PATH: chosen })).toBe(chosen);
});

test('a CHROMIUM_PATH that leads nowhere is said, not passed over', () => {
  program('chromium');
  expect(() => findChromium({ PATH: folder, CHROMIUM_PATH: join(folder, 'absent') })).toThrow(
    /CHROMIUM_PATH is .*absent, which is not an executable file/,
  );
});

test('without any there is none', () => {
  expect(findChromium({ PATH: folder })).toBeNull();
  expect(findChromium({})).toBeNull();
});
