import { METRIC } from '../../engine/metrics.ts';
import { DISTRIBUTION_SHAPES } from './draw-fields.ts';
import { EDGE_FAULTS } from '../../kinds/edge-faults.ts';
import { KINDS } from '../../kinds/registry.ts';
import type { LiveRun } from '../../simulation/live-run.ts';
import { timesHeld } from '../laws/law.ts';
import { insideOf, type Struck } from '../laws/watch-run.ts';

/** What a run promises, one name for each family of laws. */
export const GUARANTEES = [
  'books',
  'delivery',
  'order',
  'time',
  'figures',
  'same-again',
  'same-when-cut',
  'same-when-unseen',
  'same-from-snapshot',
  'comes-to-rest',
] as const;
export type Guarantee = (typeof GUARANTEES)[number];

/** More pending events than the heap of the event queue holds. */
const CROWD = 600;
/** Guarantees that are checked between any two events; the others of a whole run. */
const BETWEEN_EVENTS: readonly Guarantee[] = ['books', 'delivery', 'order', 'time', 'figures'];
const OF_WHOLE_RUNS = GUARANTEES.filter((guarantee) => !BETWEEN_EVENTS.includes(guarantee));
/** How often a session must have checked each cell, between two events and of a whole run. */
const LEAST_EVENTS = 40;
const LEAST_RUNS = 4;

/** Things that must have happened in a session, and how often, or its checks were about nothing. */
export const HAPPENINGS = {
  'message acknowledged': 1000,
  retry: 1000,
  'dead letter': 100,
  redriven: 5,
  'letter forgotten': 20,
  'message dropped': 100,
  'message expired': 20,
  duplicate: 20,
  'sender blocked': 10,
  'record sent again': 20,
  'record written twice': 1,
  'record given up': 20,
  rebalance: 20,
  'transaction committed': 20,
  'transaction aborted': 5,
  'poll of several records': 20,
  'member expelled': 5,
  'member struck off': 5,
  'fault by hand': 20,
  'fault of the scenario': 20,
  'fault healed by hand': 5,
  'fault ended by time': 5,
  'warm-up over': 10,
  'several readers': 1000,
  'call timed out': 100,
  'call refused by a breaker': 100,
  'call refused by a limiter': 100,
  'call refused by a bulkhead': 40,
  'call fell back': 100,
  'call abandoned': 1,
  'late answer': 20,
  'breaker opened': 50,
  'breaker closed again': 20,
  'crowded agenda': 100,
  'came to rest after faults': 20,
  'message given back': 20,
  'only consumer taken over': 1,
  'publish confirmed': 50,
  'publish refused': 2,
  'publisher blocked': 1,
} as const;
export type Happening = keyof typeof HAPPENINGS;

/** Invariants that no law beside a run compares: not modelled, or relations between two runs (docs/laws.md). */
const NOT_BESIDE_A_RUN = [9, 43, 44];

/** The other invariants, of 47: a session that never compared one of them has shown nothing of it. */
export const INVARIANTS_CHECKED = Array.from({ length: 47 }, (_, at) => at + 1).filter(
  (number) => !NOT_BESIDE_A_RUN.includes(number),
);

const TOTALS = ['cases', 'events', 'refused', 'undecided'] as const;

/** What a session counted. */
export interface CoverageCounts extends Record<(typeof TOTALS)[number], number> {
  cells: ReadonlyMap<string, number>;
  happenings: ReadonlyMap<string, number>;
  /** By the number of the invariant. */
  held: ReadonlyMap<number, number>;
}

/** How often each guarantee was checked while a fault was in force on a kind, and with each setting of each kind. */
export class Coverage {
  readonly cells = new Map<string, number>();
  readonly happenings = new Map<string, number>();
  cases = 0;
  events = 0;
  refused = 0;
  undecided = 0;
  private readonly heldBefore = new Map(timesHeld);
  /** How often each invariant was compared in sessions that ran elsewhere. */
  private readonly heldElsewhere = new Map<number, number>();

  /** Notes a check between two events. */
  between(run: LiveRun): void {
    const faults = run.activeFaults();
    if (insideOf(run).sim.queue.size > CROWD) this.happened('crowded agenda');
    if (faults.length === 0)
      for (const guarantee of BETWEEN_EVENTS) this.add(`run × no fault × ${guarantee}`);
    this.withFaults(run, faults, BETWEEN_EVENTS);
  }

  /** Notes a check of a whole run in which these faults were in force. */
  whole(run: LiveRun, faults: readonly Struck[], guarantee: Guarantee): void {
    if (faults.length === 0) this.add(`run × no fault × ${guarantee}`);
    this.withFaults(run, faults, [guarantee]);
    const { nodes, sim } = insideOf(run);
    nodes.forEach(({ kind, fields }, node) => {
      // A cluster takes nothing itself.
      if (kind !== 'broker-cluster' && sim.metrics.of(node, METRIC.in) === 0) return;
      this.add(`${kind} × ${guarantee}`);
      for (const { name, value, default: usual } of KINDS.find((one) => one.kind === kind)!.fields) {
        const setting = settingOf(value.type, fields[name] ?? usual);
        if (setting !== null) this.add(`${kind} ${name} ${setting} × ${guarantee}`);
      }
    });
  }

