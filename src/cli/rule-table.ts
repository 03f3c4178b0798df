import { showValue } from '../design/wording.ts';
import { parseAvroSchema } from '../kinds/shared/schemas/avro-schema.ts';
import {
  HEADER_MATCHES,
  headersMatch,
  type HeaderTable,
  type HeaderValue,
} from '../kinds/shared/header-match.ts';
import { judgeAppend, LAST_SEQUENCE, type SequenceRange } from '../kinds/shared/idempotent-append.ts';
import { RefusedInput } from '../kinds/shared/refused-input.ts';
import { retryTopics, type RetryTopics } from '../kinds/shared/retry-topics.ts';
import { schemaCompatibility } from '../kinds/shared/schemas/schema-compatibility.ts';
import { topicMatches } from '../kinds/shared/topic-pattern.ts';
import { windowStarts } from '../kinds/shared/windows.ts';
import { murmur2, partitionForKey } from '../lib/murmur2.ts';
import { assignRule } from './assign-rule.ts';
import { circuitBreakerRule } from './circuit-breaker-rule.ts';
import { refuseDeepInput, RuleInput } from './rule-input.ts';

type Rule = (input: RuleInput) => unknown;

const RULES = new Map<string, Rule>([
  ['partition', partitionRule],
  ['assign', assignRule],
  ['topic-match', topicMatchRule],
  ['headers-match', headersMatchRule],
  ['circuit-breaker', circuitBreakerRule],
  ['schema-compatibility', schemaCompatibilityRule],
  ['windows', windowsRule],
  ['retry-topics', retryTopicsRule],
  ['idempotent-append', idempotentAppendRule],
]);

const INT_MAX = 2_147_483_647;
const MOST_WINDOWS = 100_000;
const MOST_ATTEMPTS = 10_000;
/** AMQP carries a routing key as a short string. */
const LONGEST_KEY_BYTES = 255;

/** The answer of a rule to `{rule, input}`, or `{error}` with a sentence if there is no such rule or it refuses. */
export function answerRule(request: unknown): unknown {
  try {
    refuseDeepInput(request);
    const { value } = new RuleInput(request, ['request']).at('rule');
    const rule = typeof value === 'string' ? RULES.get(value) : undefined;
    if (!rule)
      throw new RefusedInput(
        `rule: found ${showValue(value)}, expected one of ${[...RULES.keys()].join(', ')}.`,
      );
    return rule(new RuleInput((request as { input?: unknown }).input));
  } catch (error) {
    if (error instanceof RefusedInput) return { error: error.message };
    throw error;
  }
}

function partitionRule(input: RuleInput): { hash: number; partition: Record<string, number> } {
  // What Java makes of half a surrogate pair when it writes UTF-8.
  const key = input
    .at('key')
    .text()
    .replaceAll(/\p{Surrogate}/gu, '?');
  const hash = murmur2(new TextEncoder().encode(key));
  const counts = input
    .at('partitions')
    .items()
    .map((count) => count.whole(1, INT_MAX));
  return {
    hash,
    partition: Object.fromEntries(counts.map((count) => [count, partitionForKey(hash, count)])),
  };
}

function topicMatchRule(input: RuleInput): string[] {
  const routingKey = readKey(input.at('routingKey'));
  return input
    .at('patterns')
    .items()
    .map(readKey)
    .filter((pattern) => topicMatches(pattern, routingKey));
}

function readKey(input: RuleInput): string {
  const key = input.text();
  if (new TextEncoder().encode(key).length > LONGEST_KEY_BYTES)
    throw input.refused(`a key of at most ${LONGEST_KEY_BYTES} bytes`);
  return key;
}

function headersMatchRule(input: RuleInput): number[] {
  const headers = readHeaders(input.at('headers'));
  return input
    .at('bindings')
    .items()
    .flatMap((binding, index) => {
      const match = binding.at('x-match');
      if (match.value !== undefined) match.oneOf(HEADER_MATCHES);
      return headersMatch(readHeaders(binding), headers) ? [index] : [];
    });
}

