import { count } from '../../look/figures.ts';
import { EDGE } from '../../../simulation/frame/frame-layout.ts';
import { counted, namePart, type Context, type Finding } from './explanation-parts.ts';
import { nodeIndex, type NodeReading } from '../figures/node-reading.ts';

/** Shards that get more than they take, or are asked for more than they give. */
export function streamFindings({ diedRejected: refused, diedExpired: calls }: NodeReading): Finding[] {
  const findings: Finding[] = [];
  if (refused > 0) {
    const sentence = `So far ${counted(refused, 'write was', 'writes were')} refused and sent again in the next second: a shard takes 1,000 records and 1 MiB a second.`;
    findings.push({ question: 'Why are writes refused?', sentence: [sentence] });
  }
  if (calls > 0) {
    const sentence = `So far ${counted(calls, 'call of its consumers was', 'calls of its consumers were')} refused: a shard answers 5 calls and gives 2 MiB a second to all who share it. Enhanced fan-out gives each its own.`;
    findings.push({ question: 'Why are reads refused?', sentence: [sentence] });
  }
  return findings;
}

/** What keeps a group that shares the shards of a stream from reading as fast as it could. */
export function readerFindings(context: Context): Finding[] {
  const { frame, id, kind } = context;
  if (kind !== 'consumer-group') return [];
  const { layout, data } = frame;
  const { edges, nodes } = layout.shape;
  const self = nodeIndex(frame, id);
  return edges.flatMap(({ from, to }, edge): Finding[] => {
    const refused = to === self ? data[layout.edge(edge) + EDGE.throttled] : 0;
    if (!(refused > 0)) return [];
    const what = ` refused ${count(refused)} of its calls so far: each answers 5 calls and gives 2 MiB a second to all who share it.`;
    const sentence = ['Shards of ', namePart(context, nodes[from].id), what];
    return [{ question: 'Why is it lagging?', sentence }];
  });
}
