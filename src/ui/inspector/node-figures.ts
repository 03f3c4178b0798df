import { count, duration, percent, perSecond, trend } from '../look/figures.ts';
import type { NodeReading } from './node-reading.ts';

/** One measured figure of a node. */
export interface FigureRow {
  label: string;
  value: string;
  /** The whole it is part of, or what it is compared with: "of 20". */
  beside?: string;
  bad?: boolean;
  /** What it means, where its name does not say it. */
  title?: string;
  testId?: string;
}

/** What a node of a kind measures now, the figure that matters most first. */
export function nodeFigures(kind: string, reading: NodeReading): FigureRow[] {
  switch (kind) {
    case 'producer':
      return producerFigures(reading);
    case 'topic':
      return topicFigures(reading);
    case 'queue':
      return queueFigures(reading);
    case 'consumer-group':
      return groupFigures(reading);
    case 'database':
      return databaseFigures(reading);
    case 'dead-letter-queue':
      return deadLetterFigures(reading);
    case 'exchange':
      return exchangeFigures(reading);
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
  ];
}

function topicFigures(r: NodeReading): FigureRow[] {
  return [
    { label: 'Written', value: perSecond(r.inPerSecond) },
    { label: 'Read', value: perSecond(r.outPerSecond), beside: 'by all groups' },
    { label: 'Stored, not yet read by all', value: count(r.amount) },
    ...some('Expired unread', r.expired),
  ];
}

function queueFigures(r: NodeReading): FigureRow[] {
  return [
    {
      label: 'Waiting',
      value: growing(r),
      beside: r.limit > 0 ? `of ${count(r.limit)}` : 'no limit',
      bad: isGrowing(r) || (r.limit > 0 && r.amount >= r.limit * 0.9),
    },
    { label: 'In', value: perSecond(r.inPerSecond) },
    { label: 'Out', value: perSecond(r.outPerSecond) },
    {
      label: 'Wait, mean',
      value: duration(r.waitMsMean),
      title: 'From entering the queue to the first try.',
    },
    ...(Number.isFinite(r.waitMsP95) ? [{ label: 'Wait, p95', value: duration(r.waitMsP95) }] : []),
    ...some('Dropped', r.dropped),
    ...some('Dead-lettered', r.deadLettered),
    ...some('Rejected by its readers', r.diedRejected),
    ...some('Expired', r.diedExpired),
    ...some('Pushed out or refused when full', r.diedMaxlen),
    ...some('Over the delivery limit', r.diedDeliveryLimit),
  ];
}

function groupFigures(r: NodeReading): FigureRow[] {
  const arrives = Number.isFinite(r.amountTrend) ? r.outPerSecond + r.amountTrend : NaN;
  return [
    {
      label: 'Behind',
      value: growing(r),
      beside: r.lagMs >= 1 ? `oldest ${duration(r.lagMs)}` : undefined,
      bad: isGrowing(r),
      title: 'Records not committed yet, and the age of the oldest of them.',
    },
    {
      label: 'Done',
      value: perSecond(r.outPerSecond),
      beside: arrives > r.outPerSecond * 1.05 + 0.5 ? `of ${perSecond(arrives)}` : undefined,
    },
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

function databaseFigures(r: NodeReading): FigureRow[] {
  return [
    {
      label: 'Connections busy',
      value: count(r.busy),
      beside: `of ${count(r.servers)}`,
      bad: r.servers > 0 && r.busy >= r.servers * 0.9,
    },
    { label: 'Calls', value: perSecond(r.outPerSecond) },
    { label: 'Wait, p95', value: duration(r.waitMsP95) },
    { label: 'Latency, p95', value: duration(r.latencyMsP95) },
    { label: 'Busy', value: percent(r.utilization), bad: r.utilization >= 0.98 },
    ...some('Failed calls', r.failedTotal),
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

/** "3,393, +154/s": how much, and whether it is getting more. */
function growing(r: NodeReading): string {
  return Math.abs(r.amountTrend) >= 0.5 ? `${count(r.amount)}, ${trend(r.amountTrend)}` : count(r.amount);
}

function isGrowing(r: NodeReading): boolean {
  return r.amount >= 20 && r.amountTrend > Math.max(1, r.outPerSecond * 0.05);
}

/** A row only when there is something to say. */
function some(label: string, value: number): FigureRow[] {
  return value > 0 ? [{ label, value: count(value), beside: 'since the start', bad: true }] : [];
}
