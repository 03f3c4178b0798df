import { count, duration, perSecond } from '../../look/figures.ts';
import { growing, isGrowing, some, type FigureRow } from './figure-row.ts';
import type { NodeReading } from './node-reading.ts';

/** The member that alone gets messages, where there is one. */
export function activeConsumer({ activeMember }: NodeReading): FigureRow[] {
  return activeMember > 0 ? [{ label: 'Active consumer', value: `m${count(activeMember)}` }] : [];
}

/** What is in a queue and not ready. */
function heldBack(r: NodeReading): FigureRow[] {
  return [
    ...(r.delayed > 0
      ? [
          {
            label: 'Wait for a retry',
            value: count(r.delayed),
            title:
              'Came back and are not ready yet, as the queue delays retries. They count towards its limit.',
          },
        ]
      : []),
    ...(r.lettersWaiting > 0
      ? [
          {
            label: 'Dead letters kept',
            value: count(r.lettersWaiting),
            beside: 'until they are taken',
            bad: true,
            title:
              'Dead letters that are still in the queue, as their target, or one of them, does not take them.',
          },
        ]
      : []),
  ];
}

/** What its consumers had for too long. */
function overdue(r: NodeReading): FigureRow[] {
  if (r.returned === 0) return [];
  const late = r.outstanding;
  return [
    {
      label: 'Taken back',
      value: count(r.returned),
      ...(late > 0 ? { beside: `${count(late)} ${late === 1 ? 'consumer' : 'consumers'} late` } : {}),
      bad: true,
      title:
        'Messages that a consumer had for longer than the consumer timeout. It gets nothing more until it has settled them.',
    },
  ];
}

/** What a queue measures now. */
export function queueFigures(r: NodeReading): FigureRow[] {
  return [
    {
      label: 'Waiting',
      value: growing(r),
      beside: r.limit > 0 ? `of ${count(r.limit)}` : 'no limit',
      bad: isGrowing(r) || (r.limit > 0 && r.amount + r.delayed >= r.limit * 0.9),
    },
    ...(r.bytesLimit > 0
      ? [
          {
            label: 'Bytes waiting',
            value: count(r.bytes),
            beside: `of ${count(r.bytesLimit)}`,
            bad: r.bytes >= r.bytesLimit * 0.9,
          },
        ]
      : []),
    { label: 'In', value: perSecond(r.inPerSecond) },
    { label: 'Out', value: perSecond(r.outPerSecond) },
    {
      label: 'Wait, mean',
      value: duration(r.waitMsMean),
      title: 'From entering the queue to the first try.',
    },
    ...(Number.isFinite(r.waitMsP95) ? [{ label: 'Wait, p95', value: duration(r.waitMsP95) }] : []),
    {
      label: 'Unacknowledged',
      value: count(r.unacknowledged),
      beside: 'with its consumers',
      title: 'Messages that consumers have and have not acknowledged; a consumer that dies gives them back.',
    },
    ...activeConsumer(r),
    ...(r.retryPerSecond >= 0.05
      ? [
          {
            label: 'Come back',
            value: perSecond(r.retryPerSecond),
            bad: true,
            title: 'Redelivered: its consumer died, failed at it or let it go.',
          },
        ]
      : []),
    ...overdue(r),
    ...heldBack(r),
    ...some('Dropped', r.dropped),
    ...some('Dead-lettered', r.deadLettered),
    ...some('Rejected by its readers', r.diedRejected),
    ...some('Expired', r.diedExpired),
    ...some('Pushed out or refused when full', r.diedMaxlen),
    ...some('Over the delivery limit', r.diedDeliveryLimit),
  ];
}
