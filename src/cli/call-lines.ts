import { countOf, groupDigits } from '../design/wording.ts';
import type { RunResults } from '../simulation/results/results.ts';
import { plain } from './problem-lines.ts';

/**
 * A line for each service that refused calls, each managed queue that delivered again, each subscription in trouble,
 * each edge whose calls are guarded and each reader that shards refused.
 */
export function callLines({ nodes, edges }: RunResults): string[] {
  const ofNodes = Object.values(nodes).flatMap(
    ({ name, refusals, deliveries, activeConsumers, unmatched, throttled, refusedCalls, fifoTopic }) => {
      const said = [
        ...counted(refusals?.error, 'errors (500)'),
        ...counted(refusals?.rateLimited, 'over the rate limit (429)'),
        ...counted(refusals?.overloaded, 'too busy (503)'),
        ...counted(refusals?.unavailable, 'failed in an outage'),
        ...counted(deliveries?.timedOut, 'deliveries out of time'),
        ...counted(deliveries?.tooLate, 'acknowledged too late'),
        ...counted(deliveries?.exhausted, 'out of deliveries'),
        ...counted(deliveries?.deduplicated, 'recognised as repetition'),
        ...counted(deliveries?.unwanted, 'of no subject, or wanted by nobody'),
        ...counted(deliveries?.waitingForNobody, 'kept that no consumer takes'),
        ...counted(deliveries?.rewound, 'delivered again with an earlier one'),
        ...(activeConsumers ?? []).map(({ node, member, failovers }) => {
          const who = `${plain(nodes[node].name)} m${member}`;
          const taken = failovers > 0 ? ` (taken over ${countOf(failovers, 'time')})` : '';
          return member > 0
            ? `only ${who} is active${taken}`
            : `nobody of ${plain(nodes[node].name)} is active`;
        }),
        ...counted(unmatched ?? 0, 'matched no filter'),
        ...counted(fifoTopic?.deduplicated, 'recognised as repetition'),
        ...counted(fifoTopic?.refused, 'times over its limit of messages to publish'),
        ...counted(throttled ?? 0, 'refused by a full shard'),
        ...counted(refusedCalls?.sends, 'times over its limit of calls to send'),
        ...counted(refusedCalls?.receives, 'times over its limit of calls to receive'),
        ...counted(refusedCalls?.deletes, 'times over its limit of calls to delete'),
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
  const ofCalls = Object.values(edges).flatMap(({ from, to, guard }) => {
    if (!guard || guard.calls === 0) return [];
    const said = [
      countOf(guard.calls, 'guarded call'),
      countOf(guard.attempts, 'attempt'),
      ...counted(guard.timeouts, 'timed out'),
      ...counted(guard.refusedByBreaker, 'refused by the breaker'),
      ...counted(guard.refusedByLimiter, 'refused by the limiter'),
      ...counted(guard.refusedByBulkhead, 'refused by the bulkhead'),
      ...counted(guard.fellBack, 'answered by the fallback'),
      ...counted(guard.failed, 'failed with no try left'),
      ...(guard.breaker && guard.breaker.openings > 0
        ? [`breaker ${guard.breaker.state}, opened ${countOf(guard.breaker.openings, 'time')}`]
        : []),
    ];
    return [`${plain(nodes[from].name)} → ${plain(nodes[to].name)}: ${said.join(', ')}\n`];
  });
  const ofReaders = Object.values(edges).flatMap(({ from, to, reading }) => {
    if (!reading?.throttled) return [];
    const said = `${groupDigits(reading.calls)} calls for records, ${groupDigits(reading.throttled)} more refused by its shards`;
    return [`${plain(nodes[from].name)} → ${plain(nodes[to].name)}: ${said}\n`];
  });
  return [...ofNodes, ...ofEdges, ...ofCalls, ...ofReaders];
}

function counted(count: number | undefined, what: string): string[] {
  return count ? [`${groupDigits(count)} ${what}`] : [];
}
