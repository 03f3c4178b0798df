import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FieldSender } from './field-sender.ts';

let sent: unknown[];
let sender: FieldSender;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  sender = new FieldSender(({ value }) => sent.push(value));
});

afterEach(() => {
  sender.clear();
  vi.useRealTimers();
});

function drag(from: number, to: number): void {
  for (let value = from; value <= to; value++) {
    sender.change([{ node: 'a', field: 'rate', value }]);
    vi.advanceTimersByTime(10);
  }
}

it('A single change is sent at once.', () => {
  drag(1, 1);
  expect(sent).toEqual([1]);
});

it('A drag is thinned out to four values a second and ends with the last one.', () => {
  drag(1, 60);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1, 25, 50, 60]);
});

it('What waits is sent before a command, and forgotten when the run starts anew.', () => {
  drag(1, 2);
  sender.flush();
  expect(sent).toEqual([1, 2]);
  drag(3, 3);
  sender.clear();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1, 2]);
});
