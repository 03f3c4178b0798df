import { assert } from './assert.ts';
import { LimitError } from './limit-error.ts';

type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;
type ColumnType = new (length: number) => Column;

interface ColumnEntry {
  owner: Record<string, unknown>;
  field: string;
  type: ColumnType;
}

interface ScalarEntry {
  owner: Record<string, unknown>;
  field: string;
}

/** A copy of every column and scalar of a run. Plain data: it survives `structuredClone` and `postMessage`. */
export interface Snapshot {
  /** Field names in order of registration, to refuse a snapshot of another structure. */
  readonly fields: readonly string[];
  readonly arrays: readonly Column[];
  readonly scalars: Float64Array;
}

/**
 * Registry through which every structure of a run creates its state, so that a snapshot is a copy. A field lives
 * on its owner (`owner[field]`), where the hot code reads it; the registry only knows where to find it. Total bytes
 * are checked against the limit before anything is allocated.
 */
export class Columns {
  private readonly limitBytes: number;
  private readonly entries: ColumnEntry[] = [];
  private readonly scalarEntries: ScalarEntry[] = [];
  private total = 0;

  constructor(limitBytes = Infinity) {
    this.limitBytes = limitBytes;
  }

  f64(owner: object, field: string, length: number): Float64Array {
    return this.create(owner, field, Float64Array, length) as Float64Array;
  }

  i32(owner: object, field: string, length: number): Int32Array {
    return this.create(owner, field, Int32Array, length) as Int32Array;
  }

  u32(owner: object, field: string, length: number): Uint32Array {
    return this.create(owner, field, Uint32Array, length) as Uint32Array;
  }

  u16(owner: object, field: string, length: number): Uint16Array {
    return this.create(owner, field, Uint16Array, length) as Uint16Array;
  }

  u8(owner: object, field: string, length: number): Uint8Array {
    return this.create(owner, field, Uint8Array, length) as Uint8Array;
  }

  /** Replaces `owner[field]` by a longer copy; the new part is zero. References taken before are stale. */
  grow(owner: object, field: string, length: number): void {
    const holder = owner as Record<string, unknown>;
    const old = holder[field] as Column;
    assert(length >= old.length, 'a column can only grow');
    const bytes = (length - old.length) * old.BYTES_PER_ELEMENT;
    this.reserve(bytes);
    const entry = this.entries.find((candidate) => candidate.owner === owner && candidate.field === field);
    assert(entry !== undefined, 'only a registered column can grow');
    const grown = this.allocate(entry.type, length, bytes);
    grown.set(old);
    holder[field] = grown;
    this.total += bytes;
  }

  /**
   * Registers plain number fields of the owner; booleans do not belong here, write 0 and 1. Each is written twice at
   * once, as V8 takes a field that was written but once for a constant, builds on that, and throws all machine code
   * away that did when the second write comes: in the middle of a run, or when a snapshot is put back. M/M/1 ran at a
   * tenth of its speed for a quarter of a second after each way back.
   */
  scalars(owner: object, fields: readonly string[]): void {
    this.register(owner, fields, 1);
  }

  /**
   * The same for scalars that outgrow 31 bits, as times do: made doubles from the start. A field that has held small
   * integers only changes its form with the first larger number, and with it that of its owner and of who refers to
   * that: each first run, and the one after it, would be compiled twice, which cost runs of a million messages a
   * quarter of their speed.
   */
  wideScalars(owner: object, fields: readonly string[]): void {
    this.register(owner, fields, 0.5);
  }

  /** Total bytes of all columns. */
  bytes(): number {
    return this.total;
  }

  save(): Snapshot {
    return {
      fields: this.fieldNames(),
      arrays: this.entries.map(({ owner, field }) => (owner[field] as Column).slice()),
      scalars: Float64Array.from(this.scalarEntries, ({ owner, field }) => owner[field] as number),
    };
  }

  /**
   * Puts a snapshot back, here or in a freshly built structure with the same owners in the same order. A column
   * of equal length keeps its array; one that has another length now is replaced. The snapshot stays usable.
   */
  restore(snapshot: Snapshot): void {
    const fields = this.fieldNames();
    const same = fields.length === snapshot.fields.length && fields.every((f, i) => f === snapshot.fields[i]);
    assert(same, 'a snapshot fits only the structure it was taken from');
    let bytes = 0;
    for (const array of snapshot.arrays) bytes += array.byteLength;
    this.reserve(bytes - this.total);
    this.entries.forEach(({ owner, field }, index) => {
      const saved = snapshot.arrays[index];
      const current = owner[field] as Column;
      if (current.length === saved.length) current.set(saved);
      else owner[field] = saved.slice();
    });
    this.scalarEntries.forEach(({ owner, field }, index) => {
      owner[field] = asWritten(snapshot.scalars[index]);
    });
    this.total = bytes;
  }

  private register(owner: object, fields: readonly string[], other: number): void {
    const holder = owner as Record<string, unknown>;
    for (const field of fields) {
      const value = holder[field];
      assert(typeof value === 'number', 'a scalar must be a number when it is registered');
      holder[field] = value === other ? other + 1 : other;
      holder[field] = value;
      this.scalarEntries.push({ owner: holder, field });
    }
  }

  private create(owner: object, field: string, type: ColumnType, length: number): Column {
    const bytes = length * (type as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    this.reserve(bytes);
    const holder = owner as Record<string, unknown>;
    const column = this.allocate(type, length, bytes);
    holder[field] = column;
    this.entries.push({ owner: holder, field, type });
    this.total += bytes;
    return column;
  }

  /** A machine may have less memory than the limit allows: that is a limit too. */
  private allocate(type: ColumnType, length: number, bytes: number): Column {
    try {
      return new type(length);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LimitError('memory in bytes', this.total + bytes, this.total);
    }
  }

  private reserve(bytes: number): void {
    const asked = this.total + bytes;
    if (asked > this.limitBytes) throw new LimitError('memory in bytes', asked, this.limitBytes);
  }

  private fieldNames(): string[] {
    return [...this.entries, ...this.scalarEntries].map(({ field }) => field);
  }
}

/**
 * A number read from a float column is a double to V8 whatever its value. Written into a field of small integers it
 * would change the field's form, and the machine code of all that read it be thrown away at each restore.
 */
function asWritten(value: number): number {
  const whole = value | 0;
  return Object.is(whole, value) ? whole : value;
}
