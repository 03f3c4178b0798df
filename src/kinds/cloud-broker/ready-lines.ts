import type { Columns } from '../../lib/columns.ts';

const NONE = -1;

/**
 * What waits to be delivered, as lines of entries, one for all or one for each key. A line whose message is out with a
 * consumer is locked if it is of a key. Lines that have something and are not locked stand in a ring, in the order in
 * which they came to be so, and the first gives its first.
 */
export class ReadyLines {
  private readonly firstLine: Int32Array;
  private readonly isKeyed: Uint8Array;
  private readonly columns: Columns;
  /** Entries of a subscription that wait. */
  count = new Int32Array();
  private ringHead = new Int32Array();
  private ringTail = new Int32Array();
  private lineHead = new Int32Array();
  private lineTail = new Int32Array();
  private lineNext = new Int32Array();
  private lineOut = new Int32Array();
  private isInRing = new Uint8Array();
  private entryNext = new Int32Array();
  private entryLine = new Int32Array();

  /** `keys` says of each subscription how many keys its messages may have, for one line each; 0 for a single line. */
  constructor(columns: Columns, keys: readonly number[], entries: number) {
    this.columns = columns;
    this.firstLine = new Int32Array(keys.length);
    this.isKeyed = new Uint8Array(keys.length);
    let lines = 0;
    keys.forEach((count, subscription) => {
      this.firstLine[subscription] = lines;
      this.isKeyed[subscription] = count > 0 ? 1 : 0;
      // Messages without a key have a line of their own.
      lines += count + 1;
    });
    columns.i32(this, 'count', keys.length);
    for (const field of ['ringHead', 'ringTail']) columns.i32(this, field, keys.length).fill(NONE);
    for (const field of ['lineHead', 'lineTail', 'lineNext']) columns.i32(this, field, lines).fill(NONE);
    columns.i32(this, 'lineOut', lines);
    columns.u8(this, 'isInRing', lines);
    for (const field of ['entryNext', 'entryLine']) columns.i32(this, field, entries);
  }

  grow(entries: number): void {
    for (const field of ['entryNext', 'entryLine']) this.columns.grow(this, field, entries);
  }

  push(subscription: number, entry: number, key: number, first: boolean): void {
    const line = this.firstLine[subscription] + (this.isKeyed[subscription] === 1 ? key + 1 : 0);
    const head = this.lineHead[line];
    this.entryLine[entry] = line;
    this.entryNext[entry] = first ? head : NONE;
    if (first || head === NONE) this.lineHead[line] = entry;
    if (!first && head !== NONE) this.entryNext[this.lineTail[line]] = entry;
    if (!first || head === NONE) this.lineTail[line] = entry;
    this.count[subscription]++;
    this.enter(subscription, line);
  }

  /** Puts an entry into a single line, behind those at its head of which `isBefore` says so. */
  insert(subscription: number, entry: number, isBefore: (other: number) => boolean): void {
    const line = this.firstLine[subscription];
    let before = NONE;
    let after = this.lineHead[line];
    while (after !== NONE && isBefore(after)) {
      before = after;
      after = this.entryNext[after];
    }
    this.entryLine[entry] = line;
    this.entryNext[entry] = after;
    if (before === NONE) this.lineHead[line] = entry;
    else this.entryNext[before] = entry;
    if (after === NONE) this.lineTail[line] = entry;
    this.count[subscription]++;
    this.enter(subscription, line);
  }

  /** The entry to be delivered next, or -1. */
  first(subscription: number): number {
    const line = this.ringHead[subscription];
    return line === NONE ? NONE : this.lineHead[line];
  }

  /** Takes the first entry out; -1 for none. Its line is locked, if it is of a key, until `comeIn`. */
  shift(subscription: number): number {
    const line = this.ringHead[subscription];
    if (line === NONE) return NONE;
    const entry = this.lineHead[line];
    this.lineHead[line] = this.entryNext[entry];
    if (this.lineHead[line] === NONE) this.lineTail[line] = NONE;
    this.lineOut[line]++;
    this.count[subscription]--;
    if (this.isKeyed[subscription] === 1 || this.lineHead[line] === NONE) this.leave(subscription, line);
    return entry;
  }

  /** An entry that was taken out is out no more. */
  comeIn(subscription: number, entry: number): void {
    const line = this.entryLine[entry];
    this.lineOut[line]--;
    this.enter(subscription, line);
  }

  /** Takes an entry out of the midst of its line. */
  remove(subscription: number, entry: number): void {
    const line = this.entryLine[entry];
    let before = NONE;
    for (let at = this.lineHead[line]; at !== entry; at = this.entryNext[at]) before = at;
    const after = this.entryNext[entry];
    if (before === NONE) this.lineHead[line] = after;
    else this.entryNext[before] = after;
    if (after === NONE) this.lineTail[line] = before;
    this.count[subscription]--;
    if (this.lineHead[line] === NONE && this.isInRing[line] === 1) this.unring(subscription, line);
  }

  /** Everything that waits, counted one by one. */
  walk(subscription: number): number {
    const first = this.firstLine[subscription];
    const end =
      subscription + 1 < this.firstLine.length ? this.firstLine[subscription + 1] : this.lineHead.length;
    let count = 0;
    for (let line = first; line < end; line++) {
      for (let entry = this.lineHead[line]; entry !== NONE; entry = this.entryNext[entry]) count++;
    }
    return count;
  }

  private enter(subscription: number, line: number): void {
    const isLocked = this.isKeyed[subscription] === 1 && this.lineOut[line] > 0;
    if (isLocked || this.isInRing[line] === 1 || this.lineHead[line] === NONE) return;
    this.isInRing[line] = 1;
    this.lineNext[line] = NONE;
    const tail = this.ringTail[subscription];
    if (tail === NONE) this.ringHead[subscription] = line;
    else this.lineNext[tail] = line;
    this.ringTail[subscription] = line;
  }

  /** The first line goes. */
  private leave(subscription: number, line: number): void {
    this.isInRing[line] = 0;
    this.ringHead[subscription] = this.lineNext[line];
    if (this.ringHead[subscription] === NONE) this.ringTail[subscription] = NONE;
  }

  private unring(subscription: number, line: number): void {
    let before = NONE;
    for (let at = this.ringHead[subscription]; at !== line; at = this.lineNext[at]) before = at;
    if (before === NONE) {
      this.leave(subscription, line);
      return;
    }
    this.isInRing[line] = 0;
    this.lineNext[before] = this.lineNext[line];
    if (this.ringTail[subscription] === line) this.ringTail[subscription] = before;
  }
}
