import { clockTime } from '../../look/figures.ts';
import { namePart, type Context, type Finding, type Part } from './explanation-parts.ts';
import { nodeIndex } from '../figures/node-reading.ts';
import { readPartitions, worstFirst, type PartitionReading } from '../figures/replica-reading.ts';

/**
 * What the replicas of a topic have to do with a node: partitions that nobody leads, that refuse writes or that hold
 * back what may be read. For the topic itself, for who reads it and for who writes to it.
 */
export function replicaFindings(context: Context): Finding[] {
  const { frame, id, kind } = context;
  if (kind === 'topic') return topicFindings(context, id);
  const { nodes, edges } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  const topics = edges.flatMap(({ from, to }) => {
    if (kind === 'consumer-group' && to === self) return [{ topic: nodes[from].id, reads: true }];
    return from === self ? [{ topic: nodes[to].id, reads: false }] : [];
  });
  return topics.flatMap(({ topic, reads }) => {
    const [worst] = worstFirst(readPartitions(frame, topic));
    if (!worst) return [];
    if (worst.leader === 0) {
      const what = reads ? 'nobody can read it.' : 'what goes there waits in the client.';
      const question = reads ? 'Why is it lagging?' : 'Why does it wait?';
      const start: Part[] = [`p${worst.partition} of `, namePart(context, topic)];
      const since = ` has no leader since ${clockTime(worst.sinceMs)}: `;
      return [{ question, sentence: [...start, since, what], sinceMs: worst.sinceMs }];
    }
    const stuck = stuckFindings(context, topic, reads);
    return reads || worst.state !== 'under-min-isr' ? stuck : [refusal(context, topic, worst), ...stuck];
  });
}

function topicFindings(context: Context, topic: string): Finding[] {
  const troubled = worstFirst(readPartitions(context.frame, topic)).filter(({ state }) => state !== 'online');
  if (troubled.length === 0) return stuckFindings(context, topic);
  const [worst] = troubled;
  const first = { ...topicFinding(context, topic, worst), sinceMs: worst.sinceMs };
  const more = troubled.length - 1;
  const others = `${more === 1 ? '1 more partition is' : `${more} more partitions are`} in trouble.`;
  return more === 0 ? [first] : [first, { question: first.question, sentence: [others] }];
}

function topicFinding(context: Context, topic: string, worst: PartitionReading): Finding {
  const { partition, state, holders, inSync, sinceMs } = worst;
  const since = clockTime(sinceMs);
  if (state === 'leaderless') {
    const text = `p${partition} has no leader since ${since}: its broker is lost, and the cluster has not noticed yet.`;
    return { question: 'Why does it stand still?', sentence: [text] };
  }
  if (state === 'offline') {
    const text = `p${partition} is offline since ${since}: ${list(inSync)} alone ${inSync.length === 1 ? 'was' : 'were'} in sync, and must come back.`;
    return { question: 'Why does it stand still?', sentence: [text] };
  }
  if (state === 'under-min-isr') return refusal(context, topic, worst);
  const missing = holders.filter((broker) => !inSync.includes(broker));
  const text = `p${partition} lacks ${list(missing)} since ${since}: ${list(inSync)} ${inSync.length === 1 ? 'is' : 'are'} in sync.`;
  return { question: 'What is missing?', sentence: [text] };
}

/**
 * A replica that counts as in sync and pulls late holds back the high watermark: what is beyond it nobody reads, and a
 * write with acks=all is not answered. That ends when it has caught up, or no longer counts as in sync.
 */
function stuckFindings(context: Context, topic: string, reads?: boolean): Finding[] {
  const { activeFaults, frame } = context;
  for (const { partition, leader, inSync, logEnd, highWatermark } of readPartitions(frame, topic)) {
    const late = activeFaults.find(
      ({ node, fault, args }) =>
        fault === 'slow-follower' &&
        clusterOf(context, topic) === node &&
        Number(args.broker) !== leader &&
        inSync.includes(Number(args.broker)),
    );
    if (!late || highWatermark >= logEnd) continue;
    const who = `b${Number(late.args.broker)} pulls late since ${clockTime(late.sinceMs)} and still counts as in sync`;
    const read = 'nobody reads what it has not got';
    const written = 'writes with acks=all get no answer';
    const what = reads === undefined ? `${read}, and ${written}` : reads ? read : written;
    const sentence: Part[] = [
      `p${partition} of `,
      namePart(context, topic),
      ` stands still: ${who}, so ${what}.`,
    ];
    return [{ question: 'Why does it stand still?', sentence, sinceMs: late.sinceMs }];
  }
  return [];
}

/** The cluster that keeps a topic. */
function clusterOf({ design }: Context, topic: string): string | undefined {
  const clusters = design.nodes.filter(({ kind }) => kind === 'broker-cluster').map(({ id }) => id);
  return design.edges.find(({ from, to }) => from === topic && clusters.includes(to))?.to;
}

function refusal(context: Context, topic: string, { partition, inSync, sinceMs }: PartitionReading): Finding {
  return {
    question: 'Why are writes refused?',
    sentence: [
      `p${partition} of `,
      namePart(context, topic),
      ` refuses writes with acks=all since ${clockTime(sinceMs)}: only ${list(inSync)} in sync, fewer than min.insync.replicas.`,
    ],
    sinceMs,
  };
}

function list(brokers: readonly number[]): string {
  const names = brokers.map((broker) => `b${broker}`);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
