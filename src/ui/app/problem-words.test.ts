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
  const path = 'nodes[0].fields.rate';
  const problem: Problem = { severity: 'error', code: 'x', message: `${path}: found -1/s.`, path };
  expect(problemText(problem)).toBe('Found -1/s.');
  const inWords = { ...problem, field: 'rate', message: 'web: home, rate: found -1/s.' };
  expect(problemText(inWords)).toBe('Found -1/s.');
  expect(problemText({ ...problem, message: 'It is full.' })).toBe('It is full.');
});
