import type { Design, DesignNode, Json, Problem } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { isGroup, isLog } from '../../kinds/kind-roles.ts';
import { edgesBy } from './connection-problems.ts';

/** What a group cannot have that commits what it read together with its results, and what that does not cover. */
export function transactionProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const [into, out] = [edgesBy(design.edges, 'to'), edgesBy(design.edges, 'from')];
  return design.nodes.flatMap((group): Problem[] => {
    const fields = resolveFields(group);
    if (!isGroup(group.kind) || fields.commit !== 'transaction') return [];
    const sources = (into.get(group.id) ?? []).flatMap(({ from }) => nodes.get(from) ?? []);
    const targets = (out.get(group.id) ?? []).flatMap(({ to }) => nodes.get(to) ?? []);
    const refused = refusedField(group.name, fields, sources);
    if (refused) {
      const code = 'transaction-refused';
      return [{ severity: 'error', code, message: refused.message, node: group.id, field: refused.field }];
    }
    return [
      ...withoutTopic(group, targets),
      ...uncovered(group, targets),
      ...readsAll(group, targets, out, nodes),
    ];
  });
}

function refusedField(
  name: string,
  fields: Readonly<Record<string, Json>>,
  sources: readonly DesignNode[],
): { field: string; message: string } | null {
  const queue = sources.find((node) => !isLog(node.kind));
  if (queue) {
    const message = `${name}: found ${queue.name} to read from, expected topics alone. A transaction of Kafka takes the offsets of topics with it, not the acknowledgements of another broker.`;
    return { field: 'commit', message };
  }
  if (fields.polling !== 'batch') {
    const message = `${name}: found polling one by one, expected in batches. A transaction ends between two polls, when all that was read is done.`;
    return { field: 'polling', message };
  }
  if (fields.guarantee === 'at-most-once') {
    const message = `${name}: found at most once, expected another guarantee. Who commits with its results does not commit before them.`;
    return { field: 'guarantee', message };
  }
  if (fields.retryMode === 'hold') return null;
  const message = `${name}: found retries that let go of the worker, expected ones that hold it. What steps aside is in no transaction when it comes back.`;
  return { field: 'retryMode', message };
}

function withoutTopic({ id, name }: DesignNode, targets: readonly DesignNode[]): Problem[] {
  if (targets.some(({ kind }) => isLog(kind))) return [];
  const message = `${name} commits with its results, and writes to no topic: its transactions hold nothing but offsets.`;
  return [{ severity: 'warning', code: 'transaction-without-topic', message, node: id, field: 'commit' }];
}

/** Effects that no transaction of Kafka takes back. */
function uncovered({ id, name }: DesignNode, targets: readonly DesignNode[]): Problem[] {
  const others = targets.filter(({ kind }) => !isLog(kind));
  if (others.length === 0) return [];
  const list = others.map((node) => node.name).join(', ');
  const message = `${name}: a transaction covers topics alone. What it does to ${list} is not taken back, and is done again after an abort.`;
  return [{ severity: 'info', code: 'outside-transaction', message, node: id, field: 'commit' }];
}

/** Who reads the results as they come sees those of aborted transactions, too. */
function readsAll(
  { name }: DesignNode,
  targets: readonly DesignNode[],
  out: ReadonlyMap<string, Design['edges']>,
  nodes: ReadonlyMap<string, DesignNode>,
): Problem[] {
  const readers = targets
    .filter(({ kind }) => isLog(kind))
    .flatMap(({ id }) => out.get(id) ?? [])
    .flatMap(({ to }) => nodes.get(to) ?? [])
    .filter((node) => isGroup(node.kind) && resolveFields(node).isolation !== 'read-committed');
  return readers.map((node) => {
    const message = `${node.name} reads all records, so it sees what ${name} takes back and writes again. Reading committed records (isolation.level) sees each result once.`;
    return { severity: 'warning', code: 'reads-uncommitted', message, node: node.id, field: 'isolation' };
  });
}
