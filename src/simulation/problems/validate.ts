import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { countOf, showText } from '../../design/wording.ts';
import { fieldProblems } from '../../kinds/field-problems.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { isGroup, isLog } from '../../kinds/kind-roles.ts';
import { KINDS, kindDefinition } from '../../kinds/registry.ts';
import { circleProblems } from './circle-problems.ts';
import { clientProblems } from './client-problems.ts';
import { logProblems } from './log-problems.ts';
import { clusterProblems } from './cluster-problems.ts';
import { cloudProblems } from './cloud-problems.ts';
import { subjectProblems } from './subject-problems.ts';
import { connectionProblems, edgesBy } from './connection-problems.ts';
import { exchangeProblems } from './exchange-problems.ts';
import { loadProblems } from './load-problems.ts';
import { publisherProblems } from './publisher-problems.ts';
import { queueProblems } from './queue-problems.ts';
import { queueReadingProblems } from './queue-reading-problems.ts';
import { retryProblems } from './retry-problems.ts';
import { routerProblems } from './router-problems.ts';
import { scenarioProblems } from './scenario-problems.ts';
import { streamProblems } from './stream-problems.ts';
import { transactionProblems } from './transaction-problems.ts';

/**
 * Everything that keeps a design from running (errors), that will surprise whoever runs it (warnings), or that is
 * good to know (info). What the parser refuses is looked at again, as a design may come from an edit.
 */
export function validate(design: Design): Problem[] {
  const found = [
    ...kindProblems(design),
    ...fieldProblems(design),
    ...connectionProblems(design),
    ...scenarioProblems(design),
  ];
  // The rest computes with field values and follows edges, which an error may have made meaningless.
  if (found.some((problem) => problem.severity === 'error')) return found;
  const known = knownPart(design);
  return [
    ...found,
    ...idleMembers(known),
    ...queueProblems(known),
    ...cloudProblems(known),
    ...subjectProblems(known),
    ...routerProblems(known),
    ...queueReadingProblems(known),
    ...publisherProblems(known),
    ...transactionProblems(known),
    ...retryProblems(known),
    ...exchangeProblems(known),
    ...clientProblems(known),
    ...logProblems(known),
    ...streamProblems(known),
    ...clusterProblems(known),
    ...circleProblems(known),
    ...loadProblems(known),
  ];
}

/** What of a design runs: the nodes of kinds that this version knows, and the edges between them. */
function knownPart(design: Design): Design {
  const nodes = design.nodes.filter(({ kind }) => kindDefinition(kind));
  if (nodes.length === design.nodes.length) return design;
  const ids = new Set(nodes.map(({ id }) => id));
  return { ...design, nodes, edges: design.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

function kindProblems(design: Design): Problem[] {
  const known = KINDS.map((definition) => definition.kind).join(', ');
  const problems = design.nodes.flatMap((node, at): Problem[] => {
    if (kindDefinition(node.kind)) return [];
    const message = `${node.name} is left out: found the kind ${showText(node.kind)}, expected one of ${known}.`;
    return [{ severity: 'warning', code: 'unknown-kind', message, path: `nodes[${at}].kind`, node: node.id }];
  });
  if (!design.nodes.some((node) => kindDefinition(node.kind)?.family === 'sources')) {
    const message = 'Nothing will happen: the design has no producer.';
    problems.push({ severity: 'warning', code: 'no-producer', message });
  }
  return problems;
}

/** Members beyond the number of partitions that can be dealt to them. */
function idleMembers(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const into = edgesBy(design.edges, 'to');
  return design.nodes.flatMap((group): Problem[] => {
    if (!isGroup(group.kind)) return [];
    const sources = (into.get(group.id) ?? []).map((edge) => nodes.get(edge.from));
    const topics = sources.filter((node): node is DesignNode => node !== undefined && isLog(node.kind));
    if (topics.length === 0 || topics.length < sources.length) return [];
    const { members, assignor } = resolveFields(group);
    const counts = topics.map((topic) => resolveFields(topic).partitions as number);
    // Range deals out each topic for itself, so the longest decides; in a circle all partitions count.
    const useful = assignor === 'range' ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0);
    const count = members as number;
    if (count <= useful) return [];
    const idle =
      count === useful + 1
        ? `m${count} stays idle`
        : `m${useful + 1} ${count === useful + 2 ? 'and' : 'to'} m${count} stay idle`;
    const isRange = assignor === 'range' && topics.length > 1;
    const source = isRange ? 'range deals out each topic for itself, and no topic has' : 'its topics have';
    const partitions = `${isRange ? 'more than ' : ''}${countOf(useful, 'partition')}`;
    const message = `${idle}: ${topics.length === 1 ? `${topics[0].name} has` : source} ${partitions}.`;
    return [{ severity: 'warning', code: 'idle-members', message, node: group.id, field: 'members' }];
  });
}
