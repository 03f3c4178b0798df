import { kindDefinition } from '../../../kinds/registry.ts';
import { NODE } from '../../../simulation/frame/frame-layout.ts';
import { clockTime, count, duration, perSecond } from '../../look/figures.ts';
import { backlogGrowth } from './backlog-growth.ts';
import { consumerFindings } from './explain-consumers.ts';
import { publisherFindings } from './explain-publisher.ts';
import { memberFindings } from './explain-members.ts';
import { queueFindings } from './explain-queue.ts';
import { rebalanceFindings } from './explain-rebalance.ts';
import { replicaFindings } from './explain-replicas.ts';
import { cloudFindings, routerFindings } from './explain-cloud.ts';
import { readerFindings, streamFindings } from './explain-stream.ts';
import { serviceFindings } from './explain-service.ts';
import { slowAnswerFindings, workFindings } from './explain-work.ts';
import {
  counted,
  joinParts,
  listed,
  namePart,
  standing,
  type Context,
  type Evidence,
  type Finding,
  type Part,
} from './explanation-parts.ts';
import { badgeText, faultLabel } from '../fault-text.ts';
import { plainJson } from '../plain-json.ts';
import { readMembers, readNode, readReaders } from '../figures/node-reading.ts';

/** Why a node stands as it does. */
export interface Explanation {
  /** "Why is it lagging?" */
  question: string;
  /** One to three sentences, the weightiest first. */
  sentences: readonly (readonly Part[])[];
  /** When it began, to jump to; null if not known. */
  sinceMs: number | null;
}

/** Messages behind below which a group counts as keeping up. */
const BEHIND_MIN = 20;

/**
 * Explains a node from what the run measured: who blocks whom and since when, what nobody reads, what is full, what
 * arrives faster than it leaves. Null when there is nothing out of the ordinary. Causes come before effects, so a
 * fault by hand is named before the lag it leads to.
 */
export function explainNode(evidence: Evidence, nodeId: string): Explanation | null {
  const reading = readNode(evidence.frame, nodeId);
  const node = evidence.design.nodes.find((candidate) => candidate.id === nodeId);
  if (!reading || !node) return null;
  const context: Context = { ...evidence, id: nodeId, kind: node.kind, reading };
  const unread = unreadFindings(context);
  const queue = queueFindings(context);
  const publisher = publisherFindings(context);
  const work = workFindings(context);
  const findings = [
    // "Nobody reads p1 since m2 crashed" already names the crash.
    ...faultFindings(context).filter(({ sinceMs }) => unread.every((finding) => finding.sinceMs !== sinceMs)),
    ...replicaFindings(context),
    ...unread,
    ...rebalanceFindings(context),
    ...(publisher.length > 0 ? publisher : blockedFindings(context)),
    ...(queue.length > 0 ? queue : [...blockingFindings(context), ...failureFindings(context)]),
    ...slowAnswerFindings(context),
    ...work,
    ...consumerFindings(context),
    ...memberFindings(context),
    ...readerFindings(context),
    ...(work.length > 0 ? [] : growthFindings(context)),
    ...shapeFindings(context),
  ];
  if (findings.length === 0) return null;
  const since = findings.map((finding) => finding.sinceMs).filter((ms) => ms !== undefined);
  return {
    question: questionOf(findings),
    sentences: findings.slice(0, 3).map((finding) => finding.sentence),
    sinceMs: since.length > 0 ? Math.min(...since) : null,
  };
}

/** The sentences as plain text, for the table, the live region and tests. */
export function plainText(explanation: Explanation): string {
  return explanation.sentences
    .map((parts) => parts.map((part) => (typeof part === 'string' ? part : part.name)).join(''))
    .join(' ');
}

/** The effect makes the question, since that is what was seen; a cause alone asks what happens. */
function questionOf(findings: readonly Finding[]): string {
  const order = ['Why is it lagging?', 'Why is it blocked?', 'Why is it full?', 'Why does it fail?'];
  return order.find((question) => findings.some((f) => f.question === question)) ?? findings[0].question;
}

