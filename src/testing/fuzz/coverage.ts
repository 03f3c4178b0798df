import type { LiveRun } from '../../simulation/live-run.ts';
import { KINDS } from '../../kinds/registry.ts';
import { insideOf } from '../laws/watch-run.ts';

/** What a run promises, one name for each family of laws. */
export const GUARANTEES = [
  'books',
  'delivery',
  'order',
  'time',
  'figures',
  'same-again',
  'same-when-cut',
  'same-from-snapshot',
  'comes-to-rest',
] as const;
export type Guarantee = (typeof GUARANTEES)[number];

/** More pending events than the heap of the event queue holds. */
const CROWD = 600;
/** Guarantees that are checked between any two events. */
const BETWEEN_EVENTS: readonly Guarantee[] = ['books', 'delivery', 'order', 'time', 'figures'];

/** Things that must have happened somewhere in a session, or its checks were about nothing. */
export const HAPPENINGS = [
  'message acknowledged',
  'retry',
  'dead letter',
  'message dropped',
  'message expired',
  'duplicate',
  'sender blocked',
  'rebalance',
  'member expelled',
  'edit of a field',
  'warm-up over',
  'several readers',
  'crowded agenda',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** How often each guarantee was checked while a fault was in force on a kind (`none`: while nothing was wrong). */
export class Coverage {
  readonly cells = new Map<string, number>();
  readonly happenings = new Map<Happening, number>();
  cases = 0;
  events = 0;
  refused = 0;
  undecided = 0;

  /** Notes a check between two events. */
  between(run: LiveRun): void {
    const faults = run.activeFaults();
    if (insideOf(run).sim.queue.size > CROWD) this.happened('crowded agenda');
    if (faults.length === 0) for (const guarantee of BETWEEN_EVENTS) this.add('run', 'none', guarantee);
    this.withFaults(run, faults, BETWEEN_EVENTS);
  }

  /** Notes a check of a whole run in which these faults were in force. */
  whole(run: LiveRun, faults: readonly { node: string; fault: string }[], guarantee: Guarantee): void {
    if (faults.length === 0) this.add('run', 'none', guarantee);
    this.withFaults(run, faults, [guarantee]);
  }

  happened(what: Happening, times = 1): void {
    if (times > 0) this.happenings.set(what, (this.happenings.get(what) ?? 0) + times);
  }

  /** Cells of the table that a session must have filled, and were not. */
  missing(): string[] {
    const faults = KINDS.flatMap(({ kind, faults: ids }) => ids.map(({ id }) => [kind, id] as const));
    const rows = [['run', 'none'] as const, ...faults];
    const cells = rows.flatMap(([kind, fault]) =>
      GUARANTEES.map((guarantee) => `${kind} × ${fault} × ${guarantee}`),
    );
    return [
      ...cells.filter((cell) => !this.cells.has(cell)),
      ...HAPPENINGS.filter((happening) => !this.happenings.has(happening)),
    ];
  }

  /** The table as lines of text. */
  table(): string[] {
    const width = Math.max(...[...this.cells.keys()].map((cell) => cell.length), 0);
    const rows = [...this.cells, ...this.happenings].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([name, count]) => `  ${name.padEnd(width)} ${String(count).padStart(9)}`);
  }

  private withFaults(
    run: LiveRun,
    faults: readonly { node: string; fault: string }[],
    guarantees: readonly Guarantee[],
  ): void {
    const { nodes, indexOf } = insideOf(run);
    for (const { node, fault } of faults) {
      const { kind } = nodes[indexOf.get(node)!];
      for (const guarantee of guarantees) this.add(kind, fault, guarantee);
    }
  }

  private add(kind: string, fault: string, guarantee: Guarantee): void {
    const cell = `${kind} × ${fault} × ${guarantee}`;
    this.cells.set(cell, (this.cells.get(cell) ?? 0) + 1);
  }
}
