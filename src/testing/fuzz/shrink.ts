import type { Design } from '../../design/types.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** Runs of cases that a shrink may take. */
const MOST_TRIES = 400;

/**
 * Makes a failing case smaller for as long as it breaks the same law (the number at the start of the sentence):
 * fewer deeds, faults, nodes, edges and fields that differ from the defaults, and a shorter time.
 */
export function shrink(
  found: FuzzCase,
  check: (smaller: FuzzCase) => string | null,
): { smallest: FuzzCase; sentence: string } {
  let smallest = found;
  let sentence = check(found) ?? '';
  const law = lawOf(sentence);
  let tries = 0;
  for (let shrunk = true; shrunk && tries < MOST_TRIES;) {
    shrunk = false;
    for (const smaller of smallerCases(smallest)) {
      if (tries++ >= MOST_TRIES) break;
      const now = check(smaller);
      if (now === null || lawOf(now) !== law) continue;
      smallest = smaller;
      sentence = now;
      shrunk = true;
      break;
    }
  }
  return { smallest, sentence };
}

function lawOf(sentence: string): string {
  return sentence.split(':').slice(0, 2).join(':').replaceAll(/\d+/g, '');
}

function* smallerCases(found: FuzzCase): Generator<FuzzCase> {
  const { design, deeds } = found;
  const { faults } = design.scenario;
  if (deeds.length > 1) {
    yield { ...found, deeds: deeds.slice(0, deeds.length >> 1) };
    yield { ...found, deeds: deeds.slice(deeds.length >> 1) };
  }
  for (let at = 0; at < deeds.length; at++) yield { ...found, deeds: deeds.toSpliced(at, 1) };
  for (let at = 0; at < faults.length; at++) {
    const fewer = { ...design.scenario, faults: faults.toSpliced(at, 1) };
    yield { ...found, design: { ...design, scenario: fewer } };
  }
  for (const { id } of design.nodes) if (design.nodes.length > 1) yield withoutNode(found, id);
  for (const { id } of design.edges) yield withoutEdges(found, new Set([id]));
  for (const share of [0.5, 0.9]) {
    const activeMs = Math.round(found.activeMs * share);
    if (activeMs >= 1 && activeMs < found.activeMs) yield { ...found, activeMs };
  }
  if (design.scenario.warmUpMs > 0) {
    yield { ...found, design: { ...design, scenario: { ...design.scenario, warmUpMs: 0 } } };
  }
  for (const node of design.nodes) {
    for (const field of Object.keys(node.fields))
      yield { ...found, design: withoutField(design, node.id, field) };
  }
  for (let at = 0; at < deeds.length; at++) {
    const { afterEvents } = deeds[at];
    if (afterEvents > 0)
      yield { ...found, deeds: deeds.with(at, { ...deeds[at], afterEvents: afterEvents >> 1 }) };
  }
}

function withoutNode(found: FuzzCase, id: string): FuzzCase {
  const { design, deeds } = found;
  const smaller: FuzzCase = {
    ...found,
    deeds: deeds.filter((deed) => deed.do === 'heal' || deed.node !== id),
    design: {
      ...design,
      nodes: design.nodes.filter((node) => node.id !== id),
      scenario: {
        ...design.scenario,
        faults: design.scenario.faults.filter(({ node }) => node !== id),
      },
    },
  };
  const edges = design.edges.filter(({ from, to }) => from === id || to === id);
  return withoutEdges(smaller, new Set(edges.map((edge) => edge.id)));
}

/** Their faults go with them. */
function withoutEdges(found: FuzzCase, gone: ReadonlySet<string>): FuzzCase {
  const { design, deeds } = found;
  const isGone = (edge: string | undefined) => edge !== undefined && gone.has(edge);
  return {
    ...found,
    deeds: deeds.filter((deed) => deed.do !== 'inject' || !isGone(deed.edge)),
    design: {
      ...design,
      edges: design.edges.filter(({ id }) => !gone.has(id)),
      scenario: {
        ...design.scenario,
        faults: design.scenario.faults.filter(({ edge }) => !isGone(edge)),
      },
    },
  };
}

function withoutField(design: Design, id: string, field: string): Design {
  const nodes = design.nodes.map((node) => {
    if (node.id !== id) return node;
    const { [field]: _, ...fields } = node.fields;
    return { ...node, fields };
  });
  return { ...design, nodes };
}
