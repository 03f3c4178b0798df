import { describe, expect, it } from 'vitest';
import { Columns } from '../lib/columns.ts';
import { MessageLists } from './message-lists.ts';
import { Messages } from './messages.ts';

function lists(): { messages: Messages; lists: MessageLists } {
  const columns = new Columns();
  const messages = new Messages(columns, 4, 100);
  return { messages, lists: new MessageLists(columns, messages, 2) };
}

describe('a list of messages', () => {
  it('gives back in order, and says when it is empty', () => {
    const { messages, lists: all } = lists();
    const made = [1, 2, 3].map((time) => messages.create(time));
    for (const message of made) all.push(1, message);
    expect([all.length(0), all.length(1)]).toEqual([0, 3]);
    expect([all.shift(1), all.shift(1), all.shift(1), all.shift(1)]).toEqual([...made, -1]);
  });

  it('takes a message back to where it was, at either end or between', () => {
    const { messages, lists: all } = lists();
    const [a, b, c, d] = [1, 2, 2, 3].map((time) => messages.create(time));
    for (const message of [a, b, c, d]) all.push(0, message);
    for (let i = 0; i < 4; i++) all.shift(0);
    for (const message of [d, b, c, a]) all.putBack(0, message);
    expect([all.shift(0), all.shift(0), all.shift(0), all.shift(0)]).toEqual([a, b, c, d]);
  });

  it('goes on when the messages outgrow their columns', () => {
    const { messages, lists: all } = lists();
    for (let i = 0; i < 50; i++) all.push(0, messages.create(i));
    for (let i = 0; i < 50; i++) expect(messages.bornAt[all.shift(0)]).toBe(i);
  });
});

describe('messages', () => {
  it('are the same to the world when copied, but not read by anybody yet', () => {
    const { messages } = lists();
    const message = messages.create(5);
    messages.key[message] = 9;
    messages.readers[message] = 2;
    messages.attempts[message] = 3;
    const copy = messages.copy(message);
    expect([messages.bornAt[copy], messages.key[copy], messages.serial[copy]]).toEqual([5, 9, 0]);
    expect([messages.attempts[copy], messages.readers[copy], messages.alive]).toEqual([3, 0, 2]);
  });

  it('stop at their limit with a sentence', () => {
    const messages = new Messages(new Columns(), 1, 3);
    for (let i = 0; i < 3; i++) messages.create(0);
    expect(() => messages.create(0)).toThrow('messages alive: 4 needed, the limit is 3');
  });
});
