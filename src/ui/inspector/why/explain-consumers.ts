import { resolveFields } from '../../../kinds/field-values.ts';
import { hasOneConsumer } from '../../../kinds/shared/one-consumer.ts';
import { count, duration, perSecond } from '../../look/figures.ts';
import {
  counted,
  joinParts,
  MEMBER_STATE,
  namePart,
  type Context,
  type Finding,
} from './explanation-parts.ts';
import { nodeIndex, readMembers, readNode } from '../figures/node-reading.ts';

/** Messages a second that come back from which on it is worth a sentence. */
const LOOP_MIN = 0.5;

/**
 * What goes on between a queue, or a broker, and its consumers: messages that come back, one consumer alone at work, and messages
 * that wait with busy members while others have nothing to do.
 */
export function consumerFindings(context: Context): Finding[] {
  if (context.kind === 'queue')
    return [...loopFindings(context), ...lateFindings(context), ...activeFindings(context)];
  if (context.kind === 'cloud-broker') return subscriptionFindings(context);
  if (context.kind !== 'consumer-group') return [];
  const hanging = hangingFindings(context);
  // What waits with who hangs does not wait with who is busy.
  return hanging.length > 0 ? hanging : aheadFindings(context);
}

/** One member alone reads an Exclusive or Failover subscription, and nobody one whose only consumer is gone. */
function subscriptionFindings(context: Context): Finding[] {
  const { design, frame, id, reading } = context;
  const { profile, subscription } = design.nodes.find((node) => node.id === id)?.fields ?? {};
  if (!hasOneConsumer(profile, subscription) || !(reading.amount >= 1)) return [];
  const question = 'Why are messages waiting?';
  const group = frame.layout.shape.nodes[reading.activeGroup];
  if (reading.activeMember > 0 && group) {
    const others =
      subscription === 'exclusive' ? 'others were refused (ConsumerBusy).' : 'others take over when it goes.';
    const only = ` m${count(reading.activeMember)} gets messages, ${others}`;
    return [
      { question, sentence: ['Its subscription has one consumer: only ', namePart(context, group.id), only] },
    ];
  }
  if (subscription !== 'exclusive' || readersOf(context).length !== 1) return [];
  const sentence =
    'Nobody reads it: the consumer of its Exclusive subscription is gone, and members that were refused (ConsumerBusy) do not ask again.';
  return [{ question, sentence: [sentence] }];
}

function loopFindings(context: Context): Finding[] {
  const { reading } = context;
  const { retryPerSecond: back, outPerSecond: given } = reading;
  if (!(back >= LOOP_MIN)) return [];
  const most = back >= given * 0.5 ? 'Most of what it gives out comes back' : 'Messages come back';
  return [
    {
      question: 'Why do messages come back?',
      sentence: [
        `${most}: redelivered ${perSecond(back)} of ${perSecond(given)} to `,
        ...joinParts(readersOf(context).map((reader) => namePart(context, reader.id))),
        '.',
      ],
    },
  ];
}

function readersOf({ frame, id }: Context) {
  const self = nodeIndex(frame, id);
  const { edges, nodes } = frame.layout.shape;
  const ends = new Set(edges.filter(({ from }) => from === self).map(({ to }) => nodes[to]));
  return [...ends].filter(({ kind }) => kind === 'consumer-group');
}

/** Consumers that had something for longer than the queue lets them. */
function lateFindings({ design, id, reading }: Context): Finding[] {
  const { outstanding: late } = reading;
  if (late === 0) return [];
  const { consumerTimeout } = resolveFields(design.nodes.find((node) => node.id === id)!);
  const which = late === 1 ? '1 consumer gets' : `${count(late)} consumers get`;
  const settles = late === 1 ? 'it has settled that.' : 'they have settled them.';
  const had = `${late === 1 ? 'it had a message' : 'they had messages'} for longer than ${duration(Number(consumerTimeout))}`;
  return [
    {
      question: 'Why does a consumer get nothing?',
      sentence: [
        `${which} nothing: ${had} (the consumer timeout), and the queue sends nothing more until ${settles}`,
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

/** Workers with nothing to do of members that could work: who is cut off, hangs or is gone does not. */
function idleWorkers(frame: Context['frame'], id: string, servers: number): number {
  const members = readMembers(frame, id);
  const able = members.filter(({ state }) => state === MEMBER_STATE.reading);
  return able.reduce((idle, { busy }) => idle + servers / members.length - busy, 0);
}

/** Who hangs is sent messages all the same, and nobody else gets them. */
function hangingFindings({ frame, id, reading }: Context): Finding[] {
  const hanging = readMembers(frame, id).filter(({ state }) => state === MEMBER_STATE.hanging);
  if (hanging.length === 0 || !(reading.unacknowledged >= 1)) return [];
  const one = hanging.length === 1;
  const who = one ? `m${hanging[0].number} hangs` : `${count(hanging.length)} members hang`;
  const [them, their, until] = one
    ? ['it', 'its', 'it goes on or is gone']
    : ['them', 'their', 'they go on or are gone'];
  const sent = `it sends ${them} messages up to ${their} prefetch all the same`;
  const sentence = `The broker does not know that ${who}: ${sent}, and nobody else gets those until ${until}.`;
  return [{ question: 'Why do messages not get done?', sentence: [sentence] }];
}

function aheadFindings({ frame, id }: Context): Finding[] {
  const reading = readNode(frame, id);
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  const sources = edges.filter(({ to }) => to === self).map(({ from }) => readNode(frame, nodes[from].id));
  // Where one consumer alone may work, the others have nothing to do anyway.
  if (sources.some((source) => source && source.activeMember > 0)) return [];
  const idle = reading ? idleWorkers(frame, id, reading.servers) : 0;
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
