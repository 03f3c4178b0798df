import { count, perSecond } from '../look/figures.ts';
import type { Finding } from './explanation-parts.ts';
import type { NodeReading } from './node-reading.ts';

/** Why calls to an external service end badly: by its limit, for lack of room, in an outage, or by its own fault. */
export function serviceFindings(reading: NodeReading): Finding[] {
  const { busy, servers, failedTotal } = reading;
  const ways: string[] = [];
  const say = (calls: number, why: string) => {
    if (calls > 0) ways.push(`${count(calls)} ${why}`);
  };
  say(reading.diedExpired, 'were over its rate limit (429)');
  say(reading.diedMaxlen, 'found its line full (503)');
  say(reading.diedDeliveryLimit, 'failed in an outage');
  say(reading.diedRejected, 'were answered with an error (500)');
  const findings: Finding[] = [];
  if (servers > 0 && busy >= servers) {
    findings.push({
      question: 'Why is it full?',
      sentence: [`All ${count(servers)} places are busy; it answers ${perSecond(reading.outPerSecond)}.`],
    });
  }
  if (ways.length > 0) {
    findings.push({
      question: 'Why does it fail?',
      sentence: [`Of ${count(failedTotal)} failed calls ${ways.join(', ')}.`],
    });
  }
  return findings;
}
