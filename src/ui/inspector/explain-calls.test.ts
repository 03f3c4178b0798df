import { expect, it } from 'vitest';
import { cloudFindings } from './explain-cloud.ts';
import { serviceFindings } from './explain-service.ts';
import type { NodeReading } from './node-reading.ts';

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
    '82 deliveries were not acknowledged within their time and were made again while the first consumer may still have been at work, and 80 acknowledgements came too late to count.',
  ]);
});
