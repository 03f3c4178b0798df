import {
  EDGE,
  SAMPLE,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE,
  SAMPLE_NODE_SIZE,
} from '../../../simulation/frame/frame-layout.ts';
import { clockTime, count, duration, perSecond } from '../../look/figures.ts';
import {
  counted,
  joinParts,
  namePart,
  standing,
  type Context,
  type Finding,
  type Part,
} from './explanation-parts.ts';
import { backlogGrowth } from './backlog-growth.ts';
import { plainJson } from '../plain-json.ts';
import { nodeIndex, readNode, type NodeReading } from '../figures/node-reading.ts';

/** From this share of its capacity on a queue counts as full: one that pushes out the oldest swings just below it. */
const FULL = 0.98;
/** A reader whose workers are busy for this share of the time has no room for more. */
const BUSY = 0.9;
/** Messages waiting below which a queue without a limit needs no explanation. */
const GROWING_MIN = 20;

/**
 * Why a queue is full or grows: what happens to messages because of it, since when, what keeps its readers from taking
 * more, and how much more they would have to take. Nothing for a queue that keeps up.
 */
export function queueFindings(context: Context): Finding[] {
  if (context.kind !== 'queue') return [];
  const isFull = isFullOfMessages(context) || isFullOfBytes(context);
  const full = isFull ? fullFinding(context) : null;
  const first = full ?? growthFinding(context);
  const letters = letterFindings(context);
  if (!first) return letters;
  // Where most comes back, more workers would only get the same again.
  const { retryPerSecond: back, outPerSecond: given } = context.reading;
  const isLoop = back > 0 && back >= given * 0.5;
  const help = isLoop ? null : readerSentence(context, arrivals(context, full !== null));
  return [first, ...(help ? [{ question: first.question, sentence: help }] : []), ...letters];
}

function isFullOfMessages({ reading: { amount, delayed, limit } }: Context): boolean {
  return limit > 0 && amount + delayed >= limit * FULL;
}

/** Sizes differ, so that the bytes of a full queue swing below the limit: its machine says it. */
function isFullOfBytes(context: Context): boolean {
  const { bytes, bytesLimit, machineState } = context.reading;
  if (bytesLimit === 0 || bytes === 0 || isFullOfMessages(context)) return false;
  return bytes >= bytesLimit * BUSY || machineState > 0;
}

/** Dead letters that are still in the queue. */
function letterFindings(context: Context): Finding[] {
  const { frame, id, reading } = context;
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  const dead = edges.find(({ from, to }) => from === self && !isReader(context, to));
  if (!(reading.lettersWaiting > 0) || !dead) return [];
  const to = namePart(context, nodes[dead.to].id);
  const stay = `${counted(reading.lettersWaiting, 'dead letter stays', 'dead letters stay')} in it, as `;
  const them = reading.lettersWaiting === 1 ? 'it' : 'them';
  const sentence: Part[] =
    nodes[dead.to].kind === 'exchange'
      ? [stay, 'not every queue behind ', to, ` takes ${them}.`]
      : [stay, to, ` does not take ${them}.`];
  const isAll = reading.limit > 0 && reading.amount + reading.lettersWaiting >= reading.limit;
  if (isAll) sentence.push(' They leave no room for new messages.');
  return [{ question: 'Why do dead letters stay?', sentence }];
}

function fullFinding(context: Context): Finding {
  const { id, reading } = context;
  const sinceMs = fullSince(context);
  const since = sinceMs === undefined ? '' : ` since ${clockTime(sinceMs)}`;
  const ofThem = reading.delayed > 0 ? `, ${count(reading.delayed)} of them waiting for a retry` : '';
  const howFull = isFullOfBytes(context)
    ? `${count(reading.bytes)} of ${count(reading.bytesLimit)} bytes`
    : `${count(reading.amount + reading.delayed)} of ${count(reading.limit)} messages${ofThem}`;
  return {
    question: 'Why is it full?',
    sentence: [namePart(context, id), ` is full${since}: ${howFull}, so `, ...consequence(context)],
    sinceMs,
  };
}

/** What the overflow policy does, completing "readings is full, so …". */
function consequence(context: Context): Part[] {
  const { frame, id, reading } = context;
  const { layout } = frame;
  const self = nodeIndex(frame, id);
  const policy = policyOf(context);
  if (policy === 'block') {
    const senders = layout.shape.edges
      .filter(({ to }) => to === self)
      .map(({ from }) => layout.shape.nodes[from].id);
    if (senders.length === 0) return ['the next sender waits for room.'];
    const names = [...new Set(senders)].map((sender) => namePart(context, sender));
    return [...joinParts(names), names.length === 1 ? ' waits for room.' : ' wait for room.'];
  }
  const dead = layout.shape.edges.find(
    ({ from, to }, edge) =>
      from === self && !isReader(context, to) && frame.data[layout.edge(edge) + EDGE.total] > 0,
  );
  if (policy.startsWith('dead-letter') && dead) {
    const at = layout.edge(layout.shape.edges.indexOf(dead));
    const target = namePart(context, layout.shape.nodes[dead.to].id);
    return [
      `the ${policy === 'dead-letter' ? 'oldest' : 'newest'} go to `,
      target,
      ` instead, ${perSecond(frame.data[at + EDGE.perSecond])}.`,
    ];
  }
  const lost = Math.max(0, reading.inPerSecond - reading.outPerSecond - finite(reading.amountTrend));
  const which = policy.endsWith('newest') ? 'what arrives is refused and lost' : 'the oldest are dropped';
  return [`${which}: ${perSecond(lost)}, ${count(reading.dropped)} so far.`];
}

