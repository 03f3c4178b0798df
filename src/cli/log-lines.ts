import { countOf, groupDigits } from '../design/wording.ts';
import type { NodeResults, RunResults } from '../simulation/results/results.ts';
import { plain } from './problem-lines.ts';

/** One line for each producer of transactions, compacted topic or one that grew, and group that polls in batches or reads what is committed. */
export function logLines({ nodes }: RunResults): string[] {
  return Object.values(nodes).flatMap((node) => {
    const parts = [
      ...transactionParts(node),
      ...compactionParts(node),
      ...growthParts(node),
      ...readingParts(node),
    ];
    return parts.length > 0 ? [`${plain(node.name)}: ${parts.join(', ')}\n`] : [];
  });
}

function transactionParts({ transactions }: NodeResults): string[] {
  if (!transactions) return [];
  const { committed, aborted, leftOpen } = transactions;
  const rest = [
    ...(aborted > 0 ? [`${groupDigits(aborted)} aborted`] : []),
    ...(leftOpen > 0 ? [`${groupDigits(leftOpen)} left open`] : []),
  ];
  return [`${countOf(committed, 'transaction')} committed`, ...rest];
}

function compactionParts({ compaction }: NodeResults): string[] {
  if (!compaction) return [];
  const { records, bytes, tombstones, removed } = compaction;
  const kept = `keeps ${countOf(records, 'record')} of ${groupDigits(bytes)} bytes`;
  const dead = tombstones > 0 ? [`${countOf(tombstones, 'tombstone')} among them`] : [];
  return [kept, ...dead, `${groupDigits(removed)} removed by compaction`];
}

function growthParts({ growth }: NodeResults): string[] {
  if (!growth) return [];
  const { from, to, keys, movedKeys } = growth;
  const share = keys > 0 ? ` (${Math.round((movedKeys / keys) * 100)} %)` : '';
  const moved = `${groupDigits(movedKeys)} of ${countOf(keys, 'key')}${share} moved to another one`;
  return [`${to} partitions instead of ${from}`, ...(keys > 0 ? [moved] : [])];
}

function readingParts({ polling, heldByTransactions, offsetFailures }: NodeResults): string[] {
  const records = polling?.recordsPerPoll;
  const polls = records ? [`${countOf(polling.polls, 'poll')} of ${records.toFixed(1)} records`] : [];
  const held = heldByTransactions
    ? [`${countOf(heldByTransactions, 'record')} behind an open transaction`]
    : [];
  const failed = offsetFailures ? [`${countOf(offsetFailures, 'member')} ended without an offset`] : [];
  return [...polls, ...held, ...failed];
}