function readHeaders(input: RuleInput): HeaderTable {
  return new Map(input.entries().map(([name, { value }]) => [name, value as HeaderValue]));
}

function schemaCompatibilityRule(input: RuleInput): unknown {
  return schemaCompatibility(parseAvroSchema(input.at('old').value), parseAvroSchema(input.at('new').value));
}

function windowsRule(input: RuleInput): number[] {
  const sizeMs = input.at('sizeMs').whole(1, Number.MAX_SAFE_INTEGER);
  const advance = input.at('advanceMs');
  const advanceMs = advance.isMissing ? sizeMs : advance.whole(1, sizeMs);
  if (sizeMs / advanceMs > MOST_WINDOWS) throw advance.refused(`at most ${MOST_WINDOWS} windows at a time`);
  const latest = Number.MAX_SAFE_INTEGER - advanceMs;
  return windowStarts(sizeMs, advanceMs, input.at('timestampMs').whole(-latest, latest));
}

/** Options by their names in `@RetryableTopic`, or short as `reuse`, `suffixing` and `dltSuffix`. */
function retryTopicsRule(input: RuleInput): RetryTopics {
  const attempts = input.at('attempts').whole(1, MOST_ATTEMPTS);
  const given = input.at('delays');
  const delays = given.isMissing
    ? Array.from({ length: attempts - 1 }, () => 1000)
    : given.items().map((delay) => delay.whole(0, Number.MAX_SAFE_INTEGER));
  if (delays.length !== attempts - 1) throw given.refused(`${attempts - 1} delays for ${attempts} attempts`);
  const options = new Map(input.at('options').isMissing ? [] : input.at('options').entries());
  const either = (...names: string[]) =>
    names.map((name) => options.get(name)).find((option) => option && !option.isMissing);
  const reuse = either('reuse', 'sameIntervalTopicReuseStrategy');
  const suffixing = either('suffixing', 'topicSuffixingStrategy');
  const deadLetters = either('dlt', 'dltStrategy');
  // Spring takes its own suffix if the one given is blank.
  const suffix = (...names: string[]) => {
    const text = either(...names)?.text();
    return text?.trim() ? text : undefined;
  };
  return retryTopics(either('topic')?.text() ?? 'orders', delays, {
    topicPerAttempt: reuse?.oneOf(['SINGLE_TOPIC', 'MULTIPLE_TOPICS']) === 'MULTIPLE_TOPICS',
    numbered:
      suffixing?.oneOf(['SUFFIX_WITH_DELAY_VALUE', 'SUFFIX_WITH_INDEX_VALUE']) === 'SUFFIX_WITH_INDEX_VALUE',
    retrySuffix: suffix('retrySuffix', 'retryTopicSuffix'),
    deadLetterSuffix: suffix('dltSuffix', 'dltTopicSuffix'),
    withoutDeadLetterTopic:
      deadLetters?.oneOf(['ALWAYS_RETRY_ON_ERROR', 'FAIL_ON_ERROR', 'NO_DLT']) === 'NO_DLT',
  });
}

function idempotentAppendRule(input: RuleInput): string {
  const batches = input.at('batches').isMissing ? [] : input.at('batches').items().map(readRange);
  const isNewer = input.at('newEpoch').flag();
  const isOlder = input.at('olderEpoch').flag();
  if (isNewer && isOlder) throw input.at('olderEpoch').refused('false, as newEpoch is true');
  return judgeAppend(batches, readRange(input.at('incoming')), isNewer ? 1 : isOlder ? -1 : 0);
}

function readRange(input: RuleInput): SequenceRange {
  const items = input.items();
  if (items.length !== 2) throw input.refused('the first and the last sequence number');
  return [items[0].whole(0, LAST_SEQUENCE), items[1].whole(0, LAST_SEQUENCE)];
}
