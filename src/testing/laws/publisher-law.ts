import { NO_MESSAGE } from '../../engine/messages.ts';
import type { MessageLists } from '../../engine/message-lists.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { CONNECTION } from '../../kinds/producer/publishers.ts';
import { ALARM } from '../../kinds/queue/alarm-states.ts';
import { hold, type Law, type Scene } from './law.ts';

const PRODUCER = kindIndex('producer');
const QUEUE = kindIndex('queue');
const MOST_CREDIT = 400;

/**
 * Publishers to RabbitMQ: each message is answered once, no more are unanswered than may be, nobody is held back
 * without a reason, and the broker's memory is what waits in its queues.
 */
export function publisherLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { plan, messages } = sim;
  const { publishers } = kinds.producers;
  const { broker } = kinds.queues;
  const sent = new Float64Array(plan.nodeCount);
  const nodes = Array.from(kindOf.keys()).filter(
    (node) => kindOf[node] === PRODUCER && publishers?.isPublisher(node),
  );
  const bytesIn = (lists: MessageLists, list: number): number => {
    let bytes = 0;
    for (let at = lists.head(list); at !== NO_MESSAGE; at = messages.next[at])
      bytes += messages.sizeBytes[at];
    return bytes;
  };
  const waitingBytes = (): number => {
    const lines = Reflect.get(kinds.queues, 'lines') as object;
    const [own, first, levels] = ['lists', 'first', 'levels'].map((name) => Reflect.get(lines, name));
    let bytes = 0;
    for (let node = 0; node < plan.nodeCount; node++) {
      if (kindOf[node] !== QUEUE) continue;
      bytes += bytesIn(Reflect.get(kinds.queues, 'lists') as MessageLists, node);
      for (const message of kinds.queues.stock.delayed?.messagesIn(node) ?? [])
        bytes += messages.sizeBytes[message];
      const isQuorum = fields[node].queueType === 'quorum';
      const returns = isQuorum && fields[node].deliveryLimit !== 0 ? 1 : 0;
      const count = (levels as Int32Array)[node] + returns;
      for (let line = 0; line < count; line++) {
        bytes += bytesIn(own as MessageLists, (first as Int32Array)[node] + line);
      }
    }
    return bytes;
  };
  return {
    sent(edge, _message, _tag, accepted) {
      if (accepted && publishers?.has(edge)) sent[plan.edgeFrom[edge]]++;
    },
    afterEvent(thorough) {
      const isSettled = sim.queue.peekTime() > sim.now;
      for (const node of nodes) {
        const { outstanding, confirmed, refused } = publishers!.counts(node);
        const asks = fields[node].confirms === 'on';
        const most = asks ? Number(fields[node].maxOutstanding) : 0;
        const answered = outstanding + confirmed + refused;
        hold(answered === (asks ? sent[node] : 0), 'I14: confirms', node, answered, sent[node]);
        hold(outstanding >= 0 && outstanding <= most, 'I10: unconfirmed', node, outstanding, most);
        const credit = publishers!.creditOf(node);
        hold(credit >= 0 && credit <= MOST_CREDIT, 'I10: credit', node, credit);
        const isIdle = publishers!.isHolding(node) && !publishers!.isHeldBack(node);
        hold(!isSettled || !isIdle, 'I46: held back without a reason', node);
        const isBlocked = publishers!.connection(node).state === CONNECTION.blocked;
        hold(
          isBlocked === (broker.alarm.state !== ALARM.state.clear),
          'I46: blocked without an alarm',
          node,
          isBlocked,
        );
      }
      if (!thorough || broker.watermark === Infinity) return;
      const bytes = waitingBytes();
      hold(bytes === broker.memory, 'I5: memory of the broker', broker.memory, bytes);
    },
  };
}
