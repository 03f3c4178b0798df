import type { DesignEdge } from '../design/types.ts';
import { saysWhereKept } from './connections.ts';
import type { EdgeEnds } from './edge-fields.ts';
import type { FaultDefinition } from './kind.ts';
import { kindDefinition } from './registry.ts';

const share = (name: string, label: string, help: string, fallback: number) =>
  ({ name, label, help, value: { type: 'probability' }, default: fallback, live: true }) as const;

/** What can happen to the network under an edge. */
export const EDGE_FAULTS = [
  {
    id: 'delay',
    label: 'Make the network slow',
    help: 'Everything takes longer on the way, a call and its answer each; what is under way stays in order.',
    badge: 'Slow network',
    healLabel: 'Back to normal speed',
    fields: [
      {
        name: 'time',
        label: 'Added time',
        help: 'Added to each message; to a call once on the way there and once on the way back.',
        value: { type: 'distribution', unit: 'ms' },
        default: { shape: 'constant', mean: 200 },
        live: true,
      },
    ],
  },
  {
    id: 'loss',
    label: 'Lose packets',
    help: 'A producer that waits for no answer loses the message. Of a call, the request or the answer is lost: the caller runs into its timeout, or hangs until the connection breaks when this is healed. Everywhere else TCP sends it again after 200 ms, then 400 ms and so on, and what comes behind it waits.',
    badge: 'Loses packets',
    healLabel: 'Lose no more',
    fields: [share('share', 'Share lost', 'Chance of each message, request or answer to be lost.', 0.1)],
  },
  {
    id: 'partition',
    label: 'Cut it',
    help: 'Nothing passes until it is healed. Senders wait, calls hang until their timeout, acknowledgements wait; a group that reaches none of its topics misses its heartbeats and is struck off, and a queue takes back what a consumer has when it misses those.',
    badge: 'Cut',
    healLabel: 'Connect again',
    fields: [],
  },
  {
    id: 'duplicate',
    label: 'Send twice',
    help: 'The sender misses the confirmation and sends once more: the same message comes in twice.',
    badge: 'Sends twice',
    healLabel: 'Send once',
    fields: [share('share', 'Share sent twice', 'Chance of each message to come in twice.', 0.1)],
  },
  {
    id: 'reorder',
    label: 'Change the order',
    help: 'A message is overtaken by the one behind it, or comes a second late if there is none.',
    badge: 'Changes the order',
    healLabel: 'Keep the order',
    fields: [share('share', 'Share overtaken', 'Chance of each message to be overtaken by the next.', 0.1)],
  },
] as const satisfies readonly FaultDefinition[];

/** Faults that make messages come twice or out of order. */
const OF_ORDER: readonly string[] = ['duplicate', 'reorder'];
/** Kinds that answer what is sent to them. */
const ANSWERS: readonly string[] = ['database', 'service'];

/** The faults that an edge can have. */
export function edgeFaultsOf(edge: DesignEdge, ends: EdgeEnds): readonly FaultDefinition[] {
  const from = kindDefinition(ends.from?.kind ?? '');
  const port = from?.ports.find(({ id }) => id === edge.fromPort);
  if (!port || !ends.from || !ends.to || !kindDefinition(ends.to.kind)) return [];
  // Exchanges that are bound to each other are of one broker.
  if (saysWhereKept(ends.from.kind, edge.fromPort)) return [];
  if (ends.from.kind === 'exchange' && ends.to.kind === 'exchange') return [];
  const isOrdered = orderReason(edge, ends) !== null;
  return EDGE_FAULTS.filter(({ id }) => !isOrdered || !OF_ORDER.includes(id));
}

/**
 * Why no network makes messages come twice or out of order along an edge; null where it may. A TCP connection delivers
 * each byte once and in order, so both come of a sender that sends anew, and a reader does not send.
 */
export function orderReason(edge: DesignEdge, { from, to }: EdgeEnds): string | null {
  const port = kindDefinition(from?.kind ?? '')?.ports.find(({ id }) => id === edge.fromPort);
  const [role] = port?.roles ?? [];
  if (role === 'records') {
    return 'A fetch asks for records from an offset on, over one connection, so the network makes none of them come twice or out of order. They are read again after a lost commit: cut the edge, or crash a member.';
  }
  if (role === 'deliveries') {
    return 'Deliveries come over a connection, each once and in order. What is not acknowledged is delivered again: cut the edge, or crash a member.';
  }
  if (ANSWERS.includes(to?.kind ?? '')) {
    return 'A call and its answer belong together. It is made twice by a retry: guard the edge, and lose packets.';
  }
  const isKafka = from?.fields.client === 'kafka' || from?.fields.commit === 'transaction';
  if (!isKafka || to?.kind !== 'topic') return null;
  return 'A Kafka client sends its batches in order, and again only if no answer comes: lose packets.';
}
