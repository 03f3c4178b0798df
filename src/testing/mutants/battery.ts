import { CI_SESSION, fuzz } from '../fuzz/fuzz.ts';
import { RELATIONS } from '../metamorphic/relations.ts';
import { brokenTheory } from './quick-theory.ts';

process.exitCode = main();

/** With the fuzzer's session of CI: prints what is broken first and returns 1, or 0 if nothing is. */
function main(): number {
  const broken = brokenRelation() ?? brokenLaw() ?? brokenTheory();
  if (broken === null) return 0;
  process.stdout.write(`${broken.slice(0, 200)}\n`);
  return 1;
}

function brokenLaw(): string | null {
  const { failures } = fuzz({ ...CI_SESSION, mostFailures: 1, shrinks: false });
  return failures.length === 0 ? null : `fuzzer, ${failures[0].sentence}`;
}

function brokenRelation(): string | null {
  for (const { name, check } of RELATIONS) {
    try {
      check();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      return `relation ${name}: ${sentence.split('\n')[0]}`;
    }
  }
  return null;
}
