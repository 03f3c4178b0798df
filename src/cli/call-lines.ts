import { groupDigits } from '../design/wording.ts';
import type { RunResults } from '../simulation/results.ts';
import { plain } from './problem-lines.ts';

/** A line for each external service that refused calls and each managed queue that delivered again. */
export function callLines({ nodes }: RunResults): string[] {
  return Object.values(nodes).flatMap(({ name, refusals, deliveries }) => {
    const said = [
      ...counted(refusals?.error, 'errors (500)'),
      ...counted(refusals?.rateLimited, 'over the rate limit (429)'),
      ...counted(refusals?.overloaded, 'too busy (503)'),
      ...counted(refusals?.unavailable, 'failed in an outage'),
      ...counted(deliveries?.timedOut, 'deliveries out of time'),
      ...counted(deliveries?.tooLate, 'acknowledged too late'),
      ...counted(deliveries?.exhausted, 'out of deliveries'),
      ...counted(deliveries?.deduplicated, 'recognised as repetition'),
    ];
    return said.length > 0 ? [`${plain(name)}: ${said.join(', ')}\n`] : [];
  });
}

function counted(count: number | undefined, what: string): string[] {
  return count ? [`${groupDigits(count)} ${what}`] : [];
}
