import { newDesign } from '../src/design/new-design.ts';
import type { Design } from '../src/design/types.ts';
import { compile } from '../src/simulation/compile.ts';
import type { LiveRun } from '../src/simulation/live-run.ts';
import { markdownTable } from './markdown-table.ts';
import { median } from './rounds.ts';

const IN_FLIGHT = 100_000;
const ROUNDS = 11;

/** What messages in flight cost: bytes each, and the time to save and restore a run that holds 100,000 of them. */
export function memoryTable(): string {
  const rows = [queueThatFills(), topicThatFills()].map(({ name, design }) => {
    const empty = compileQuietly(design);
    const emptyBytes = empty.snapshot().bytes;
    const run = compileQuietly(design);
    while (run.results().totals.inFlight < IN_FLIGHT) run.advance(run.horizonMs, 1000);
    const snapshot = run.snapshot();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const from = performance.now();
      run.restore(run.snapshot());
      times.push(performance.now() - from);
    }
    const bytes = (snapshot.bytes - emptyBytes) / IN_FLIGHT;
    return [name, `${IN_FLIGHT} messages in flight`, bytes.toFixed(0), median(times).toFixed(2)];
  });
  const table = markdownTable(['where', 'what', 'bytes a message', 'snapshot + restore, ms'], rows);
  return `${table}\nBytes are of all columns, room for growth included. Targets: 64 B (floor), 44 B; 20 ms (floor), 5 ms.\n`;
}

function compileQuietly(design: Design): LiveRun {
  const { run, problems } = compile(design, { observe: false });
  if (!run) throw new Error(problems.map((problem) => problem.message).join(' '));
  return run;
}

function queueThatFills(): { name: string; design: Design } {
  return { name: 'queue', design: filling('queue') };
}

function topicThatFills(): { name: string; design: Design } {
  return { name: 'topic', design: filling('topic') };
}

/** Far more arrives than one slow worker can do. */
function filling(kind: string): Design {
  return {
    ...newDesign('Filling'),
    nodes: [
      { id: 'source', kind: 'producer', name: 'source', fields: { rate: 10_000 } },
      { id: 'channel', kind, name: 'channel', fields: {} },
      {
        id: 'worker',
        kind: 'consumer-group',
        name: 'worker',
        fields: { serviceTime: { shape: 'constant', mean: 1000 } },
      },
    ],
    edges: [
      { id: 'a', from: 'source', fromPort: 'out', to: 'channel', toPort: 'in' },
      { id: 'b', from: 'channel', fromPort: 'out', to: 'worker', toPort: 'in' },
    ],
  };
}
