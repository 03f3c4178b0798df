/** From version 4.3 on RabbitMQ refuses a binding key with more of them: matching would branch too often. */
export const MOST_HASHES = 2;

/** How many words `#` a binding key has; compare with `MOST_HASHES`. */
export function hashWordsIn(pattern: string): number {
  return wordsOf(pattern).filter((word) => word === '#').length;
}

/**
 * Whether a binding key of a topic exchange matches a routing key: words are split at dots, `*` stands for exactly one
 * word, `#` for none or more. Empty words count as words, but the empty key has none. Case matters, and a wildcard
 * in the routing key is plain text (RabbitMQ, rabbit_exchange_type_topic).
 */
export function topicMatches(pattern: string, routingKey: string): boolean {
  const words = wordsOf(routingKey);
  // Which numbers of words the part of the pattern so far can stand for: linear for each word, however many #.
  let reached = words.map(() => false);
  reached.push(false);
  reached[0] = true;
  for (const part of wordsOf(pattern)) {
    reached = part === '#' ? reachedFromAny(reached) : reachedByOneMore(reached, words, part);
  }
  return reached[words.length];
}

function wordsOf(key: string): string[] {
  return key === '' ? [] : key.split('.');
}

function reachedFromAny(reached: readonly boolean[]): boolean[] {
  const first = reached.indexOf(true);
  return reached.map((_, count) => first >= 0 && count >= first);
}

function reachedByOneMore(reached: readonly boolean[], words: readonly string[], part: string): boolean[] {
  return reached.map(
    (_, count) => count > 0 && reached[count - 1] && (part === '*' || part === words[count - 1]),
  );
}
