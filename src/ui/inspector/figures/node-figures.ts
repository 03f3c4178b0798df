import { count, duration, percent, perSecond, rate } from '../../look/figures.ts';
import { growing, isGrowing, some, type FigureRow } from './figure-row.ts';
import type { MemberReading, NodeReading } from './node-reading.ts';
import { activeConsumer, queueFigures } from './queue-figures.ts';

/** What a node of a kind measures now, the figure that matters most first; of a group with its members. */
export function nodeFigures(
  kind: string,
  reading: NodeReading,
  members: readonly MemberReading[] = [],
): FigureRow[] {
  switch (kind) {
    case 'producer':
      return producerFigures(reading);
    case 'topic':
      return topicFigures(reading);
    case 'queue':
      return queueFigures(reading);
    case 'consumer-group':
      return groupFigures(reading, members);
    case 'database':
      return databaseFigures(reading);
    case 'service':
      return serviceFigures(reading);
    case 'cloud-broker':
      return cloudFigures(reading);
    case 'event-router':
      return routerFigures(reading);
    case 'dead-letter-queue':
      return deadLetterFigures(reading);
    case 'exchange':
      return exchangeFigures(reading);
    case 'broker-cluster':
      return [
        {
          label: 'Brokers that run',
          value: count(reading.amount),
          beside: `of ${count(reading.limit)}`,
          bad: reading.amount < reading.limit,
        },
      ];
    default:
      return [
        { label: 'In', value: perSecond(reading.inPerSecond) },
        { label: 'Out', value: perSecond(reading.outPerSecond) },
      ];
  }
}

function producerFigures(r: NodeReading): FigureRow[] {
  return [
    { label: 'Sends', value: perSecond(r.outPerSecond) },
    { label: 'Sent', value: count(r.totalOut), beside: 'since the start' },
    { label: 'Held back', value: duration(r.heldBackMs), beside: 'since the start', bad: r.blockedBy >= 0 },
    ...quotaFigures(r),
    ...confirmFigures(r),
    ...transactionFigures(r),
  ];
}

/** How long brokers left a client or a group alone that wrote or read too much. */
function quotaFigures(r: NodeReading): FigureRow[] {
  if (!(r.throttledMs > 0)) return [];
  return [
    {
      label: 'Kept back by a quota',
      value: duration(r.throttledMs),
      beside: 'since the start',
      bad: true,
      title: 'Its brokers serve it no more for a while after it moved more bytes than its quota.',
    },
  ];
}

/** What the broker has answered a publisher with confirms. */
function confirmFigures(r: NodeReading): FigureRow[] {
  if (!(r.connection >= 0) || r.outstanding + r.confirmed + r.refused + r.returned === 0) return [];
  return [
    { label: 'Confirmed', value: count(r.confirmed), beside: `${count(r.outstanding)} outstanding` },
    ...some('Refused (nack)', r.refused),
    ...some('Returned as unroutable', r.returned),
  ];
}

/** How the transactions of a producer or a group ended. */
function transactionFigures(r: NodeReading): FigureRow[] {
  if (!(r.transaction >= 0) && !(r.committed + r.aborted + r.leftOpen > 0)) return [];
  return [
    { label: 'Committed', value: count(r.committed), beside: 'transactions' },
    { label: 'Aborted', value: count(r.aborted), beside: 'transactions', bad: r.aborted > 0 },
    ...(r.leftOpen > 0
      ? [
          {
            label: 'Left open',
            value: count(r.leftOpen),
            beside: 'since the start',
            bad: true,
            title: 'The coordinator aborts each after transaction.timeout.ms; what is behind it waits.',
          },
        ]
      : []),
  ];
}

function topicFigures(r: NodeReading): FigureRow[] {
  return [
    { label: 'Written', value: perSecond(r.inPerSecond) },
    { label: 'Read', value: perSecond(r.outPerSecond), beside: 'by all groups' },
    { label: 'Stored, not yet read by all', value: count(r.amount) },
    ...some('Refused by a full shard', r.diedRejected),
    ...some('Calls for records refused', r.diedExpired),
    ...some('Expired unread', r.expired),
    ...compactionFigures(r),
    ...some('Aborted with their transaction', r.aborted),
    ...some('Lost by an election', r.dropped - r.aborted),
  ];
}

