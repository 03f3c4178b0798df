import { SESSION, fuzz } from '../fuzz/fuzz.ts';
import { RELATIONS, type Relation } from '../metamorphic/relations.ts';
import { brokenTheory } from './quick-theory.ts';

process.exitCode = main(process.argv[2] ?? '');

/**
 * With a session of the fuzzer: prints what is broken first and returns 1, or 0 if nothing is. What saw the bug the
 * last time, as it was printed then, is tried before all else.
 */
function main(lastTime: string): number {
  const broken = brokenAgain(lastTime) ?? brokenRelation() ?? brokenLaw() ?? brokenTheory();
  if (broken === null) return 0;
  process.stdout.write(`${broken.slice(0, 200)}\n`);
  return 1;
}

function brokenAgain(lastTime: string): string | null {
  const seed = /^fuzzer, seed (\d+)/.exec(lastTime)?.[1];
  if (seed !== undefined) return brokenLaw({ firstSeed: Number(seed), designs: 1 });
  const relation = RELATIONS.find(({ name }) => lastTime.startsWith(`relation ${name}`));
  return relation ? brokenBy(relation) : null;
}

function brokenLaw(session: { firstSeed: number; designs: number } = SESSION): string | null {
  const { failures } = fuzz({ ...session, mostFailures: 1, shrinks: false });
  return failures.length === 0 ? null : `fuzzer, seed ${failures[0].seed}: ${failures[0].sentence}`;
}

function brokenRelation(): string | null {
  for (const relation of RELATIONS) {
    const sentence = brokenBy(relation);
    if (sentence !== null) return sentence;
  }
  return null;
}

function brokenBy({ name, check }: Relation): string | null {
  try {
    check();
    return null;
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return `relation ${name}: ${sentence.split('\n')[0]}`;
  }
}
