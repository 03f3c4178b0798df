import { LIMITS } from './limits.ts';
import type { DesignFile } from './schema.ts';
import type { Problem } from './types.ts';
import { showText } from './wording.ts';

/** Everything that is well formed by itself but does not fit together: ids given twice, ends that lead nowhere. */
export function referenceProblems(file: DesignFile): Problem[] {
  const problems: Problem[] = [];
  const nodes = idsOf(file.nodes, 'nodes', problems);
  const edges = idsOf(file.edges, 'edges', problems);
  const groups = idsOf(file.groups, 'groups', problems);
  idsOf(file.messageTypes, 'messageTypes', problems);
  idsOf(file.scenario?.faults, 'scenario.faults', problems);
  idsOf(file.goals, 'goals', problems);

  const needs = (known: ReadonlySet<string>, what: string, id: string | undefined, path: string) => {
    if (id === undefined || known.has(id)) return;
    problems.push(
      error('missing-reference', path, `found ${showText(id)}, expected the id of a ${what} in this file.`),
    );
  };
  file.nodes.forEach((node, at) => needs(groups, 'group', node.group, `nodes[${at}].group`));
  file.edges?.forEach((edge, at) => {
    needs(nodes, 'node', edge.from, `edges[${at}].from`);
    needs(nodes, 'node', edge.to, `edges[${at}].to`);
  });
  file.groups?.forEach((group, at) => needs(groups, 'group', group.parent, `groups[${at}].parent`));
  file.scenario?.faults?.forEach((fault, at) => {
    const path = `scenario.faults[${at}]`;
    needs(nodes, 'node', fault.node, `${path}.node`);
    needs(edges, 'edge', fault.edge, `${path}.edge`);
    const places = [fault.node, fault.edge].filter((place) => place !== undefined).length;
    if (places === 1) return;
    const found = places === 0 ? 'neither' : 'both';
    problems.push(error('fault-place', path, `found ${found} of node and edge, expected one of the two.`));
  });
  file.goals?.forEach((goal, at) => needs(nodes, 'node', goal.node, `goals[${at}].node`));
  return [...problems, ...parentProblems(file), ...scenarioProblems(file), ...notANumberProblems(file)];
}

/**
 * The groups that lie in themselves or deeper than allowed, as the index of the group and the reason. Shared by
 * the parser and the edits.
 */
export function badParents(
  groups: readonly { id: string; parent?: string }[],
): { at: number; why: string }[] {
  const parentOf = new Map(groups.map((group) => [group.id, group.parent]));
  const bad: { at: number; why: string }[] = [];
  groups.forEach((group, at) => {
    let depth = 1;
    for (let id = group.parent; id !== undefined; id = parentOf.get(id)) {
      if (id === group.id) {
        bad.push({ at, why: `found ${showText(group.id)} inside itself, expected no circle of parents.` });
        return;
      }
      depth += 1;
      if (depth > LIMITS.depth) {
        bad.push({ at, why: `found groups nested deeper than ${LIMITS.depth} levels.` });
        return;
      }
    }
  });
  return bad;
}

function error(code: string, path: string, message: string): Problem {
  return { severity: 'error', code, message: `${path}: ${message}`, path };
}

function idsOf(items: readonly { id: string }[] | undefined, list: string, problems: Problem[]): Set<string> {
  const firstAt = new Map<string, number>();
  items?.forEach(({ id }, at) => {
    const first = firstAt.get(id);
    if (first === undefined) firstAt.set(id, at);
    else {
      const path = `${list}[${at}].id`;
      problems.push(
        error(
          'duplicate-id',
          path,
          `found ${showText(id)}, which ${list}[${first}] has already; ids must differ.`,
        ),
      );
    }
  });
  return new Set(firstAt.keys());
}

function parentProblems(file: DesignFile): Problem[] {
  return badParents(file.groups ?? []).map(({ at, why }) => error('bad-parent', `groups[${at}].parent`, why));
}

function scenarioProblems(file: DesignFile): Problem[] {
  const { horizonMs, warmUpMs } = file.scenario ?? {};
  if (horizonMs === undefined || warmUpMs === undefined || warmUpMs < horizonMs) return [];
  return [
    error(
      'warm-up-too-long',
      'scenario.warmUpMs',
      `found ${warmUpMs} ms, expected less than the horizon of ${horizonMs} ms.`,
    ),
  ];
}

/** JSON has no NaN; programs that lost a number write it as text, which no field of a design takes. */
const NOT_A_NUMBER = new Set(['NaN', 'Infinity', '-Infinity']);

function notANumberProblems(file: DesignFile): Problem[] {
  const problems: Problem[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value === 'string' && NOT_A_NUMBER.has(value)) {
      problems.push(error('not-a-number', path, `found the text "${value}", expected a number.`));
    } else if (Array.isArray(value)) {
      value.forEach((item, at) => look(item, `${path}[${at}]`));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) look(item, `${path}.${key}`);
    }
  };
  file.nodes.forEach((node, at) => look(node.fields, `nodes[${at}].fields`));
  file.edges?.forEach((edge, at) => look(edge.fields, `edges[${at}].fields`));
  file.scenario?.faults?.forEach((fault, at) => look(fault.args, `scenario.faults[${at}].args`));
  return problems;
}
