/** Words that Mermaid's lexer takes for something else where an id should stand. */
const RESERVED = new Set(
  (
    'end graph flowchart subgraph style class classDef click call href linkStyle interpolate default direction ' +
    '_self _blank _parent _top'
  ).split(' '),
);

/**
 * Ids that are safe in every Mermaid version, made from the ids of the document so that a diff of two exports stays
 * small: letters, digits and `_`; never a reserved word, the name of an edge, or an id given before.
 */
export class MermaidIds {
  private readonly taken = new Set<string>();
  /** Where the count behind each base goes on, so that thousands of equal ids are not counted from 2 each time. */
  private readonly next = new Map<string, number>();

  /** A new id for this one; nodes and subgraphs must share one instance, since Mermaid mixes them up. */
  add(id: string, prefix: 'n' | 'g'): string {
    const slug = id
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .slice(0, 40)
      .replace(/^_+|_+$/g, '');
    // Mermaid keeps things by id in plain objects: a node called hasOwnProperty crashes its parser.
    const reserved = RESERVED.has(slug) || slug in Object.prototype;
    const safe = /^[A-Za-z]/.test(slug) && !reserved && !/^L_.*_\d+$/.test(slug);
    const base = safe && prefix === 'n' ? slug : `${prefix}_${slug || 'x'}`;
    let unique = base;
    let number = this.next.get(base) ?? 2;
    for (; this.taken.has(unique); number++) unique = `${base}_${number}`;
    this.next.set(base, number);
    this.taken.add(unique);
    return unique;
  }
}
