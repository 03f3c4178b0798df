import { newDesign } from '../../design/new-design.ts';
import type { Design, DesignNode, Json } from '../../design/types.ts';
import { possibleConnections } from '../../kinds/connections.ts';
import { compile, type CompileOptions } from '../../simulation/compile.ts';
import type { RunResults } from '../../simulation/results/results.ts';

export type Fields = Record<string, Json>;

/** Nodes as `id: [kind, fields]`, edges as `from > to` or `from.port > to`. */
export function designOf(
  nodes: Readonly<Record<string, readonly [kind: string, fields?: Fields]>>,
  edges: readonly string[],
): Design {
  const listed = Object.entries(nodes).map(([id, [kind, fields = {}]]): DesignNode => ({
    id,
    kind,
    name: id,
    fields,
  }));
  return {
    ...newDesign('Relation'),
    nodes: listed,
    edges: edges.map((text) => {
      const [source, to] = text.split(' > ');
      const [from, port] = source.split('.');
      const ways = possibleConnections(nodes[from][0], nodes[to][0]);
      const way = ways.find(({ fromPort }) => fromPort === (port ?? ways[0].fromPort))!;
      return { id: text, from, to, ...way };
    }),
  };
}

/** The results of a whole run. */
export function figuresOf(design: Design, options: CompileOptions = {}): RunResults {
  const { run, problems } = compile(design, { observe: false, untilMs: 20_000, warmUpMs: 0, ...options });
  if (!run) throw new Error(problems.map(({ message }) => message).join(' '));
  run.advance(Infinity, 400_000);
  return run.results();
}

/** What a run says of its messages: without hash and number of events, which also count what is done from outside. */
export function storyOf(results: RunResults): Omit<RunResults, 'hash' | 'events' | 'problems'> {
  const { hash: _hash, events: _events, problems: _problems, ...story } = results;
  return story;
}

/** Throws the sentence unless both are the same, field by field. */
export function sameAs(a: unknown, b: unknown, sentence: string): void {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  if (left === right) return;
  let at = 0;
  while (left[at] === right[at]) at++;
  const from = Math.max(0, at - 40);
  throw new Error(`${sentence}: ${left.slice(from, at + 40)} but ${right.slice(from, at + 40)}`);
}

/** Throws the sentence unless `a` is at most `b`. */
export function atMost(a: number, b: number, sentence: string): void {
  if (!(a <= b)) throw new Error(`${sentence}: ${a} is more than ${b}`);
}
