import { CONNECTION_STATES } from '../../../kinds/producer/connection-states.ts';
import { ALARM_STATES } from '../../../kinds/queue/alarm-names.ts';
import { BADGE, NODE } from '../../../simulation/frame/frame-layout.ts';
import { count } from '../../look/figures.ts';
import { namePart, type Context, type Finding } from './explanation-parts.ts';
import { nodeIndex } from '../figures/node-reading.ts';

const question = 'Why is it blocked?';

/** What holds a publisher back that waits for no room: the broker's alarm, credit, or confirms. */
export function publisherFindings(context: Context): Finding[] {
  const { frame, reading } = context;
  if (context.kind !== 'producer' || !(reading.connection >= 0)) return [];
  const state = CONNECTION_STATES[reading.connection];
  const sinceMs = reading.connectionSinceMs;
  if (state === 'blocked') {
    return [{ question, sentence: [alarmSentence(context)], sinceMs }];
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

/** Which alarm of the broker it is, as its queues know it. */
function alarmSentence({ frame }: Context): string {
  const { layout, data } = frame;
  const queue = layout.shape.nodes.findIndex(({ kind }) => kind === 'queue');
  const alarm = queue < 0 ? undefined : ALARM_STATES[data[layout.node(queue) + NODE.alarm]];
  if (alarm === 'disk')
    return 'The disk alarm of the broker blocks all publishing: too little of its disk is free.';
  const which =
    alarm === 'both'
      ? 'The alarms for memory and disk of the broker block'
      : 'The memory alarm of the broker blocks';
  return `${which} all publishing.`;
}