function growthFinding({ reading }: Context): Finding | null {
  const { amount, amountTrend: trend, outPerSecond: leave, limit, bytesLimit } = reading;
  if (!(amount >= GROWING_MIN) || !Number.isFinite(trend)) return null;
  const question = 'Why does it grow?';
  const grows = backlogGrowth(reading);
  if (grows) {
    const flow = `${perSecond(grows.arrive)} arrive, ${perSecond(grows.leave)} leave`;
    if (limit === 0) {
      return { question, sentence: [`${bytesLimit > 0 ? 'It fills up' : 'No bound'}: ${flow}.`] };
    }
    const left = duration(((limit - amount) / (grows.arrive - grows.leave)) * 1000);
    return { question, sentence: [`It fills up: ${flow}. Full in about ${left}.`] };
  }
  if (trend >= -Math.max(1, leave * 0.05) || amount <= leave) return null;
  const left = duration((amount / -trend) * 1000);
  return {
    question: 'Why are messages waiting?',
    sentence: [`Catching up: ${count(amount)} wait, about ${left} to go.`],
  };
}

/** What arrives a second, or NaN where a full queue that blocks hides it. */
function arrivals(context: Context, full: boolean): number {
  const { inPerSecond, outPerSecond, amountTrend } = context.reading;
  if (!full) return outPerSecond + finite(amountTrend);
  return policyOf(context) === 'block' ? NaN : inPerSecond;
}

/** What keeps the readers from taking more, and what would help; null where that cannot be seen. */
function readerSentence(context: Context, arrive: number): Part[] | null {
  const { frame, id } = context;
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  const places = edges.filter(({ from, to }) => from === self && isReader(context, to)).map(({ to }) => to);
  if (places.length === 0) return ['Nobody takes messages from it.'];
  const readers = places.map((place) => ({
    id: nodes[place].id,
    reading: readNode(frame, nodes[place].id)!,
  }));
  for (const reader of readers) {
    const blocker = nodes[reader.reading.blockedBy];
    if (!blocker) continue;
    const why = standing(context, blocker.id, readNode(frame, blocker.id)!);
    return [namePart(context, reader.id), ' itself waits: ', namePart(context, blocker.id), ` ${why}.`];
  }
  const busy = readers.filter(({ reading }) => reading.level >= BUSY);
  if (busy.length < readers.length) return null;
  const servers = sum(busy, (reading) => reading.servers);
  const takes = sum(busy, (reading) => reading.inPerSecond);
  const who = joinParts(busy.map((reader) => namePart(context, reader.id)));
  const verb = busy.length === 1 ? ' takes ' : ' take ';
  const all = `${servers === 1 ? 'its only worker' : `all ${count(servers)} workers`} busy`;
  const needed = Math.ceil((servers * arrive) / takes);
  if (!(needed > servers) || !Number.isFinite(needed)) {
    return [...who, `${verb}${perSecond(takes)} with ${all}: more of them or shorter work would help.`];
  }
  return [...who, `${verb}${perSecond(takes)} with ${all}; about ${count(needed)} would keep up.`];
}

/** Start of the stretch up to now in which the chart shows the queue as full. */
function fullSince(context: Context): number | undefined {
  const { frame, id, samples = [], reading } = context;
  if (isFullOfBytes(context)) return reading.machineState > 0 ? reading.machineSinceMs : undefined;
  const column = SAMPLE_HEADER_SIZE + nodeIndex(frame, id) * SAMPLE_NODE_SIZE + SAMPLE_NODE.amount;
  const before = samples.findLastIndex((sample) => sample[column] < reading.limit * BUSY);
  return samples[before + 1]?.[SAMPLE.simulatedMs];
}

function policyOf({ design, id }: Context): string {
  return plainJson(design.nodes.find((node) => node.id === id)?.fields.overflow ?? 'block');
}

function isReader({ frame }: Context, node: number): boolean {
  return frame.layout.shape.nodes[node].kind === 'consumer-group';
}

function sum(readers: readonly { reading: NodeReading }[], figure: (reading: NodeReading) => number): number {
  return readers.reduce((total, { reading }) => total + figure(reading), 0);
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