  happened(what: Happening, times = 1): void {
    if (times > 0) this.happenings.set(what, (this.happenings.get(what) ?? 0) + times);
  }

  /** Notes that a field was changed while the run went on. */
  edited(kind: string, field: string): void {
    this.add(`${kind} ${field} changed`);
  }

  /** All that was counted, as plain data: it survives `postMessage`. */
  counts(): CoverageCounts {
    const { cells, happenings, cases, events, refused, undecided } = this;
    const held = new Map(INVARIANTS_CHECKED.map((number) => [number, this.timesChecked(number)]));
    return { cells, happenings, held, cases, events, refused, undecided };
  }

  /** Adds what another session counted. */
  include(other: CoverageCounts): void {
    other.cells.forEach((times, cell) => this.add(cell, times));
    other.happenings.forEach((times, what) => this.happened(what as Happening, times));
    other.held.forEach((times, number) => {
      this.heldElsewhere.set(number, (this.heldElsewhere.get(number) ?? 0) + times);
    });
    for (const name of TOTALS) this[name] += other[name];
  }

  /** What a session must have seen more often than it has, and how often. */
  missing(): string[] {
    const lacks = (name: string, least: number, count = 0) =>
      count < least ? [`${name} (${count} of ${least})`] : [];
    return [
      ...goals().flatMap(({ cell, least }) => lacks(cell, least, this.cells.get(cell))),
      ...Object.entries(HAPPENINGS).flatMap(([what, least]) => lacks(what, least, this.happenings.get(what))),
      ...INVARIANTS_CHECKED.flatMap((number) => lacks(`I${number}`, LEAST_RUNS, this.timesChecked(number))),
    ];
  }

  /** The table as lines of text. */
  table(): string[] {
    const invariants = INVARIANTS_CHECKED.map((number) => [`I${number}`, this.timesChecked(number)] as const);
    const rows = [...this.cells, ...this.happenings].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(...rows.map(([name]) => name.length), 0);
    return [...rows, ...invariants].map(
      ([name, count]) => `  ${name.padEnd(width)} ${String(count).padStart(9)}`,
    );
  }

  private timesChecked(number: number): number {
    const key = `I${number}:`.slice(0, 3);
    const here = (timesHeld.get(key) ?? 0) - (this.heldBefore.get(key) ?? 0);
    return here + (this.heldElsewhere.get(number) ?? 0);
  }

  private withFaults(run: LiveRun, faults: readonly Struck[], guarantees: readonly Guarantee[]): void {
    const { nodes, indexOf } = insideOf(run);
    // Counted by row first, as random faults may be in force by the hundred.
    const rows = new Map<string, number>();
    for (const { node, fault } of faults) {
      const kind = node === undefined ? 'edge' : nodes[indexOf.get(node)!].kind;
      const row = `${kind} × ${fault}`;
      rows.set(row, (rows.get(row) ?? 0) + 1);
    }
    for (const [row, times] of rows)
      for (const guarantee of guarantees) this.add(`${row} × ${guarantee}`, times);
  }

  private add(cell: string, times = 1): void {
    this.cells.set(cell, (this.cells.get(cell) ?? 0) + times);
  }
}

/** Each kind with each of its faults and each choice of its fields, under each guarantee; and each live field. */
function goals(): { cell: string; least: number }[] {
  const ofKinds = KINDS.flatMap(({ kind, faults: all }) => all.map(({ id }) => `${kind} × ${id}`));
  const faults = [...ofKinds, ...EDGE_FAULTS.map(({ id }) => `edge × ${id}`)];
  const settings = KINDS.flatMap(({ kind, fields }) =>
    fields.flatMap(({ name, value }) => settingsOf(value).map((setting) => `${kind} ${name} ${setting}`)),
  );
  const edits = KINDS.flatMap(({ kind, fields }) =>
    fields.filter(({ live }) => live).map(({ name }) => `${kind} ${name} changed`),
  );
  return [
    ...KINDS.map(({ kind }) => ({ cell: `${kind} × same-again`, least: LEAST_RUNS })),
    ...KINDS.map(({ kind }) => ({ cell: `${kind} × comes-to-rest`, least: LEAST_RUNS })),
    ...['run × no fault', ...faults].flatMap((row) => [
      ...BETWEEN_EVENTS.map((guarantee) => ({ cell: `${row} × ${guarantee}`, least: LEAST_EVENTS })),
      ...OF_WHOLE_RUNS.map((guarantee) => ({ cell: `${row} × ${guarantee}`, least: LEAST_RUNS })),
    ]),
    ...settings.flatMap((row) =>
      OF_WHOLE_RUNS.map((guarantee) => ({ cell: `${row} × ${guarantee}`, least: 1 })),
    ),
    ...edits.map((cell) => ({ cell, least: 1 })),
  ];
}

function settingsOf(value: (typeof KINDS)[number]['fields'][number]['value']): readonly string[] {
  if (value.type === 'choice') return value.options.map((option) => option.value);
  return value.type === 'distribution' ? DISTRIBUTION_SHAPES : [];
}

function settingOf(type: string, value: unknown): string | null {
  if (type === 'choice') return value as string;
  return type === 'distribution' ? (value as { shape: string }).shape : null;
}
