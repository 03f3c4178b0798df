import { expect, it } from 'vitest';
import { cloudFindings, routerFindings } from './explain-cloud.ts';
import { serviceFindings } from './explain-service.ts';
import type { NodeReading } from '../figures/node-reading.ts';

const quiet = { busy: 0, servers: 50, failedTotal: 0, level: 0, unacknowledged: 0, outPerSecond: 12 };
const counts = { diedRejected: 0, diedExpired: 0, diedMaxlen: 0, diedDeliveryLimit: 0 };
const reading = (some: Partial<NodeReading> = {}) => ({ ...quiet, ...counts, ...some }) as NodeReading;
const said = (findings: readonly { sentence: readonly unknown[] }[]) =>
  findings.map(({ sentence }) => sentence.join(''));

it('a healthy service and a healthy broker say nothing', () => {
  expect(serviceFindings(reading())).toEqual([]);
  expect(cloudFindings(reading())).toEqual([]);
});

it('a service says what its failed calls died of', () => {
  const limited = reading({ failedTotal: 30, diedExpired: 20, diedMaxlen: 10, busy: 50 });
  expect(said(serviceFindings(limited))).toEqual([
    'All 50 places are busy; it answers 12/s.',
    'Of 30 failed calls 20 were over its rate limit (429), 10 found its line full (503).',
  ]);
});

it('a broker says that work took too long and was done twice', () => {
  const late = reading({ diedRejected: 82, diedExpired: 80, level: 1, unacknowledged: 120 });
  expect(said(cloudFindings(late))).toEqual([
    '120 messages are in flight, as many as may be, so nobody gets more.',
    'So far 82 deliveries were not acknowledged in time and were made again, while the first consumer may still have been at work; 80 acknowledgements came too late to count.',
  ]);
});

it('an SQS FIFO queue says that its calls are used up', () => {
  expect(said(cloudFindings(reading({ refused: 7 })))).toEqual([
    'So far 7 calls were refused (RequestThrottled): without high throughput it answers 300 a second to send, 300 to receive and 300 to delete.',
  ]);
});

it('a stream says what no consumer takes, and what it did not keep', () => {
  expect(said(cloudFindings(reading({ outstanding: 1, returned: 3 })))).toEqual([
    '1 message stays in the stream, as no consumer’s filter takes its subject.',
    'So far 3 messages were not stored: of no subject of the stream, or of interest to no consumer.',
  ]);
});

it('a FIFO topic says that it has taken all that it may', () => {
  expect(said(routerFindings(reading({ amount: 0, refused: 2 })))).toEqual([
    'So far 2 publishes were refused (Throttling): without high throughput a FIFO topic takes 3,000 messages a second.',
  ]);
});

it('one of a thing is said as one', () => {
  const one = reading({ diedRejected: 1, diedExpired: 1, diedDeliveryLimit: 1, level: 1, unacknowledged: 1 });
  expect(said(cloudFindings(one))).toEqual([
    '1 message is in flight, as many as may be, so nobody gets more.',
    'So far 1 delivery was not acknowledged in time and was made again, while the first consumer may still have been at work; 1 acknowledgement came too late to count.',
    'So far 1 message has been delivered as often as allowed, and failed each time.',
  ]);
  const router = reading({ amount: 1, diedRejected: 1, diedMaxlen: 1, diedDeliveryLimit: 1 });
  expect(said(routerFindings(router))).toEqual([
    '1 delivery has failed and waits for another try, while the other subscribers get theirs.',
    'A subscriber failed for longer than its retries last: so far 1 event is a dead letter, 1 event is lost, as the subscription has no dead-letter queue.',
    'So far 1 event has reached nobody: no filter matches.',
  ]);
  const service = reading({ busy: 1, servers: 1, failedTotal: 1, diedMaxlen: 1 });
  expect(said(serviceFindings(service))).toEqual([
    'Its only place is busy; it answers 12/s.',
    'Of 1 failed call 1 found its line full (503).',
  ]);
});
