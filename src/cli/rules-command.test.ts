import { fc, test } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { answerRule } from './rule-table.ts';
import { rulesCommand } from './rules-command.ts';
import type { CliIo } from './cli-io.ts';

async function rules(text: string): Promise<{ code: number; out: string }> {
  let out = '';
  const io = { readText: async () => text, print: (more: string) => void (out += more) } as Partial<CliIo>;
  return { code: await rulesCommand(io as CliIo), out };
}

const errorOf = (rule: unknown, input: unknown) => (answerRule({ rule, input }) as { error: string }).error;

describe('spillway rules', () => {
  it('answers each request in its place, and refuses one without touching the others', async () => {
    const requests = [
      { rule: 'windows', input: { sizeMs: 10, advanceMs: 5, timestampMs: 12 } },
      { rule: 'sorcery', input: {} },
      { rule: 'partition', input: { key: 'foobar', partitions: [4] } },
    ];
    const { code, out } = await rules(JSON.stringify(requests));
    expect(code).toBe(0);
    const [windows, unknown, partition] = JSON.parse(out) as unknown[];
    expect(windows).toEqual([5, 10]);
    expect(unknown).toHaveProperty('error');
    expect(partition).toEqual({ hash: -790332482, partition: { 4: 2 } });
  });

  it('ends with a sentence for what is no list of requests', async () => {
    await expect(rules('{')).rejects.toThrow(/not JSON/);
    await expect(rules('{}')).rejects.toThrow(/found an object, expected a list/);
  });
});

describe('a request', () => {
  it('gets rates as Java writes its floats', () => {
    const input = { config: { slidingWindowSize: 3 }, ops: ['call:err', 'call:ok', 'call:ok'] };
    expect(answerRule({ rule: 'circuit-breaker', input })).toMatchObject([
      {},
      {},
      { failureRate: 33.333332 },
    ]);
  });

  it('may ask for a suffix with a blank in it, but not a blank one', () => {
    const options = { retryTopicSuffix: ' again', dltTopicSuffix: ' ' };
    expect(answerRule({ rule: 'retry-topics', input: { attempts: 2, options } })).toMatchObject({
      retryTopics: [{ topic: 'orders again' }],
      dlt: 'orders-dlt',
    });
  });

  it.each([
    ['sorcery', {}, 'rule: found "sorcery", expected one of partition, assign,'],
    [undefined, {}, 'rule: found nothing'],
    ['partition', { key: null, partitions: [] }, 'input.key: found null, expected a text'],
    [
      'partition',
      { key: 'a', partitions: [0] },
      'input.partitions[0]: found 0, expected a whole number from 1',
    ],
    ['assign', { assignor: 'best' }, 'input.assignor: found "best", expected one of range'],
    ['windows', { sizeMs: 10, advanceMs: 20, timestampMs: 0 }, 'input.advanceMs: found 20, expected'],
    ['windows', { sizeMs: 0, timestampMs: 0 }, 'input.sizeMs: found 0, expected'],
    ['topic-match', { routingKey: 'a'.repeat(256), patterns: [] }, 'a key of at most 255 bytes'],
    [
      'headers-match',
      { headers: {}, bindings: [{ 'x-match': 'some' }] },
      'input.bindings[0]["x-match"]: found "some"',
    ],
    ['circuit-breaker', { config: {}, ops: ['call'] }, 'input.ops[0]: found "call", expected permit'],
    ['circuit-breaker', { config: { failureRateThreshold: 0 }, ops: [] }, 'found 0, expected a rate above 0'],
    [
      'circuit-breaker',
      { config: { size: 3 }, ops: [] },
      'input.config.size: found 3, expected only settings',
    ],
    ['schema-compatibility', { old: 'int' }, 'Found nothing, expected an Avro schema.'],
    ['retry-topics', { attempts: 3, delays: [1] }, 'expected 2 delays for 3 attempts'],
    ['idempotent-append', { incoming: [1] }, 'input.incoming: found a list of 1'],
  ])('for %s with %j is refused with what was found and expected', (rule, input, sentence) => {
    expect(errorOf(rule, input)).toContain(sentence);
  });

  it('is refused when it is too deep for any recursion', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(errorOf('headers-match', { headers: { deep }, bindings: [{ deep }] })).toContain('200 levels');
  });

  it('may name members and topics as it likes', () => {
    const input = JSON.parse(
      '{"assignor":"sticky","topics":{"__proto__":2},"members":{"__proto__":{"topics":["__proto__"]}}}',
    );
    expect(JSON.stringify(answerRule({ rule: 'assign', input }))).toBe(
      '{"__proto__":["__proto__-0","__proto__-1"]}',
    );
  });

  const names = ['partition', 'assign', 'topic-match', 'headers-match', 'circuit-breaker'];
  const more = ['schema-compatibility', 'windows', 'retry-topics', 'idempotent-append'];
  test.prop([fc.constantFrom(...names, ...more), fc.jsonValue()])('never crashes', (rule, input) => {
    expect(answerRule({ rule, input })).toHaveProperty('error');
    expect(answerRule(input)).toHaveProperty('error');
  });
});
