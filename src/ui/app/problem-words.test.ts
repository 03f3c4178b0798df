import { expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import type { Problem } from '../../design/types.ts';
import { problemPlace, problemText } from './problem-words.ts';

const design = {
  ...newDesign(),
  nodes: [
    { id: 'w', kind: 'producer', name: 'web', fields: {} },
    { id: 'o', kind: 'topic', name: 'orders', fields: {} },
  ],
  edges: [{ id: 'e', from: 'w', fromPort: 'out', to: 'o', toPort: 'in' }],
};

it('A problem is placed in the words of the canvas and the form, or else by its path.', () => {
  const place = (at: Partial<Problem>) =>
    problemPlace(design, { severity: 'error', code: 'x', message: '', ...at });
  expect(place({ node: 'w', field: 'rate' })).toBe('web, rate');
  expect(place({ node: 'o' })).toBe('orders');
  expect(place({ edge: 'e' })).toBe('web → orders');
  expect(place({ path: 'scenario.seed' })).toBe('scenario.seed');
  expect(place({})).toBe('The design');
});

it('The sentence leaves out the place where it starts with one.', () => {
  const text = (message: string, at: Partial<Problem> = {}) =>
    problemText(design, { severity: 'error', code: 'x', message, ...at });
  const path = 'scenario.seed';
  expect(text(`${path}: found -1.`, { path })).toBe('Found -1.');
  expect(text('web, rate: found -1/s.', { node: 'w', field: 'rate' })).toBe('Found -1/s.');
  expect(text('web: idempotence is off.', { node: 'w', field: 'idempotence' })).toBe('Idempotence is off.');
  expect(text('web → orders: found no key.', { edge: 'e' })).toBe('Found no key.');
  expect(text('It is full.', { node: 'w' })).toBe('It is full.');
});

it('A name with a colon in it is a place like any other.', () => {
  const [web, orders] = design.nodes;
  const named = { ...design, nodes: [{ ...web, name: 'web: home' }, orders] };
  const message = 'web: home, rate: found -1/s.';
  const problem: Problem = { severity: 'error', code: 'x', message, node: 'w', field: 'rate' };
  expect(problemText(named, problem)).toBe('Found -1/s.');
});
