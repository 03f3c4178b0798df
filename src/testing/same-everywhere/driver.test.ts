import { describe, expect, it } from 'vitest';
import { CaseRun } from './case-run.ts';
import { answer, type CaseAnswer } from './driver.ts';
import { Digest } from './digest.ts';

const designs = ask<number[]>({ ask: 'designs', from: 1, count: 40 });

function ask<Answer>(request: object): Answer {
  return JSON.parse(answer(JSON.stringify(request))) as Answer;
}

describe('the driver', () => {
  it('names designs that can run, and leaves out those that are refused', () => {
    expect(designs).toHaveLength(40);
    expect(designs.at(-1)).toBeGreaterThan(40);
  });

  it('gives most cases enough to do that a difference could show', () => {
    const cases = designs.map((designSeed) => ({ designSeed, runSeed: 1, events: 1000 }));
    const answers = ask<CaseAnswer[]>({ ask: 'cases', cases });
    expect(answers.filter(({ events }) => events >= 500).length).toBeGreaterThan(15);
    expect(new Set(answers.map(({ checkpoints }) => checkpoints.at(-1))).size).toBe(40);
  });

  it('gives another run for another seed, and the same for the same', () => {
    const hash = (designSeed: number, runSeed: number) =>
      new CaseRun({ designSeed, runSeed, events: 100 }).hashAfter(100);
    // A design in which nothing is drawn at random is the same for every seed.
    const differ = designs.filter((design) => hash(design, 1) !== hash(design, 2));
    expect(differ.length).toBeGreaterThan(designs.length / 2);
    for (const design of designs) expect(hash(design, 1)).toBe(hash(design, 1));
  });

  it('says what broke in a case and goes on with the next', () => {
    const refused = Array.from({ length: designs.at(-1)! }, (_, i) => i + 1).find(
      (seed) => !designs.includes(seed),
    );
    const cases = [refused, designs[0]].map((designSeed) => ({ designSeed, runSeed: 1, events: 10 }));
    const answers = ask<object[]>({ ask: 'cases', cases });
    expect(answers[0]).toEqual({ error: expect.stringContaining(`Design ${refused} cannot run`) });
    expect(answers[1]).toHaveProperty('checkpoints');
  });
});

describe('the digest', () => {
  it('sees one bit, the sign of a zero and the order, but not which NaN it is', () => {
    const of = (...values: number[]) => new Digest().doubles(values).hex();
    expect(of(0.1 + 0.2)).not.toBe(of(0.3));
    expect(of(-0)).not.toBe(of(0));
    expect(of(1, 2)).not.toBe(of(2, 1));
    expect(of(NaN)).toBe(of(-NaN));
    expect(new Digest().text('ab').hex()).not.toBe(new Digest().text('ba').hex());
  });
});
