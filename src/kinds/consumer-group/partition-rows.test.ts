import { fc, test } from '../../testing/property.ts';
import { expect } from 'vitest';
import type { Simulation } from '../../engine/simulation.ts';
import { Columns } from '../../lib/columns.ts';
import { PartitionRows } from './partition-rows.ts';

const MEMBER = 0;
const ROW = 0;

interface Taken {
  record: number;
  offset: number;
  isCut: boolean;
  isExpired: boolean;
}

/** A partition whose records are numbered, and a reader that can tell which of them it has in hand. */
class Reader {
  /** Offset of the record that is taken next. */
  private position = 0;
  /** Offset of the oldest record that the log still has. */
  private start = 0;
  /** Number of the record at each offset that was looked at, and how many there are. */
  private readonly log = new Map<number, number>();
  private records = 0;
  private readonly sim = {
    columns: new Columns(),
    plan: { edgeCount: 1 },
    take: () => this.recordAt(this.position++),
    settle: () => {},
    giveBack: () => {},
  } as unknown as Simulation;
  private readonly rows = new PartitionRows(this.sim, [0], Int32Array.of(1), 1);
  private hand: { record: number; sequence: number }[] = [];
  private unsettled: Taken[] = [];
  private readonly done = new Set<number>();

  constructor() {
    this.rows.assign(ROW, MEMBER);
    this.rows.makeReady(ROW);
  }

  take(): void {
    const record = this.rows.take(this.sim, MEMBER);
    if (record < 0) return;
    this.hand.push({ record, sequence: this.rows.takenSequence });
    this.unsettled.push({ record, offset: this.position - 1, isCut: false, isExpired: false });
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
    const first = this.unsettled.findIndex(({ record }) => inHand.has(record));
    this.unsettled.splice(0, first < 0 ? this.unsettled.length : first);
  }

  rewind(): void {
    this.rows.rewind(this.sim, ROW);
    const kept = this.unsettled.filter(({ isCut, isExpired }) => !isCut && !isExpired);
    this.position = kept[0]?.offset ?? this.position;
    this.rows.passOver(ROW, this.unsettled.filter(({ isExpired }) => isExpired).length);
    this.hand = [];
    this.unsettled = [];
  }

  /** Goes on ahead, as by `auto.offset.reset`, with nothing in hand and nothing to settle. */
  passOver(records: number): void {
    if (this.unsettled.length > 0) return;
    this.position += records;
    this.rows.passOver(ROW, records);
  }

  /** The log loses so many of its oldest records that were taken and are not settled. */
  expire(records: number): void {
    const still = this.unsettled.filter(({ isCut, isExpired }) => !isCut && !isExpired);
    for (const taken of still.slice(0, records)) {
      taken.isExpired = true;
      this.start = taken.offset + 1;
    }
  }

  /** The log ends so many records before the next one from now on, or behind it. */
  cutOff(back: number): void {
    const from = Math.max(this.start, this.position - back);
    const firstCut = this.unsettled.findIndex(({ isCut }) => isCut);
    const sinceCut = this.unsettled.slice(firstCut).find(({ isCut }) => !isCut)?.offset ?? Infinity;
    // Two cuts with unsettled records between them are taken as one.
    if (firstCut >= 0 && from > sinceCut) return;
    for (const offset of this.log.keys()) if (offset >= from) this.log.delete(offset);
    const isThere = ({ isCut, isExpired }: Taken) => !isCut && !isExpired;
    const lost = this.unsettled.filter((taken) => taken.offset >= from && isThere(taken));
    for (const taken of lost) taken.isCut = true;
    this.rows.cutOff(ROW, lost.length, Math.max(0, from - this.position));
    this.position = Math.min(this.position, from);
  }

  private recordAt(offset: number): number {
    const record = this.log.get(offset) ?? this.records++;
    this.log.set(offset, record);
    return record;
  }
}

const deed = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ do: 'take' as const, n: 0 }) },
  { weight: 8, arbitrary: fc.nat(9).map((n) => ({ do: 'finish' as const, n })) },
  { weight: 2, arbitrary: fc.constant({ do: 'settle' as const, n: 0 }) },
  { weight: 2, arbitrary: fc.constant({ do: 'rewind' as const, n: 0 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }).map((n) => ({ do: 'passOver' as const, n })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }).map((n) => ({ do: 'expire' as const, n })) },
  { weight: 1, arbitrary: fc.integer({ min: -4, max: 6 }).map((n) => ({ do: 'cutOff' as const, n })) },
);

test.prop([fc.array(deed, { maxLength: 200 })], { numRuns: 300 })(
  'A record is said to be done again exactly if it is, however often the reader went back or on ahead, or the log was cut off or lost its oldest.',
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
