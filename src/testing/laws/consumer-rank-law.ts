import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const QUEUE = kindIndex('queue');
const GROUP = kindIndex('consumer-group');

/** Consumer priorities: nobody gets a message of a queue while a consumer of a higher rank has room for it. */
export function consumerRankLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { plan } = sim;
  const isRanked = fields.some(({ consumerPriority }) => (consumerPriority ?? 0) !== 0);
  const hasRoom = (group: number, edge: number): boolean => {
    const { prefetch, workers } = kinds.consumers;
    if (prefetch?.has(group)) return prefetch.hasRoom(group, edge);
    const first = workers.firstMember[group];
    return Array.from({ length: workers.memberCount[group] }, (_, local) => first + local).some((member) =>
      workers.isOpen(group, member),
    );
  };
  return {
    taken(edge, _lane, message) {
      const queue = plan.edgeFrom[edge];
      if (!isRanked || message < 0 || kindOf[queue] !== QUEUE) return;
      const rank = Number(fields[plan.edgeTo[edge]].consumerPriority);
      for (const other of plan.outEdges.subarray(plan.outStart[queue], plan.outStart[queue + 1])) {
        const group = plan.edgeTo[other];
        if (kindOf[group] !== GROUP || Number(fields[group].consumerPriority) <= rank) continue;
        if (kinds.links.isGated(sim, other)) continue;
        hold(!hasRoom(group, other), 'I23: a consumer of a higher rank has room', queue, edge, other);
      }
    },
  };
}
