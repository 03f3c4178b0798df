import { countOf, groupDigits } from '../design/wording.ts';
import type { NodeResults, RunResults } from '../simulation/results/results.ts';
import { plain } from './problem-lines.ts';

/** One line for each cluster, and for each topic that one keeps: which brokers run, and how its partitions stand. */
export function replicaLines({ nodes }: RunResults): string[] {
  return Object.values(nodes).flatMap((node) => [...clusterLine(node), ...topicLine(node)]);
}

function clusterLine({ name, brokers }: NodeResults): string[] {
  if (!brokers) return [];
  const down = brokers.filter(({ isUp }) => !isUp).map(({ broker }) => broker);
  const which = down.length > 0 ? `, down: ${down.join(', ')}` : '';
  const leads = brokers.map((each) => each.leads).join(', ');
  return [`${plain(name)}: ${countOf(brokers.length, 'broker')}${which}, leading ${leads} partitions\n`];
}

function topicLine({ name, partitions, dropped, abortedRecords }: NodeResults): string[] {
  if (!partitions) return [];
  const states = [...new Set(partitions.map(({ state }) => state))].toSorted();
  const parts = states.map((state) => {
    const numbers = partitions.filter((each) => each.state === state).map(({ partition }) => `p${partition}`);
    const which = state === 'online' || numbers.length > 8 ? '' : ` (${numbers.join(', ')})`;
    return `${groupDigits(numbers.length)} ${state}${which}`;
  });
  const cutOff = dropped - abortedRecords;
  const lost = cutOff > 0 ? [`${groupDigits(cutOff)} lost by elections`] : [];
  return [`${plain(name)}: partitions ${[...parts, ...lost].join(', ')}\n`];
}
