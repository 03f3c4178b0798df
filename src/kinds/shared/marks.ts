import type { NodeConfig } from './node-config.ts';

/** Bits of `messages.marks`, which exist only in designs with compaction or transactions. */
export const MARK = {
  /** No message at all, but the end of a transaction, which takes an offset in the log. */
  control: 1,
  /** A later record of its key has taken its place; readers that come to it pass over it. */
  compacted: 2,
  /** Of a transaction that was aborted: who reads committed records passes over it. */
  aborted: 4,
  /** It has no value: it deletes its key in a compacted topic. */
  tombstone: 8,
} as const;

/** Whether anything in a design marks records. */
export function needsMarks(configs: readonly NodeConfig[]): boolean {
  return configs.some((config) => isTransactional(config) || isCompacted(config));
}

/** Whether a producer writes in transactions, or a group reads, processes and writes in them. */
export function isTransactional({ kind, fields }: NodeConfig): boolean {
  if (kind === 'consumer-group') return fields.commit === 'transaction';
  return kind === 'producer' && fields.transactions === 'on' && fields.client === 'kafka';
}

/** Whether a topic keeps the last record of each key. */
export function isCompacted({ kind, fields }: NodeConfig): boolean {
  return kind === 'topic' && fields.cleanup !== undefined && fields.cleanup !== 'delete';
}
