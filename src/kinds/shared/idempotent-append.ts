/** Sequence numbers of the first and the last record of a batch. */
export type SequenceRange = readonly [first: number, last: number];

/** How many batches a partition remembers of each producer; the reason why at most 5 may be in flight. */
export const REMEMBERED_BATCHES = 5;

/** The largest sequence number; the one after it is 0. */
export const LAST_SEQUENCE = 2_147_483_647;

/** How the epoch of a batch compares with the one that the partition knows of its producer. */
export type EpochComparison = -1 | 0 | 1;

/** What the leader of a partition answers to a batch of an idempotent producer. */
export type AppendAnswer = 'append' | 'duplicate' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH';

/**
 * Judges a batch by what the partition remembers of its producer, oldest first. An exact repetition of one of the
 * last five is a duplicate: answered as a success, appended nowhere. A new epoch starts at 0, an older one is fenced
 * off. A partition that knows nothing of the producer takes any number (Kafka, ProducerStateEntry and
 * ProducerAppendInfo).
 */
export function judgeAppend(
  batches: readonly SequenceRange[],
  [first, last]: SequenceRange,
  epoch: EpochComparison,
): AppendAnswer {
  if (epoch < 0) return 'INVALID_PRODUCER_EPOCH';
  if (epoch > 0) return first === 0 ? 'append' : 'OUT_OF_ORDER_SEQUENCE_NUMBER';
  if (batches.length === 0) return 'append';
  const remembered = batches.slice(-REMEMBERED_BATCHES);
  if (remembered.some((batch) => batch[0] === first && batch[1] === last)) return 'duplicate';
  const [, lastKnown] = remembered[remembered.length - 1];
  const expected = lastKnown === LAST_SEQUENCE ? 0 : lastKnown + 1;
  return first === expected ? 'append' : 'OUT_OF_ORDER_SEQUENCE_NUMBER';
}
