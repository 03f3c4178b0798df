import { counted, type Finding } from './explanation-parts.ts';
import type { NodeReading } from '../figures/node-reading.ts';

/** What goes wrong between a managed broker and its consumers: work that takes too long, limits that are reached. */
export function cloudFindings(reading: NodeReading): Finding[] {
  const {
    unacknowledged,
    level,
    diedRejected: overdue,
    diedExpired: late,
    diedDeliveryLimit: dead,
    refused: calls,
    outstanding: unread,
    returned: unwanted,
  } = reading;
  const findings: Finding[] = [];
  if (level >= 1) {
    const inFlight = counted(unacknowledged, 'message is in flight', 'messages are in flight');
    const sentence = `${inFlight}, as many as may be, so nobody gets more.`;
    findings.push({ question: 'Why is it full?', sentence: [sentence] });
  }
  if (overdue > 0) {
    const out = counted(overdue, 'delivery was', 'deliveries were');
    const again = `${out} not acknowledged in time and ${overdue === 1 ? 'was' : 'were'} made again`;
    const inVain =
      late > 0 ? `; ${counted(late, 'acknowledgement', 'acknowledgements')} came too late to count` : '';
    const sentence = `So far ${again}, while the first consumer may still have been at work${inVain}.`;
    findings.push({ question: 'Why is it done twice?', sentence: [sentence] });
  }
  if (calls > 0) {
    const sentence = `So far ${counted(calls, 'call was', 'calls were')} refused (RequestThrottled): without high throughput it answers 300 a second to send, 300 to receive and 300 to delete.`;
    findings.push({ question: 'Why are calls refused?', sentence: [sentence] });
  }
  if (unread > 0) {
    const stay = counted(unread, 'message stays', 'messages stay');
    const sentence = `${stay} in the stream, as no consumer’s filter takes ${unread === 1 ? 'its subject' : 'their subjects'}.`;
    findings.push({ question: 'Who reads it?', sentence: [sentence] });
  }
  if (unwanted > 0) {
    const sentence = `So far ${counted(unwanted, 'message was', 'messages were')} not stored: of no subject of the stream, or of interest to no consumer.`;
    findings.push({ question: 'Where do messages go?', sentence: [sentence] });
  }
  if (dead > 0) {
    const sentence = `So far ${counted(dead, 'message has', 'messages have')} been delivered as often as allowed, and failed each time.`;
    findings.push({ question: 'Why does it fail?', sentence: [sentence] });
  }
  return findings;
}

/** What goes wrong between an event router and those it pushes to. */
export function routerFindings(reading: NodeReading): Finding[] {
  const { amount, diedRejected: unmatched, diedMaxlen: letters, diedDeliveryLimit: lost, refused } = reading;
  const findings: Finding[] = [];
  if (amount >= 1) {
    const waits = counted(amount, 'delivery has failed and waits', 'deliveries have failed and wait');
    const sentence = `${waits} for another try, while the other subscribers get theirs.`;
    findings.push({ question: 'Why does it hold events?', sentence: [sentence] });
  }
  if (letters + lost > 0) {
    const parts = [
      ...(letters > 0 ? [`${counted(letters, 'event is a dead letter', 'events are dead letters')}`] : []),
      ...(lost > 0
        ? [`${counted(lost, 'event is', 'events are')} lost, as the subscription has no dead-letter queue`]
        : []),
    ];
    const sentence = `A subscriber failed for longer than its retries last: so far ${parts.join(', ')}.`;
    findings.push({ question: 'Why does it fail?', sentence: [sentence] });
  }
  if (refused > 0) {
    const sentence = `So far ${counted(refused, 'publish was', 'publishes were')} refused (Throttling): without high throughput a FIFO topic takes 3,000 messages a second.`;
    findings.push({ question: 'Why are messages refused?', sentence: [sentence] });
  }
  if (unmatched > 0) {
    const sentence = `So far ${counted(unmatched, 'event has', 'events have')} reached nobody: no filter matches.`;
    findings.push({ question: 'Where do events go?', sentence: [sentence] });
  }
  return findings;
}