function faultFindings({ activeFaults, id, kind, design }: Context): Finding[] {
  const definition = kindDefinition(kind);
  const own = activeFaults
    .filter((fault) => fault.node === id)
    .map((fault) => {
      const known = definition?.faults.find((candidate) => candidate.id === fault.fault);
      const badge = known ? badgeText(known, fault.args) : fault.fault;
      return {
        question: 'What is broken?',
        sentence: [`${badge} ${badge.endsWith('crashed') ? 'at' : 'since'} ${clockTime(fault.sinceMs)}.`],
        sinceMs: fault.sinceMs,
      };
    });
  const ends = design.edges.filter(({ from, to }) => from === id || to === id);
  const around = activeFaults
    .filter((fault) => ends.some((edge) => edge.id === fault.edge))
    .map((fault) => ({
      question: 'What is broken?',
      sentence: [`Network ${faultLabel(design, fault)} since ${clockTime(fault.sinceMs)}.`],
      sinceMs: fault.sinceMs,
    }));
  return [...own, ...around];
}

/** Until the session timeout the group still counts a dead member as reader: its partitions are unread all the same. */
function unreadFindings({ frame, id, activeFaults, reading }: Context): Finding[] {
  const readers = readReaders(frame, id);
  if (readers.length === 0 || reading.machineState < 0) return [];
  const crashes = activeFaults.filter((fault) => fault.node === id && fault.fault === 'crash');
  const dead = new Set(crashes.map((fault) => fault.args.member));
  const unread = readers.filter((row) => row.owner === 0 || dead.has(row.owner));
  if (unread.length === 0) return [];
  const crash = crashes.find((fault) => unread.some((row) => row.owner === fault.args.member)) ?? crashes[0];
  const topics = new Set(readers.map((row) => row.topic)).size;
  const names = unread.map((row) => (topics > 1 ? `${row.topic} p${row.partition}` : `p${row.partition}`));
  const what = unread.length === readers.length ? 'any partition' : listed(names);
  const since = crash
    ? ` since m${plainJson(crash.args.member)} crashed at ${clockTime(crash.sinceMs)}`
    : ' now';
  return [
    { question: 'Why is it lagging?', sentence: [`Nobody reads ${what}${since}.`], sinceMs: crash?.sinceMs },
  ];
}

function blockedFindings(context: Context): Finding[] {
  const { frame, id, reading } = context;
  if (!(reading.blockedBy >= 0)) return [];
  const blockerId = frame.layout.shape.nodes[reading.blockedBy]?.id;
  const blocker = blockerId === undefined ? null : readNode(frame, blockerId);
  if (!blocker) return [];
  const self = namePart(context, id);
  const findings: Finding[] = [
    {
      question: 'Why is it blocked?',
      sentence: [
        namePart(context, blockerId),
        ` ${standing(context, blockerId, blocker)}, so `,
        self,
        ' waits.',
      ],
      sinceMs: reading.blockedSinceMs >= 0 ? reading.blockedSinceMs : undefined,
    },
  ];
  const nextId = frame.layout.shape.nodes[blocker.blockedBy]?.id;
  if (nextId !== undefined && nextId !== id) {
    const next = readNode(frame, nextId);
    const why = next ? ` ${standing(context, nextId, next)}` : ' takes nothing';
    findings.push({
      question: 'Why is it blocked?',
      sentence: [namePart(context, blockerId), ' itself waits: ', namePart(context, nextId), `${why}.`],
    });
  }
  return findings;
}

/** The other side of backpressure: this node is full and others wait for it. */
function blockingFindings(context: Context): Finding[] {
  const { frame, id, reading } = context;
  const { layout, data } = frame;
  const self = layout.shape.nodes.findIndex((node) => node.id === id);
  const waiting = layout.shape.nodes.filter((_, index) => data[layout.node(index) + NODE.blockedBy] === self);
  if (waiting.length === 0) return [];
  const names = waiting.map((node) => namePart(context, node.id));
  return [
    {
      question: context.kind === 'topic' ? 'Who waits for it?' : 'Why is it full?',
      sentence: [
        namePart(context, id),
        ` ${standing(context, id, reading)}, so `,
        ...joinParts(names),
        names.length === 1 ? ' waits.' : ' wait.',
      ],
    },
  ];
}

