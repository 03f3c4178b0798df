import type { Design, DesignNode, Json, Problem } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { isGroup, isLog } from '../../kinds/kind-roles.ts';
import { writeDuration } from '../../kinds/quantities.ts';
import { edgesBy } from './connection-problems.ts';

/** Retries that do not do what their setting says: retry topics without a topic, waits that cost the membership. */
export function retryProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const into = edgesBy(design.edges, 'to');
  return design.nodes
    .filter(({ kind }) => isGroup(kind))
    .flatMap((group): Problem[] => {
      const sources = (into.get(group.id) ?? []).map(({ from }) => nodes.get(from));
      const topics = sources.filter((node) => node !== undefined && isLog(node.kind));
      const fields = resolveFields(group);
      const reading = topics.length > 0 ? pollProblems(group, fields) : [];
      if (fields.retryMode === 'topics' && sources.length > topics.length)
        return [...reading, withoutTopic(group)];
      const holds = fields.retryMode === 'hold' && topics.length > 0;
      return [...reading, ...(holds ? tooLong(group, fields) : [])];
    });
}

/** A full batch that takes longer than max.poll.interval.ms throws the member out, however well it is. */
function pollProblems({ id, name }: DesignNode, fields: Readonly<Record<string, Json>>): Problem[] {
  if (fields.polling !== 'batch') return [];
  const { mean } = fields.serviceTime as { mean?: number };
  const records = Number(fields.maxPollRecords);
  const sum = ((mean ?? 0) * records) / Number(fields.concurrency);
  const longest = Number(fields.maxPollInterval);
  if (sum <= longest) return [];
  const message =
    `${name} takes about ${writeDuration(sum)} for a full poll of ${records} records (max.poll.records), and a member ` +
    `that does not poll for ${writeDuration(longest)} (max.poll.interval.ms) leaves the group.`;
  return [{ severity: 'warning', code: 'poll-too-large', message, node: id, field: 'maxPollRecords' }];
}

function withoutTopic({ id, name }: DesignNode): Problem {
  const message =
    `${name} retries by way of topics and reads a queue, which has none: ` +
    'what fails there comes back after the wait of its retry topic all the same.';
  return { severity: 'warning', code: 'retry-topics-of-queue', message, node: id, field: 'retryMode' };
}

/** A Kafka consumer that does not poll for longer than max.poll.interval.ms is thrown out of its group. */
function tooLong({ id, name }: DesignNode, fields: Readonly<Record<string, Json>>): Problem[] {
  if (Number(fields.failureProbability) === 0) return [];
  const growth = fields.backoffGrowth === 'fixed' ? 1 : Number(fields.backoffFactor);
  let wait = Number(fields.backoff);
  let sum = 0;
  for (let retry = 1; retry < Number(fields.maxAttempts); retry++) {
    sum += Math.min(wait, Number(fields.backoffMax));
    wait *= growth;
  }
  const longest = Number(fields.maxPollInterval);
  if (sum <= longest) return [];
  const message =
    `${name} may wait ${writeDuration(sum)} between the tries of one message while it holds its place, and a member ` +
    `that does not poll for ${writeDuration(longest)} (max.poll.interval.ms) is thrown out of the group by a real broker.`;
  return [{ severity: 'warning', code: 'retries-exceed-poll', message, node: id, field: 'maxPollInterval' }];
}
