import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerRule } from './rule-table.ts';

/** Results of the real systems, kept beside the project. Nothing here needs them: the facts that matter are copied. */
const FILE = join(import.meta.dirname, '../../../shared/reference/vectors.json');

/** What a case of one group or another has. */
interface Case {
  key: string;
  hash: number;
  partition: Record<string, number>;
  routingKey: string;
  matchingPatterns: string[];
  headers: unknown;
  matchedBindings: number[];
  config: unknown;
  steps: { op: string }[];
  BACKWARD: boolean;
  FORWARD: boolean;
  FULL: boolean;
  NONE: boolean;
  kind: string;
  ts: number;
  starts: number[];
  expected: unknown;
  result: string;
}

interface Group {
  cases?: Case[];
  assignment?: Case[];
  patterns?: string[];
  bindings?: unknown[];
}

/** The request that each case of a group makes, and its answer. */
const GROUPS: Record<string, (one: Case, group: Group) => [rule: string, input: unknown, answer: unknown]> = {
  murmur2: ({ key, hash, partition }) => [
    'partition',
    { key, partitions: Object.keys(partition).map(Number) },
    { hash, partition },
  ],
  assignors: (one) => ['assign', one, one.expected],
  topicExchange: ({ routingKey, matchingPatterns }, { patterns }) => [
    'topic-match',
    { routingKey, patterns },
    matchingPatterns,
  ],
  headersExchange: ({ headers, matchedBindings }, { bindings }) => [
    'headers-match',
    { headers, bindings },
    matchedBindings,
  ],
  circuitBreaker: ({ config, steps }) => [
    'circuit-breaker',
    { config, ops: steps.map(({ op }) => op) },
    steps,
  ],
  schemaCompatibility: (one) => {
    const { BACKWARD, FORWARD, FULL, NONE } = one;
    return ['schema-compatibility', one, { BACKWARD, FORWARD, FULL, NONE }];
  },
  windows: ({ kind, ts, starts }) => {
    const [, size, advance = size] = /(\d+)(?:\/(\d+))?$/
      .exec(kind)!
      .map((text) => text && Number(text) * 1000);
    return ['windows', { sizeMs: size, advanceMs: advance, timestampMs: ts }, starts];
  },
  springRetryTopics: (one) => ['retry-topics', one, one.expected],
  idempotentProducer: (one) => ['idempotent-append', one, one.result.split(/[ :(]/)[0]],
};

describe('the reference vectors', () => {
  it.for(Object.entries(GROUPS))('of %s are what the rules answer', ([name, toRequest], { skip }) => {
    skip(!existsSync(FILE), 'There is no ../shared/reference/vectors.json.');
    const group = (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Group>)[name];
    const cases = group.cases ?? group.assignment ?? [];
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      const [rule, input, answer] = toRequest(one, group);
      const place = JSON.stringify(one).slice(0, 300);
      expect(rounded(answerRule({ rule, input })), place).toEqual(rounded(answer));
    }
  });
});

/** Java writes floats with fewer digits; two decimals are enough for a rate. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'number' ? Math.round(part * 100) / 100 : part,
  );
}
