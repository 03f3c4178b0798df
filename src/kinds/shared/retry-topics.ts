/** What `@RetryableTopic` of spring-kafka lets one set about the topics; each has spring's default. */
export interface RetryTopicOptions {
  retrySuffix?: string;
  deadLetterSuffix?: string;
  /** Whether topics are told apart by their number rather than their delay. */
  numbered?: boolean;
  /** Whether equal delays at the end have a topic each rather than one together. */
  topicPerAttempt?: boolean;
  /** Whether a record that ran out of attempts is dropped. */
  withoutDeadLetterTopic?: boolean;
}

export interface RetryTopic {
  topic: string;
  delayMs: number;
  /** How many attempts share the topic, if more than one. */
  reusedForAttempts?: number;
}

export interface RetryTopics {
  main: string;
  retryTopics: RetryTopic[];
  /** Null if there is none. */
  dlt: string | null;
}

/**
 * The topics that non-blocking retries need, one delay for each attempt after the first: `orders-retry-1000`,
 * `orders-retry-2000`, …, `orders-dlt`. Equal delays count as the end of the list, as with a back-off that reached its
 * maximum; others are marked as shared, but keep their places (spring-kafka, DestinationTopicPropertiesFactory).
 */
export function retryTopics(
  main: string,
  delaysMs: readonly number[],
  options: RetryTopicOptions = {},
): RetryTopics {
  const times = new Map<number, number>();
  if (!options.topicPerAttempt) for (const delay of delaysMs) times.set(delay, (times.get(delay) ?? 0) + 1);
  const timesOf = (delay: number) => times.get(delay) ?? 1;
  const count = delaysMs.length - (timesOf(delaysMs[delaysMs.length - 1]) - 1);
  const topics = delaysMs.slice(0, count).map((delayMs, index): RetryTopic => {
    const topic = main + suffixOf(delaysMs, index, count, options);
    return timesOf(delayMs) > 1
      ? { topic, delayMs, reusedForAttempts: timesOf(delayMs) }
      : { topic, delayMs };
  });
  const dlt = options.withoutDeadLetterTopic ? null : main + (options.deadLetterSuffix ?? '-dlt');
  return { main, retryTopics: topics, dlt };
}

function suffixOf(
  delaysMs: readonly number[],
  index: number,
  count: number,
  options: RetryTopicOptions,
): string {
  const retry = options.retrySuffix ?? '-retry';
  if (!options.topicPerAttempt && count === 1) return retry;
  const allEqual = delaysMs.length > 1 && delaysMs.every((delay) => delay === delaysMs[0]);
  if (options.numbered || allEqual) return `${retry}-${index}`;
  const delay = delaysMs[index];
  const isRepeated = delaysMs.indexOf(delay) !== delaysMs.lastIndexOf(delay);
  const repetition = options.topicPerAttempt && isRepeated ? `-${index - delaysMs.indexOf(delay)}` : '';
  return `${retry}-${delay}${repetition}`;
}
