import { CONNECTION_STATES } from '../../kinds/producer/connection-states.ts';
import { BADGE } from '../../simulation/frame-layout.ts';
import { count } from '../look/figures.ts';
import { namePart, type Context, type Finding } from './explanation-parts.ts';
import { nodeIndex } from './node-reading.ts';

const question = 'Why is it blocked?';

/** What holds a publisher back that waits for no room: the broker's alarm, credit, or confirms. */
export function publisherFindings(context: Context): Finding[] {
  const { frame, reading } = context;
  if (context.kind !== 'producer' || !(reading.connection >= 0)) return [];
  const state = CONNECTION_STATES[reading.connection];
  const sinceMs = reading.connectionSinceMs;
  if (state === 'blocked') {
    return [{ question, sentence: ['The memory alarm of the broker blocks all publishing.'], sinceMs }];
  }
  const { nodes, edges } = frame.layout.shape;
  const self = nodeIndex(frame, context.id);
  const target = nodes[reading.blockedBy] ?? nodes[edges.find(({ from }) => from === self)?.to ?? -1];
  if (!target) return [];
  const to = namePart(context, target.id);
  if (state === 'flow') {
    const sentence = ['It has used up its credit: ', to, ' takes in less than it sends.'];
    return [{ question, sentence, sinceMs }];
  }
  const most = Number(context.design.nodes.find(({ id }) => id === context.id)?.fields.maxOutstanding ?? 100);
  // Between two confirms it is held back for moments only, which the badge sums up.
  if (reading.badge !== BADGE.blocked || !(reading.outstanding >= most - 1)) return [];
  const waits = `: ${count(most)} messages without one are all that it may have.`;
  return [{ question, sentence: ['It waits for confirms of ', to, waits] }];
}
