import type { Design, Problem } from './types.ts';
import { showText } from './wording.ts';

/**
 * A name that no node of the design has yet: the base itself, else `base 2`, `base 3`. Whoever asks for many names
 * passes one `next`, which remembers where each count stopped; without it, thousands of copies take seconds.
 */
export function freshName(taken: ReadonlySet<string>, base: string, next: Counts = new Map()): string {
  if (!taken.has(base)) return base;
  return firstFree(taken, `${base.replace(/ \d{1,9}$/, '')} `, next);
}

/** Where the count behind each stem goes on. */
export type Counts = Map<string, number>;

/**
 * An id made from a name, readable in a Git diff and on the command line: `orders`, `orders-2`. It depends only on
 * the name and the ids taken, so the same steps give the same document. `next` as for `freshName`.
 */
export function freshId(
  taken: ReadonlySet<string>,
  name: string,
  fallback = 'node',
  next: Counts = new Map(),
): string {
  const slug = slugOf(name) || fallback;
  return taken.has(slug) ? firstFree(taken, `${slug}-`, next) : slug;
}

function firstFree(taken: ReadonlySet<string>, stem: string, next: Counts): string {
  let number = next.get(stem) ?? 2;
  while (taken.has(`${stem}${number}`)) number += 1;
  next.set(stem, number + 1);
  return `${stem}${number}`;
}

/** The id of a new edge between two nodes: `orders-to-billing`. */
export function freshEdgeId(design: Design, from: string, to: string): string {
  return freshId(new Set(design.edges.map((edge) => edge.id)), `${from}-to-${to}`, 'edge');
}

/** The id of a new node of this name. */
export function freshNodeId(design: Design, name: string): string {
  return freshId(new Set(design.nodes.map((node) => node.id)), name);
}

/** A name for a new node: the base, or `orders 2` if a node is called `orders`. */
export function freshNodeName(design: Design, base: string): string {
  return freshName(new Set(design.nodes.map((node) => node.name)), base);
}

/** Warns of nodes whose names look the same but are not: other accents, hidden characters, blanks at the end. */
export function lookAlikeNames(design: Design): Problem[] {
  const firstByLook = new Map<string, { id: string; name: string }>();
  const problems: Problem[] = [];
  design.nodes.forEach(({ id, name }, at) => {
    const look = name.normalize('NFKC').replace(HIDDEN, '').replace(/\s+/g, ' ').trim();
    const first = firstByLook.get(look);
    if (!first) firstByLook.set(look, { id, name });
    else if (first.name !== name) {
      problems.push({
        severity: 'warning',
        code: 'look-alike-name',
        message: `The name ${showText(name)} looks like that of the node ${showText(first.id)} but is not the same; one of them holds hidden or other characters.`,
        path: `nodes[${at}].name`,
        node: id,
      });
    }
  });
  return problems;
}

const HIDDEN =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

function slugOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase();
  return plain
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, 60)
    .replace(/^[-.]+|[-.]+$/g, '');
}
