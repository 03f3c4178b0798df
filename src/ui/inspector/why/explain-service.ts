import { count, perSecond } from '../../look/figures.ts';
import { counted, type Finding } from './explanation-parts.ts';
import type { NodeReading } from '../figures/node-reading.ts';

/** Why calls to an external service end badly: by its limit, for lack of room, in an outage, or by its own fault. */
export function serviceFindings(reading: NodeReading): Finding[] {
  const { busy, servers, failedTotal } = reading;
  const ways: string[] = [];
  let told = 0;
  const say = (calls: number, one: string, many = one) => {
    if (!(calls > 0)) return;
    told += calls;
    ways.push(counted(calls, one, many));
  };
  say(reading.diedExpired, 'was over its rate limit (429)', 'were over its rate limit (429)');
  say(reading.diedMaxlen, 'found its line full (503)');
  say(reading.diedDeliveryLimit, 'failed in an outage');
  say(reading.diedRejected, 'was answered with an error (500)', 'were answered with an error (500)');
  const findings: Finding[] = [];
  const allBusy = servers === 1 ? 'Its only place is busy' : `All ${count(servers)} places are busy`;
  if (servers > 0 && busy >= servers) {
    findings.push({
      question: 'Why is it full?',
      sentence: [`${allBusy}; it answers ${perSecond(reading.outPerSecond)}.`],
    });
  }
  if (ways.length > 0) {
    // A call that is refused counts before its caller hears of it.
    const failed = Math.max(failedTotal, told);
    findings.push({
      question: 'Why does it fail?',
      sentence: [`Of ${counted(failed, 'failed call', 'failed calls')} ${ways.join(', ')}.`],
    });
  }
  return findings;
}
