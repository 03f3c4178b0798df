import type { Columns } from '../../lib/columns.ts';

const REMEMBERED = 16;
const MASK = (1 << REMEMBERED) - 1;

/** The last 16 tries of each node, one bit each: enough to say whether it fails right now. */
export class RecentOutcomes {
  private failed = new Uint16Array();

  constructor(columns: Columns, nodes: number) {
    columns.u16(this, 'failed', nodes);
  }

  note(node: number, succeeded: boolean): void {
    this.failed[node] = ((this.failed[node] << 1) & MASK) | (succeeded ? 0 : 1);
  }

  areMostlyFailures(node: number): boolean {
    let failures = 0;
    for (let bits = this.failed[node]; bits !== 0; bits &= bits - 1) failures++;
    return failures > REMEMBERED / 2;
  }
}
