import { groupDigits } from '../design/wording.ts';
import type { RunResults } from '../simulation/results.ts';
import { plain } from './problem-lines.ts';

/** A line for each service that refused calls, each managed queue that delivered again, each subscription in trouble and each reader that shards refused. */
export function callLines({ nodes, edges }: RunResults): string[] {
  const ofNodes = Object.values(nodes).flatMap(
    ({ name, refusals, deliveries, unmatched, throttled, refusedCalls }) => {
      const said = [
        ...counted(refusals?.error, 'errors (500)'),
        ...counted(refusals?.rateLimited, 'over the rate limit (429)'),
        ...counted(refusals?.overloaded, 'too busy (503)'),
        ...counted(refusals?.unavailable, 'failed in an outage'),
        ...counted(deliveries?.timedOut, 'deliveries out of time'),
        ...counted(deliveries?.tooLate, 'acknowledged too late'),
        ...counted(deliveries?.exhausted, 'out of deliveries'),
        ...counted(deliveries?.deduplicated, 'recognised as repetition'),
        ...counted(unmatched ?? 0, 'matched no filter'),
        ...counted(throttled ?? 0, 'refused by a full shard'),
        ...counted(refusedCalls?.sends, 'times over its limit of calls to send'),
        ...counted(refusedCalls?.receives, 'times over its limit of calls to receive'),
      ];
      return said.length > 0 ? [`${plain(name)}: ${said.join(', ')}\n`] : [];
    },
  );
  const ofEdges = Object.values(edges).flatMap(({ from, to, subscription }) => {
    if (!subscription || subscription.failures === 0) return [];
    const said = [
      ...counted(subscription.matched, 'to deliver'),
      ...counted(subscription.retries, 'retries'),
      ...counted(subscription.timeouts, 'attempts without an answer'),
      ...counted(subscription.late, 'answered too late'),
      ...counted(subscription.deadLettered, 'dead-lettered'),
      ...counted(subscription.dropped, 'given up and lost'),
      ...counted(subscription.pending, 'still to be tried'),
    ];
    return [`${plain(nodes[from].name)} → ${plain(nodes[to].name)}: ${said.join(', ')}\n`];
  });
  const ofReaders = Object.values(edges).flatMap(({ from, to, reading }) => {
    if (!reading?.throttled) return [];
    const said = `${groupDigits(reading.calls)} calls for records, ${groupDigits(reading.throttled)} more refused by its shards`;
    return [`${plain(nodes[from].name)} → ${plain(nodes[to].name)}: ${said}\n`];
  });
  return [...ofNodes, ...ofEdges, ...ofReaders];
}

function counted(count: number | undefined, what: string): string[] {
  return count ? [`${groupDigits(count)} ${what}`] : [];
}