/** What compaction has left of a topic. */
function compactionFigures(r: NodeReading): FigureRow[] {
  if (!(r.keptRecords >= 0)) return [];
  return [
    {
      label: 'Kept',
      value: count(r.keptRecords),
      beside: r.tombstones > 0 ? `records, ${count(r.tombstones)} tombstones` : 'records',
      title: 'Compaction keeps the newest record of each key; a tombstone says that a key is deleted.',
    },
    { label: 'Removed by compaction', value: count(r.compactedAway), beside: 'since the start' },
  ];
}

/** How old the oldest record is, and what members with a wrong clock take it for. */
function oldest({ lagMs, lagReadMs }: NodeReading): string | undefined {
  if (Math.abs(lagReadMs - lagMs) >= 1) return `oldest ${duration(lagMs)}, read as ${duration(lagReadMs)}`;
  return lagMs >= 1 ? `oldest ${duration(lagMs)}` : undefined;
}

function groupFigures(r: NodeReading, members: readonly MemberReading[]): FigureRow[] {
  const done = members.reduce((sum, member) => sum + member.perSecond, 0);
  const inVain = r.outPerSecond - done - r.deadPerSecond;
  const arrives = Number.isFinite(r.amountTrend) ? r.outPerSecond + r.amountTrend : NaN;
  return [
    {
      label: 'Behind',
      value: growing(r),
      beside: oldest(r),
      bad: isGrowing(r),
      title: 'Records not committed yet, and the age of the oldest of them.',
    },
    {
      label: 'Done',
      value: perSecond(done),
      title: 'Messages whose work succeeded.',
      beside: arrives > r.outPerSecond * 1.05 + 0.5 ? `of ${perSecond(arrives)}` : undefined,
    },
    ...(inVain >= 0.05
      ? [
          {
            label: 'Given back',
            value: perSecond(inVain),
            bad: true,
            title: 'Messages that went back to their queue undone.',
          },
        ]
      : []),
    ...quotaFigures(r),
    ...pollFigures(r),
    ...transactionFigures(r),
    { label: 'To retry', value: perSecond(r.retryPerSecond), bad: r.retryPerSecond >= 0.05 },
    ...(r.retryAmplification > 1.005
      ? [
          {
            label: 'Tries for each message',
            value: r.retryAmplification.toFixed(2),
            title: 'Retry amplification: how many times more work the group does than without retries.',
          },
        ]
      : []),
    ...(r.unacknowledged > 0
      ? [{ label: 'Sent ahead', value: count(r.unacknowledged), beside: 'wait with its members' }]
      : []),
    ...activeConsumer(r),
    { label: 'Dead-lettered', value: perSecond(r.deadPerSecond), bad: r.deadPerSecond >= 0.05 },
    { label: 'Wait, p95', value: duration(r.waitMsP95) },
    { label: 'Latency, p95', value: duration(r.latencyMsP95) },
    {
      label: 'Busy',
      value: percent(r.utilization),
      beside: `of the time, ${count(r.busy)} of ${count(r.servers)} now`,
      bad: r.utilization >= 0.98,
    },
    ...some('Read twice', r.duplicates),
    ...deliveryFigures(r),
    ...some('Dropped', r.dropped),
  ];
}

/** How much each poll of a group that polls in batches brings. */
function pollFigures(r: NodeReading): FigureRow[] {
  if (!(r.polls > 0)) return [];
  const records = r.polledRecords / r.polls;
  return [
    {
      label: 'Records a poll',
      value: rate(records),
      beside: `${count(r.polls)} polls`,
      title: 'Polls that brought any; max.poll.records is the most that one brings.',
    },
  ];
}

function databaseFigures(r: NodeReading): FigureRow[] {
  return [
    {
      label: 'Connections busy',
      value: count(r.busy),
      beside: `of ${count(r.servers)}`,
      bad: r.servers > 0 && r.busy >= r.servers * 0.9,
    },
    { label: 'Calls', value: perSecond(r.outPerSecond) },
    { label: 'Latency, p95', value: duration(r.latencyMsP95) },
    { label: 'Busy', value: percent(r.utilization), bad: r.utilization >= 0.98 },
    ...some('Failed calls', r.failedTotal),
  ];
}

