import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Coverage, type CoverageCounts } from '../src/testing/fuzz/coverage.ts';
import { fuzz, replayLine, SESSION, type Failure } from '../src/testing/fuzz/fuzz.ts';
import { caseOf } from '../src/testing/fuzz/fuzz-case.ts';
import { countOf, jobsOf, partsOf, reproaches, type Part } from '../src/testing/fuzz/session.ts';
import { checkCase } from '../src/testing/fuzz/check-case.ts';

const USAGE = 'npm run fuzz -- [--seconds N] [--seed S] [--designs N] [--jobs N] [--table] | --replay TOKEN';
/** A thread says after so many designs how far it is, and the session after so many of all threads. */
const THREAD_TELLS = 100;
const SESSION_TELLS = 1000;
/** A design that takes longer is named: it may go on for hours, and each is to take less than a second. */
const SLOW_MS = 60_000;
interface Report {
  failure?: Failure;
  counts?: CoverageCounts;
  /** Designs that were drawn since the report before. */
  drawn: number;
  /** The seed that a thread is at now. */
  at?: number;
}

/** Names the seeds that threads are at for long. */
class SlowSeeds {
  private readonly at = new Map<number, { seed: number; since: number }>();
  private readonly timer = setInterval(() => this.tell(), SLOW_MS);

  heard(thread: number, seed: number | undefined): void {
    if (seed !== undefined) this.at.set(thread, { seed, since: performance.now() });
  }

  left(thread: number): void {
    this.at.delete(thread);
  }

  end(): void {
    clearInterval(this.timer);
  }

  private tell(): void {
    for (const { seed, since } of this.at.values()) {
      const took = Math.floor((performance.now() - since) / 1000);
      if (took * 1000 < SLOW_MS) continue;
      console.log(`Seed ${seed} has taken ${took} s so far: npm run fuzz -- --seed ${seed} --designs 1`);
    }
  }
}

if (isMainThread) main(process.argv.slice(2));
else runPart(workerData as Part);

function main(args: readonly string[]): void {
  const option = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const unknown = args.filter(
    (arg) => arg.startsWith('--') && !USAGE.includes(`${arg} `) && !USAGE.includes(`${arg}]`),
  );
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(', ')}. Usage: ${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const token = option('replay');
  if (token !== undefined) {
    process.exitCode = replay(token);
    return;
  }
  try {
    session(option, args.includes('--table'));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`${error.message} Usage: ${USAGE}`);
    process.exitCode = 2;
  }
}

function replay(token: string): number {
  const found = caseOf(token);
  console.log(JSON.stringify(found, null, 2));
  const failure = checkCase(found, new Coverage());
  console.log(failure === null ? 'Every law holds.' : `Broken: ${failure}`);
  return failure === null ? 0 : 1;
}

function session(option: (name: string) => string | undefined, showTable: boolean): void {
  const designs = countOf('designs', option('designs'), Infinity);
  const seconds = countOf('seconds', option('seconds'), Number.isFinite(designs) ? Infinity : 30);
  const first = countOf('seed', option('seed'), Math.floor(performance.timeOrigin) % 1_000_000_000);
  const jobs = jobsOf(option('jobs'));
  console.log(`Seeds from ${first} on.`);
  const coverage = new Coverage();
  let drawn = 0;
  let failed = 0;
  const tell = (report: Report): void => {
    if (report.failure) {
      failed++;
      showFailure(report.failure);
    }
    const before = Math.floor(drawn / SESSION_TELLS);
    drawn += report.drawn;
    if (report.counts) coverage.include(report.counts);
    else if (Math.floor(drawn / SESSION_TELLS) > before) console.log(`${drawn} designs so far.`);
  };
  const slow = new SlowSeeds();
  const parts = partsOf(first, designs, seconds, jobs).map((part, thread) => {
    return new Promise<void>((done, fail) => {
      const worker = new Worker(process.argv[1], { workerData: part });
      worker.on('message', (report: Report) => {
        slow.heard(thread, report.at);
        tell(report);
      });
      worker.on('error', fail).on('exit', () => {
        slow.left(thread);
        done();
      });
    });
  });
  void Promise.all(parts).then(() => {
    slow.end();
    process.exitCode = summary(coverage, drawn, failed, showTable);
  });
}

function showFailure(failure: Failure): void {
  console.log(`\nSeed ${failure.seed} breaks a law: ${failure.sentence}`);
  console.log(`  ${failure.nodes} nodes, ${failure.deeds} deeds and faults: ${replayLine(failure)}`);
  console.log('  Once mended, keep the token in src/testing/fuzz/regressions.json.');
}

function summary(coverage: Coverage, drawn: number, failed: number, showTable: boolean): number {
  console.log(
    `\n${drawn} designs, ${coverage.events} events, ${coverage.refused} refused, ` +
      `${coverage.undecided} undecided, ${failed} failures.`,
  );
  if (showTable) console.log(coverage.table().join('\n'));
  const missing = coverage.missing();
  if (missing.length > 0 && drawn >= SESSION.designs) console.log(`Never seen: ${missing.join('; ')}.`);
  const wrong = reproaches({ drawn, undecided: coverage.undecided, missing });
  for (const sentence of wrong) console.log(sentence);
  return failed > 0 || wrong.length > 0 ? 1 : 0;
}

/** Runs a part of a session, and reports each failure when it is found and what was counted in the end. */
function runPart({ first, designs, seconds }: Part): void {
  const end = performance.now() + seconds * 1000;
  const report = (message: Report) => parentPort!.postMessage(message);
  let told = 0;
  let begun = 0;
  const goesOn = (): boolean => {
    if (begun - told === THREAD_TELLS) {
      told = begun;
      report({ drawn: THREAD_TELLS });
    }
    report({ drawn: 0, at: first + begun });
    begun++;
    return performance.now() < end;
  };
  const { coverage, drawn } = fuzz({
    firstSeed: first,
    designs,
    goesOn,
    onFailure: (failure) => report({ failure, drawn: 0 }),
  });
  report({ counts: coverage.counts(), drawn: drawn - told });
}
