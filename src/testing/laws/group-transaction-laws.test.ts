import { expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { sketched } from '../../gallery/sketch.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const constant = (mean: number): Json => ({ shape: 'constant', mean });

/** A group that copies records in transactions and one that is their end, both with failures and a crash now and then. */
function copying(fields: Record<string, Json> = {}): Design {
  const inTransactions = {
    members: 2,
    serviceTime: constant(4),
    commit: 'transaction',
    polling: 'batch',
    transactionTime: 60,
    transactionTimeout: 400,
    sessionTimeout: 200,
    heartbeat: 40,
    failureProbability: 0.02,
    maxAttempts: 2,
    backoff: 1,
    guarantee: 'effectively-once',
    dedupWindow: 5,
    ...fields,
  };
  const crashes = ['g', 'end'].flatMap((node) =>
    [300, 1500].map((atMs) => ({ atMs, forMs: 500, node, fault: 'crash', args: { member: 1 } })),
  );
  return sketched({
    name: 'Copying',
    nodes: {
      p: { kind: 'producer', at: [0, 0], fields: { rate: 200 } },
      in: { kind: 'topic', at: [240, 0], fields: { partitions: 2 } },
      g: { kind: 'consumer-group', at: [480, 0], fields: inTransactions },
      out: { kind: 'topic', at: [720, 0], fields: { partitions: 2 } },
      end: { kind: 'consumer-group', at: [960, 0], fields: inTransactions },
    },
    edges: ['p > in', 'in > g', 'g > out', 'out > end'],
    faults: Object.fromEntries(crashes.map((fault, at) => [`f${at}`, fault])),
    horizonMs: 4000,
  });
}

/** What a law says of a run in which somebody meddles from the start. */
function saidBy(
  law: keyof typeof LAWS,
  meddle: (inside: RunParts) => void = () => {},
  fields: Record<string, Json> = {},
): string | null {
  const design = copying(fields);
  const { run } = compile(design);
  meddle(insideOf(run!));
  const watch = watchRun(run!, design.scenario.faults, [LAWS[law]]);
  try {
    while (run!.advance(Infinity, 1) === 1) {
      watch.check(false);
      run!.drainMessages();
    }
    watch.checkEnd();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const transactionsOf = ({ kinds }: RunParts) => kinds.consumers.transactions!;

it('a law says nothing of transactions of groups as they are', () => {
  expect(saidBy('readWrite')).toBeNull();
  expect(saidBy('delivery')).toBeNull();
});

it('read-write: sees input that is read for good though its results were taken back, in a group that has failures', () => {
  const said = saidBy('readWrite', (inside) => {
    const transactions = transactionsOf(inside);
    const { died } = transactions;
    const { rows, rowsOf } = transactions['parts'];
    transactions.died = (sim, member) => {
      const node = inside.indexOf.get('g')!;
      for (const row of rowsOf(node)) if (rows.owner[row] === member) rows.settle(sim, row);
      died.call(transactions, sim, member);
    };
  });
  expect(said).toMatch(/^I20: read for good/);
});

it('delivery: sees what was done in an aborted transaction counted as done', () => {
  const said = saidBy('delivery', (inside) => {
    const transactions = transactionsOf(inside);
    const notes = transactions['notes'];
    const { clear } = notes;
    const { guarantees } = inside.kinds.consumers.work;
    const end = inside.indexOf.get('end')!;
    notes.clear = (member, visit) => {
      const isOfEnd = member >= inside.kinds.consumers.workers.firstMember[end];
      clear.call(notes, member, (...done) => {
        visit(...done);
        if (isOfEnd) guarantees.processed(inside.sim, end, ...done);
      });
    };
  });
  expect(said).toMatch(/^I19: (duplicate|skipped)/);
});

it('protocol: sees who reads a partition again that stays, unless its transaction took too long', () => {
  const late = { protocol: 'consumer', brokerHeartbeat: 40, transactionTime: 1000, transactionTimeout: 100 };
  let timeouts = 0;
  const counted = (inside: RunParts) => {
    const transactions = transactionsOf(inside);
    const { onFenced } = transactions;
    transactions.onFenced = (...member) => {
      timeouts++;
      onFenced(...member);
    };
  };
  expect(saidBy('protocol', counted, late)).toBeNull();
  expect(timeouts).toBeGreaterThan(10);
  const said = saidBy(
    'protocol',
    (inside) => {
      const transactions = transactionsOf(inside);
      transactions.commit = (sim, node, member) => {
        transactions.abort(sim, node, member);
        transactions.onFenced(sim, node, member);
      };
    },
    { ...late, transactionTime: 60 },
  );
  expect(said).toMatch(/^I18: a partition that stays is read again/);
});
