import { Coverage } from '../src/testing/fuzz/coverage.ts';
import { CI_SESSION, fuzz, replayLine } from '../src/testing/fuzz/fuzz.ts';
import { caseOf } from '../src/testing/fuzz/fuzz-case.ts';
import { checkCase } from '../src/testing/fuzz/check-case.ts';

const USAGE = 'npm run fuzz -- [--seconds N] [--seed S] [--designs N] [--table] | --replay TOKEN';
/** A session of this many designs or more must have seen everything that the table lists, whatever its seed. */
const FULL_SESSION = 4 * CI_SESSION.designs;

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const option = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const unknown = args.filter(
    (arg) => arg.startsWith('--') && !USAGE.includes(`${arg} `) && !USAGE.includes(`${arg}]`),
  );
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(', ')}. Usage: ${USAGE}`);
    return 2;
  }
  const token = option('replay');
  return token === undefined ? session(option, args.includes('--table')) : replay(token);
}

function replay(token: string): number {
  const found = caseOf(token);
  console.log(JSON.stringify(found, null, 2));
  const failure = checkCase(found, new Coverage());
  console.log(failure === null ? 'Every law holds.' : `Broken: ${failure}`);
  return failure === null ? 0 : 1;
}

function session(option: (name: string) => string | undefined, showTable: boolean): number {
  const designs = option('designs');
  const seconds = Number(option('seconds') ?? (designs === undefined ? 30 : Infinity));
  const first = Number(option('seed') ?? Math.floor(performance.timeOrigin) % 1_000_000_000);
  const end = performance.now() + seconds * 1000;
  console.log(`Seeds from ${first} on.`);
  const { failures, coverage, drawn } = fuzz({
    firstSeed: first,
    designs: Number(designs ?? Infinity),
    goesOn: () => performance.now() < end,
    onFailure: (failure) => {
      console.log(`\nSeed ${failure.seed} breaks a law: ${failure.sentence}`);
      console.log(`  ${failure.nodes} nodes, ${failure.deeds} deeds and faults: ${replayLine(failure)}`);
      console.log('  Once mended, keep the token in src/testing/fuzz/regressions.test.ts.');
    },
  });
  console.log(
    `\n${drawn} designs, ${coverage.events} events, ${coverage.refused} refused, ` +
      `${coverage.undecided} undecided, ${failures.length} failures.`,
  );
  if (showTable) console.log(coverage.table().join('\n'));
  const missing = coverage.missing();
  const isIdle = drawn >= FULL_SESSION && missing.length > 0;
  if (isIdle || (missing.length > 0 && drawn >= CI_SESSION.designs)) {
    console.log(`Never seen: ${missing.join('; ')}.`);
  }
  if (isIdle) console.log('An idle fuzzer proves nothing: this session fails.');
  return failures.length > 0 || isIdle ? 1 : 0;
}
