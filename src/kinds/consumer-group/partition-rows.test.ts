import { fc, test } from '../../testing/property.ts';
import { expect } from 'vitest';
import type { Simulation } from '../../engine/simulation.ts';
import { Columns } from '../../lib/columns.ts';
import { PartitionRows } from './partition-rows.ts';

const MEMBER = 0;
const ROW = 0;

/** A partition whose records are numbered, and a reader that can tell which of them it has in hand. */
class Reader {
  /** Number of the record that is taken next. */
  position = 0;
  private readonly sim = {
    columns: new Columns(),
    plan: { edgeCount: 1 },
    take: () => this.position++,
    settle: () => {},
    giveBack: () => {},
  } as unknown as Simulation;
  private readonly rows = new PartitionRows(this.sim, [0], Int32Array.of(1), 1);
  private hand: { record: number; sequence: number }[] = [];
  private unsettled: number[] = [];
  private readonly done = new Set<number>();

  constructor() {
    this.rows.assign(ROW, MEMBER);
    this.rows.makeReady(ROW);
  }

  take(): void {
    const record = this.rows.take(this.sim, MEMBER);
    if (record < 0) return;
    this.hand.push({ record, sequence: this.rows.takenSequence });
    this.unsettled.push(record);
  }

  /** Finishes one of those in hand; whether it is said to be done again, and whether it is. */
  finish(which: number): { said: boolean; is: boolean } | null {
    const [work] = this.hand.splice(which % Math.max(1, this.hand.length), 1);
    if (!work) return null;
    const is = this.done.has(work.record);
    this.done.add(work.record);
    return { said: this.rows.finish(ROW, work.sequence) === 1, is };
  }

  settle(): void {
    this.rows.settle(this.sim, ROW);
    const inHand = new Set(this.hand.map(({ record }) => record));
    const first = this.unsettled.findIndex((record) => inHand.has(record));
    this.unsettled.splice(0, first < 0 ? this.unsettled.length : first);
  }

  rewind(): void {
    this.rows.rewind(this.sim, ROW);
    this.position = this.unsettled[0] ?? this.position;
    this.hand = [];
    this.unsettled = [];
  }

  /** Goes on ahead, as by `auto.offset.reset`, with nothing in hand and nothing to settle. */
  passOver(records: number): void {
    if (this.unsettled.length > 0) return;
    this.position += records;
    this.rows.passOver(ROW, records);
  }
}

const deed = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ do: 'take' as const, n: 0 }) },
  { weight: 4, arbitrary: fc.nat(9).map((n) => ({ do: 'finish' as const, n })) },
  { weight: 1, arbitrary: fc.constant({ do: 'settle' as const, n: 0 }) },
  { weight: 1, arbitrary: fc.constant({ do: 'rewind' as const, n: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }).map((n) => ({ do: 'passOver' as const, n })) },
);

test.prop([fc.array(deed, { maxLength: 200 })], { numRuns: 300 })(
  'A record is said to be done again exactly if it is, however often the reader went back or on ahead.',
  (deeds) => {
    const reader = new Reader();
    for (const { do: what, n } of deeds) {
      if (what === 'finish') {
        const finished = reader.finish(n);
        expect(finished?.said).toBe(finished?.is);
      } else reader[what](n);
    }
  },
);
