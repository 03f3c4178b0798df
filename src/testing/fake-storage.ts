import type { DesignStorage, SavedDesign, StoredDesign } from '../store/design-storage.ts';

/** A storage in memory for tests, which can be told to refuse or to hang. */
export class FakeStorage implements DesignStorage {
  readonly designs = new Map<string, StoredDesign>();
  openId: string | null = null;
  /** Every write that was started, as `id: text`. */
  readonly writes: string[] = [];
  refusal: Error | null = null;
  hangs = false;

  async lastOpen(): Promise<string | null> {
    await this.answer();
    return this.openId;
  }

  async read(id: string): Promise<StoredDesign | null> {
    await this.answer();
    return this.designs.get(id) ?? null;
  }

  async list(): Promise<SavedDesign[]> {
    await this.answer();
    return [...this.designs.values()].map(({ id, name, updatedAt }) => ({ id, name, updatedAt }));
  }

  async write(design: StoredDesign, openId: string): Promise<void> {
    this.writes.push(`${design.id}: ${design.text}`);
    await this.answer();
    this.designs.set(design.id, design);
    this.openId = openId;
  }

  async remove(id: string, openId: string): Promise<void> {
    await this.answer();
    this.designs.delete(id);
    this.openId = openId;
  }

  close(): void {}

  private async answer(): Promise<void> {
    if (this.hangs) await new Promise(() => undefined);
    if (this.refusal) throw this.refusal;
  }
}
