import { expect, it } from 'vitest';
import { fittingCaption } from './flow-elements.ts';

it('A label is cut to the room between two cards, and left out where only a letter or two would be left.', () => {
  expect(fittingCaption('orders.*', 200)).toBe('orders.*');
  expect(fittingCaption('{"type": ["order.paid"]}', 96)).toBe('{"type": ["ord…');
  expect(fittingCaption('fallback, breaker, timeout', 130)).toBe('fallback, breaker…');
  expect(fittingCaption('orders.*', 30)).toBe('');
  expect(fittingCaption('x'.repeat(90), Infinity)).toHaveLength(40);
});