/** What the broker counts of its deliveries has the columns in which a queue counts its dead. */
function cloudFigures(r: NodeReading): FigureRow[] {
  return [
    { label: 'Waiting', value: growing(r), bad: isGrowing(r) },
    {
      label: 'In flight',
      value: count(r.unacknowledged),
      beside: Number.isNaN(r.level) ? 'no limit' : `${percent(r.level)} of the limit`,
      bad: r.level >= 0.9,
      title: 'Delivered and not acknowledged; of the group with most where each has all messages.',
    },
    { label: 'In', value: perSecond(r.inPerSecond) },
    { label: 'Delivered', value: perSecond(r.outPerSecond) },
    ...activeConsumer(r),
    ...some('Time limit over', r.diedRejected),
    ...some('Acknowledged too late', r.diedExpired),
    ...some('Recognised as repetition', r.diedMaxlen),
    ...some('Out of deliveries', r.diedDeliveryLimit),
    ...some('Calls over its limit', r.refused),
    ...(r.outstanding > 0 ? [{ label: 'Kept, read by nobody', value: count(r.outstanding), bad: true }] : []),
    ...some('Not stored', r.returned),
    ...some('Expired', r.expired),
  ];
}

/** What goes wrong at its subscriptions has the columns in which a queue counts its dead. */
function routerFigures(r: NodeReading): FigureRow[] {
  return [
    { label: 'Published', value: perSecond(r.inPerSecond) },
    { label: 'Pushed', value: perSecond(r.outPerSecond), beside: 'a copy for each subscriber' },
    {
      label: 'Wait for another try',
      value: growing(r),
      bad: r.amount > 0,
      title: 'Deliveries that failed and are tried again by the plan of their subscription.',
    },
    { label: 'Retries', value: perSecond(r.retryPerSecond), bad: r.retryPerSecond >= 0.05 },
    ...some('Attempts without an answer', r.diedExpired),
    ...some('To the dead letters', r.diedMaxlen),
    ...some('Given up and lost', r.diedDeliveryLimit),
    ...some('Matched no filter', r.diedRejected),
    ...some('Recognised as repetition', r.returned),
    ...some('Publishes over its limit', r.refused),
  ];
}

/** The four ways of a call to end badly have the columns in which a queue counts its dead. */
function serviceFigures(r: NodeReading): FigureRow[] {
  return [
    {
      label: 'Calls at once',
      value: count(r.busy),
      beside: `of ${count(r.servers)}`,
      bad: r.servers > 0 && r.busy >= r.servers * 0.9,
    },
    { label: 'Answered', value: perSecond(r.outPerSecond) },
    { label: 'Wait, p95', value: duration(r.waitMsP95), title: 'In the line of the service.' },
    { label: 'Latency, p95', value: duration(r.latencyMsP95) },
    { label: 'Busy', value: percent(r.utilization), bad: r.utilization >= 0.98 },
    ...some('Errors (500)', r.diedRejected),
    ...some('Over its rate limit (429)', r.diedExpired),
    ...some('Too busy (503)', r.diedMaxlen),
    ...some('Failed in an outage', r.diedDeliveryLimit),
  ];
}

function deadLetterFigures(r: NodeReading): FigureRow[] {
  return [
    {
      label: 'Dead letters',
      value: count(r.amount),
      beside: `alert at ${count(r.limit)}`,
      bad: r.amount > 0,
    },
    { label: 'Arrive', value: perSecond(r.inPerSecond), bad: r.inPerSecond >= 0.05 },
    { label: 'Arrived', value: count(r.deadLettered), beside: 'since the start' },
    ...(r.totalOut > 0
      ? [
          {
            label: 'Redriven',
            value: count(r.totalOut),
            beside: `since the start, ${perSecond(r.outPerSecond)} now`,
          },
        ]
      : []),
  ];
}

function exchangeFigures(r: NodeReading): FigureRow[] {
  return [
    { label: 'Published', value: perSecond(r.inPerSecond) },
    { label: 'Routed', value: perSecond(r.outPerSecond), beside: 'one copy for each queue' },
    ...some('Unroutable', r.dropped),
    ...some('Returned', r.amount),
  ];
}

/** What the group promises about its messages, and what has become of the promise. */
function deliveryFigures(r: NodeReading): FigureRow[] {
  if (!(r.guarantee > 0)) return [];
  const row = (label: string, value: number, bit: number): FigureRow => {
    const isForbidden = (r.forbidden & bit) !== 0;
    const beside = isForbidden ? 'expected 0' : 'allowed';
    return { label, value: count(value), beside, bad: isForbidden && value > 0 };
  };
  return [
    row('Done again', r.doneAgain, 1),
    ...(r.skipped > 0 ? [{ label: 'Duplicates skipped', value: count(r.skipped) }] : []),
    row('Lost', r.lost, 2),
    row('Out of order per key', r.reordered, 4),
  ];
}
