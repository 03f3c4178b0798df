import type { LiveRun } from '../../simulation/live-run.ts';
import type { Problem } from '../../design/types.ts';
import type { Deed } from './fuzz-case.ts';

/** Does to a run what a deed says; the problem if the run refuses it. */
export function doDeed(run: LiveRun, deed: Deed): Problem | null {
  if (deed.do === 'heal') return run.heal(deed.id);
  if (deed.do === 'inject') {
    const place = deed.edge === undefined ? (deed.node ?? '') : { edge: deed.edge };
    return run.inject(deed.id, place, deed.fault, deed.args, deed.forMs);
  }
  return run.setField(deed.node, deed.field, deed.value);
}
