import { count, perSecond } from '../look/figures.ts';
import { counted, joinParts, namePart, type Context, type Finding } from './explanation-parts.ts';
import { nodeIndex, readNode } from './node-reading.ts';

/** Messages a second that come back from which on it is worth a sentence. */
const LOOP_MIN = 0.5;

/**
 * What goes on between a queue and its consumers: messages that come back, one consumer alone at work, and messages
 * that wait with busy members while others have nothing to do.
 */
export function consumerFindings(context: Context): Finding[] {
  if (context.kind === 'queue') return [...loopFindings(context), ...activeFindings(context)];
  return context.kind === 'consumer-group' ? aheadFindings(context) : [];
}

function loopFindings(context: Context): Finding[] {
  const { frame, id, reading } = context;
  const { retryPerSecond: back, outPerSecond: given } = reading;
  if (!(back >= LOOP_MIN)) return [];
  const self = nodeIndex(frame, id);
  const { edges, nodes } = frame.layout.shape;
  const readers = [...new Set(edges.filter(({ from }) => from === self).map(({ to }) => nodes[to]))].filter(
    ({ kind }) => kind === 'consumer-group',
  );
  const most = back >= given * 0.5 ? 'Most of what it gives out comes back' : 'Messages come back';
  return [
    {
      question: 'Why do messages come back?',
      sentence: [
        `${most}: redelivered ${perSecond(back)} of ${perSecond(given)} to `,
        ...joinParts(readers.map((reader) => namePart(context, reader.id))),
        '.',
      ],
    },
  ];
}

/** Where more is waiting than is out, it matters that the others do not help. */
function activeFindings(context: Context): Finding[] {
  const { frame, reading } = context;
  const group = frame.layout.shape.nodes[reading.activeGroup];
  if (!(reading.activeMember > 0) || !group || !(reading.amount > reading.unacknowledged)) return [];
  return [
    {
      question: 'Why are messages waiting?',
      sentence: [
        'It has one active consumer: only ',
        namePart(context, group.id),
        ` m${count(reading.activeMember)} gets messages, the others wait for its end.`,
      ],
    },
  ];
}

function aheadFindings({ frame, id }: Context): Finding[] {
  const reading = readNode(frame, id);
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  const sources = edges.filter(({ to }) => to === self).map(({ from }) => readNode(frame, nodes[from].id));
  // Where one consumer alone may work, the others have nothing to do anyway.
  if (sources.some((source) => source && source.activeMember > 0)) return [];
  const idle = reading ? reading.servers - reading.busy : 0;
  if (!reading || !(reading.unacknowledged > idle) || !(idle > 0)) return [];
  return [
    {
      question: 'Why is it lagging?',
      sentence: [
        `${counted(reading.unacknowledged, 'message waits', 'messages wait')} with busy members while ${counted(idle, 'worker has', 'workers have')} nothing to do: a smaller prefetch would share them out.`,
      ],
    },
  ];
}
