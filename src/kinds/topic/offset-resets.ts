import type { EnginePlan } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { toMicros, type NodeConfig } from '../shared/node-config.ts';
import { OFFSET_RESET, OFFSET_RESETS } from '../shared/offset-reset.ts';
import type { Readers } from './readers.ts';

/** Where the group at the end of each edge goes on when it has no valid offset (`auto.offset.reset`). */
export class OffsetResets {
  /** Of each edge one of `OFFSET_RESET`, and how far back in microseconds if by time. */
  private readonly how: Uint8Array;
  private readonly back: Float64Array;

  constructor({ edgeTo }: EnginePlan, configs: readonly NodeConfig[]) {
    const how = configs.map(({ fields }) => OFFSET_RESETS.findIndex((name) => name === fields.offsetReset));
    this.how = Uint8Array.from(edgeTo, (to) => Math.max(0, how[to]));
    const back = configs.map(({ fields }) => toMicros(fields.offsetResetBack ?? 0));
    this.back = Float64Array.from(edgeTo, (to) => back[to]);
  }

  /** The offset at which a group goes on in a log that it may read up to `end`, at or behind its position. */
  target({ now }: Simulation, readers: Readers, edge: number, lane: number, end: number): number {
    const how = this.how[edge];
    const position = readers.positionOffset(edge, lane);
    if (how === OFFSET_RESET.latest) return Math.max(position, end);
    if (how !== OFFSET_RESET.byDuration) return position;
    const since = readers.offsetSince(edge, lane, now - this.back[edge]);
    return Math.max(position, Math.min(end, since));
  }
}