function failureFindings({ reading, kind }: Context): Finding[] {
  if (kind === 'dead-letter-queue') {
    if (!(reading.amount > 0)) return [];
    const growing = reading.inPerSecond >= 0.05 ? `, ${perSecond(reading.inPerSecond)} more` : '';
    return [
      {
        question: 'What lies here?',
        sentence: [`${counted(reading.amount, 'message', 'messages')} that nobody could process${growing}.`],
      },
    ];
  }
  if (kind === 'service') return serviceFindings(reading);
  if (kind === 'cloud-broker') return cloudFindings(reading);
  if (kind === 'event-router') return routerFindings(reading);
  if (kind === 'topic') return streamFindings(reading);
  const { deadPerSecond } = reading;
  // What comes back to a queue did not fail there.
  const retryPerSecond = kind === 'queue' ? 0 : reading.retryPerSecond;
  if (!(retryPerSecond >= 0.05) && !(deadPerSecond >= 0.05)) return [];
  const retry = retryPerSecond >= 0.05 ? `${perSecond(retryPerSecond)} fail and are tried again` : '';
  const dead = deadPerSecond >= 0.05 ? `${perSecond(deadPerSecond)} end as dead letters` : '';
  const both = retry && dead ? `${retry}; ${dead}` : retry || dead;
  return [{ question: 'Why does it fail?', sentence: [`${both}.`] }];
}

/** Arrivals follow from what leaves and how fast the amount grows, so the sentence agrees with the chart. */
function growthFindings({ reading, kind }: Context): Finding[] {
  if (kind !== 'consumer-group' && kind !== 'cloud-broker') return [];
  const question = kind === 'cloud-broker' ? 'Why does it grow?' : 'Why is it lagging?';
  const { amount, amountTrend: trend, outPerSecond: leave } = reading;
  if (reading.heldByTransactions > 0 && amount >= BEHIND_MIN) {
    const held = `${counted(reading.heldByTransactions, 'record lies', 'records lie')} behind an open transaction`;
    return [
      {
        question: 'Why is it lagging?',
        sentence: [`${held}: it reads committed records only, and nothing beyond that until it ends.`],
      },
    ];
  }
  if (!(amount >= BEHIND_MIN) || !Number.isFinite(trend)) return [];
  if (reading.throttledMs > 0 && reading.utilization < 0.9) {
    const said = `A quota (consumer_byte_rate) has kept it from reading for ${duration(reading.throttledMs)} so far`;
    return [{ question: 'Why is it lagging?', sentence: [`${said}: its members wait for answers.`] }];
  }
  const grows = backlogGrowth(reading);
  if (grows) {
    return [
      {
        question,
        // What keeps it from its partitions for a while has been said already.
        sentence: [
          `${reading.loadHindrance > 0 ? 'Meanwhile' : 'No bound:'} ${perSecond(grows.arrive)} arrive, ${perSecond(grows.leave)} leave.`,
        ],
      },
    ];
  }
  if (trend < -Math.max(1, leave * 0.05) && amount > leave) {
    const left = duration((amount / -trend) * 1000);
    return [
      {
        question,
        sentence: [`Catching up: ${count(amount)} behind, about ${left} to go.`],
      },
    ];
  }
  return [];
}

/** What the shape of the load says: a hot partition, members with nothing to read. */
function shapeFindings({ frame, id }: Context): Finding[] {
  const findings: Finding[] = [];
  const readers = readReaders(frame, id);
  const behind = readers.reduce((sum, row) => sum + row.lag, 0);
  const worst = readers.toSorted((a, b) => b.lag - a.lag)[0];
  if (readers.length >= 3 && behind >= BEHIND_MIN * 5 && worst.lag > behind * 0.6) {
    const share = Math.round((worst.lag / behind) * 100);
    findings.push({
      question: 'Why is it lagging?',
      sentence: [`p${worst.partition} is hot: ${share} % of what is behind lies there.`],
    });
  }
  const members = readMembers(frame, id);
  if (readers.length > 0 && members.length > readers.length) {
    const idle = members.length - readers.length;
    findings.push({
      question: 'Why do members idle?',
      sentence: [
        `${counted(readers.length, 'partition', 'partitions')} for ${members.length} members: ${idle === 1 ? 'one has' : `${idle} have`} nothing to read.`,
      ],
    });
  }
  return findings;
}
