import type { Design, DesignNode, Problem } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { isLog } from '../../kinds/kind-roles.ts';

/** What a broker refuses of what producers send to its logs: a compacted topic wants a key. */
export function logProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  return design.nodes.flatMap((producer): Problem[] => {
    const fields = resolveFields(producer);
    if (producer.kind !== 'producer' || fields.keys !== 'none') return [];
    const target = reachedFrom(design, producer.id)
      .map((id) => nodes.get(id))
      .find((node) => node !== undefined && isLog(node.kind) && isCompacted(node));
    if (!target) return [];
    const message =
      `${producer.name}: found messages without a key on their way to ${target.name}, expected keys. ` +
      'Compacted topic cannot accept message without key.';
    return [{ severity: 'error', code: 'compacted-without-key', message, node: producer.id, field: 'keys' }];
  });
}

function isCompacted(node: DesignNode): boolean {
  const { cleanup } = resolveFields(node);
  return cleanup !== undefined && cleanup !== 'delete';
}

/** Every node that messages of a node may come to. */
function reachedFrom({ edges }: Design, id: string): string[] {
  const reached = new Set<string>();
  const toVisit = [id];
  for (let at = toVisit.pop(); at !== undefined; at = toVisit.pop()) {
    for (const { from, to } of edges) {
      if (from !== at || reached.has(to)) continue;
      reached.add(to);
      toVisit.push(to);
    }
  }
  return [...reached];
}
