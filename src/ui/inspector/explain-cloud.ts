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
