import { expect, it } from 'vitest';
import { fullDatabase } from '../../gallery/full-database.ts';
import { compile } from '../../simulation/compile.ts';
import { frameOf } from '../../testing/frame-of.ts';
import { exceptionSentences, stateWords } from './state-words.ts';

it('names who blocks a node by its name, not by the id of the file', () => {
  const names: Record<string, string> = { 'catalog-db': 'Catalogue' };
  const nodes = fullDatabase.nodes.map((node) => ({ ...node, name: names[node.id] ?? node.name }));
  const { run } = compile({ ...fullDatabase, nodes });
  run!.advance(8000, Infinity);
  const frame = frameOf(run!);
  const resizers = nodes.find(({ id }) => id === 'resizers')!;
  expect(stateWords(resizers, nodes, frame, [])).toBe('blocked by Catalogue');
  expect(exceptionSentences(nodes, frame, []).get('resizers')).toBe('resizers is blocked by Catalogue.');
});
