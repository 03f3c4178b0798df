import { describe, expect, it } from 'vitest';
import { Columns } from '../lib/columns.ts';
import { LimitError } from '../lib/limit-error.ts';
import { DEATHS_SHIFT, MESSAGE_FLAG, Messages, NO_MESSAGE, type RareColumn } from './messages.ts';

const RARE: readonly RareColumn[] = [
  'address',
  'priority',
  'ttl',
  'returns',
  'deaths',
  'lastDelay',
  'marks',
  'transaction',
];
const OF_FAILURES: readonly RareColumn[] = ['tries', 'reason', 'readAlong'];

describe('messages', () => {
  it('are copied with all that the world sees of them, and nothing of where they lie', () => {
    const messages = new Messages(new Columns(), 4, 100);
    for (const column of [...RARE, ...OF_FAILURES]) messages.keep(column);
    const original = messages.create(1000);
    messages.enteredAt[original] = 2000;
    messages.next[original] = 3;
    messages.readers[original] = 5;
    const seen = ['key', 'sizeBytes', 'type', 'flags', 'attempts', ...RARE, ...OF_FAILURES] as const;
    seen.forEach((column, at) => {
      const place = column === 'deaths' ? original << DEATHS_SHIFT : original;
      messages[column][place] = at + 10;
    });
    const copy = messages.copy(original);
    seen.forEach((column, at) => {
      const place = column === 'deaths' ? copy << DEATHS_SHIFT : copy;
      expect([column, messages[column][place]]).toEqual([column, at + 10]);
    });
    expect([messages.bornAt[copy], messages.enteredAt[copy]]).toEqual([1000, 2000]);
    expect(messages.serial[copy]).toBe(messages.serial[original]);
    expect([messages.next[copy], messages.readers[copy]]).toEqual([NO_MESSAGE, 0]);
  });

  it('are born without a past in a slot that had one', () => {
    const messages = new Messages(new Columns(), 1, 1);
    const first = messages.create(0);
    messages.attempts[first] = 3;
    messages.flags[first] = MESSAGE_FLAG.poison;
    messages.readers[first] = 2;
    messages.free(first);
    const second = messages.create(50);
    expect(second).toBe(first);
    expect([messages.attempts[second], messages.flags[second], messages.readers[second]]).toEqual([0, 0, 0]);
    expect([messages.bornAt[second], messages.serial[second], messages.alive]).toEqual([50, 1, 1]);
  });

  it('keep what they say when the columns grow, rare ones too, and stop at the limit with nothing changed', () => {
    const messages = new Messages(new Columns(), 2, 6);
    for (const column of RARE) messages.keep(column);
    const all = Array.from({ length: 6 }, (_, at) => {
      const message = messages.create(at);
      messages.priority[message] = at;
      messages.deaths[message << DEATHS_SHIFT] = at * 7;
      return message;
    });
    for (const [at, message] of all.entries()) {
      expect([messages.bornAt[message], messages.priority[message]]).toEqual([at, at]);
      expect(messages.deaths[message << DEATHS_SHIFT]).toBe(at * 7);
    }
    expect(() => messages.create(7)).toThrow(LimitError);
    expect([messages.alive, messages.nextSerial]).toEqual([6, 6]);
  });

  it('of one instant came in the order of their arrival numbers, also where those begin anew', () => {
    const messages = new Messages(new Columns(), 4, 4);
    const [early, late, next] = [messages.create(5), messages.create(6), messages.create(6)];
    messages.readers[late] = 0xffff;
    messages.readers[next] = 0x10000;
    expect(messages.readers[next]).toBe(0);
    expect(messages.cameBefore(late, next)).toBe(true);
    expect(messages.cameBefore(next, late)).toBe(false);
    expect(messages.cameBefore(early, late)).toBe(true);
    expect(messages.cameBefore(next, early)).toBe(false);
  });
});
