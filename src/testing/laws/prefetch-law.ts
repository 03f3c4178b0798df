import { PHASE, WORKER } from '../../kinds/consumer-group/workers.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const QUEUE = kindIndex('queue');
const GROUP = kindIndex('consumer-group');
const CLOUD = kindIndex('cloud-broker');

/**
 * Consumers of queues: none has more than its prefetch, each acknowledges what it got and no more, and of those on a
 * queue or subscription with a single active consumer only one has anything. Requeued messages come from failures alone.
 */
export function prefetchLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { plan } = sim;
  const { prefetch, workers, timeouts, connections } = kinds.consumers;
  const edges = Array.from(plan.edgeFrom.keys()).filter((edge) => {
    return [QUEUE, CLOUD].includes(kindOf[plan.edgeFrom[edge]]) && kindOf[plan.edgeTo[edge]] === GROUP;
  });
  const working = (group: number, edge: number, local: number): number => {
    const size = workers.concurrency[group];
    const first = workers.firstWorker[group] + local * size;
    let count = 0;
    for (let worker = first; worker < first + size; worker++) {
      const isBusy = workers.of(worker, WORKER.phase) !== PHASE.idle;
      if (isBusy && workers.of(worker, WORKER.edge) === edge) count++;
    }
    return count;
  };
  return {
    beforeGiveBack(edge, lane, message) {
      const group = plan.edgeTo[edge];
      if (message < 0 || lane === 0 || kindOf[plan.edgeFrom[edge]] !== QUEUE) return;
      if (timeouts?.has(edge)) return;
      hold(fields[group].onFailure === 'nack', 'I14: let go of by who does not', edge);
    },
    afterEvent() {
      for (const edge of edges) {
        const group = plan.edgeTo[edge];
        const queue = plan.edgeFrom[edge];
        if (!prefetch?.has(group)) continue;
        const limit = Number(fields[group].prefetch) || Infinity;
        const isAhead = fields[group].prefetchMode === 'count' && fields[group].guarantee !== 'at-most-once';
        const most = isAhead ? limit : workers.concurrency[group];
        const active = prefetch.activeAlong(edge);
        const { consumers, profile, subscription } = fields[queue];
        const isSingle =
          consumers === 'one' ||
          (profile === 'pulsar' && (subscription === 'exclusive' || subscription === 'failover'));
        let waiting = 0;
        for (let local = 0; local < workers.memberCount[group]; local++) {
          const has = prefetch.unacknowledgedOf(edge, local);
          hold(has <= most, 'I10: more than its prefetch', edge, local, has, most);
          waiting += has + (timeouts?.lateOf(edge, local) ?? 0) - working(group, edge, local);
          // Who was the active one keeps the rest of what it had when it is late with some of it.
          if (!isSingle || has === 0 || timeouts?.has(edge)) continue;
          const isIt = active?.node === group && active.local === local;
          hold(isIt, 'I14: a consumer that is not the active one has messages', edge, local);
        }
        waiting -= connections.unheardAlong(edge);
        hold(waiting === prefetch.waitingOf(edge), 'I14: has what nobody counts', edge, waiting);
      }
    },
  };
}
