import { count } from '../look/figures.ts';
import type { Finding } from './explanation-parts.ts';
import type { NodeReading } from './node-reading.ts';

/** What goes wrong between a managed broker and its consumers: work that takes too long, limits that are reached. */
export function cloudFindings(reading: NodeReading): Finding[] {
  const {
    unacknowledged,
    level,
    diedRejected: overdue,
    diedExpired: late,
    diedDeliveryLimit: dead,
  } = reading;
  const findings: Finding[] = [];
  if (level >= 1) {
    const sentence = `${count(unacknowledged)} messages are in flight, as many as may be, so nobody gets more.`;
    findings.push({ question: 'Why is it full?', sentence: [sentence] });
  }
  if (overdue > 0) {
    const inVain = late > 0 ? `, and ${count(late)} acknowledgements came too late to count` : '';
    const sentence = `${count(overdue)} deliveries were not acknowledged within their time and were made again while the first consumer may still have been at work${inVain}.`;
    findings.push({ question: 'Why is it done twice?', sentence: [sentence] });
  }
  if (dead > 0) {
    const sentence = `${count(dead)} messages had been delivered as often as they may be.`;
    findings.push({ question: 'Why does it fail?', sentence: [sentence] });
  }
  return findings;
}

/** What goes wrong between an event router and those it pushes to. */
export function routerFindings(reading: NodeReading): Finding[] {
  const { amount, diedRejected: unmatched, diedMaxlen: letters, diedDeliveryLimit: lost } = reading;
  const findings: Finding[] = [];
  if (amount >= 1) {
    const sentence = `${count(amount)} deliveries failed and wait for another try, while the other subscribers get theirs.`;
    findings.push({ question: 'Why does it hold events?', sentence: [sentence] });
  }
  if (letters + lost > 0) {
    const parts = [
      ...(letters > 0 ? [`${count(letters)} are dead letters`] : []),
      ...(lost > 0 ? [`${count(lost)} are lost, as their subscription has no dead-letter queue`] : []),
    ];
    const sentence = `A subscriber failed for longer than its retries last: ${parts.join(', ')}.`;
    findings.push({ question: 'Why does it fail?', sentence: [sentence] });
  }
  if (unmatched > 0) {
    const sentence = `${count(unmatched)} events reached nobody, as no filter takes them.`;
    findings.push({ question: 'Where do events go?', sentence: [sentence] });
  }
  return findings;
}

/** Shards that get more than they take. */
export function streamFindings({ diedRejected: refused }: NodeReading): Finding[] {
  if (!(refused > 0)) return [];
  const sentence = `${count(refused)} times a shard that had its 1,000 records or 1 MiB of a second refused another, which its producer then sent in the next second.`;
  return [{ question: 'Why are writes refused?', sentence: [sentence] }];
}
