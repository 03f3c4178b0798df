import { clockSeconds, groupDigits } from '../../design/wording.ts';
import type { Hindrance } from '../../kinds/node-behavior.ts';
import { showTime } from '../time.ts';

/** What load does to a node, from calm to standing still. The order is that in which they matter. */
export const LOAD_STATES = [
  'unknown',
  'stable',
  'draining',
  'waiting',
  'saturated',
  'refusing',
  'growing',
  'filling',
  'full',
  'stopped',
] as const;
export type LoadState = (typeof LOAD_STATES)[number];

/** Load of a node, measured over a window or calculated before a run. NaN is a figure that is not known. */
export interface Load {
  offeredPerSecond: number;
  capacityPerSecond: number;
  /** Messages that wait for it now, and how many more have room: infinite without a bound. */
  backlog: number;
  room: number;
  /** How fast the backlog grows, and how much of that chance alone may make over the window. */
  growthPerSecond: number;
  noisePerSecond: number;
  /** Share of the window for which its servers were busy, and for which a full target held it back. */
  busyShare: number;
  heldShare: number;
  /** Share of what came over the window that it refused, as there was too much or came too fast. */
  refusedShare: number;
  /** No server of it runs. */
  down: boolean;
}

/** The part of a load that says whether a node does as much as it can. */
export type Strain = Pick<Load, 'busyShare' | 'heldShare' | 'down'>;

/** What is to be said of a node: how it stands, and when it will be full or empty. */
export interface Verdict {
  state: LoadState;
  /** It does as much as it can, and does not wait for another node: the place to look at. */
  isSaturated: boolean;
  /** Milliseconds from now until it is full (filling) or has caught up (draining); NaN for neither. */
  inMs: number;
}

/** What becomes of a node whose target is stopped. */
const HELD_UP: readonly LoadState[] = ['waiting', 'refusing', 'growing', 'filling', 'full'];

/** From this share of the time on, servers are always busy and a sender is always held back. */
const ALWAYS_BUSY = 0.98;
const HELD_BACK = 0.2;
/** From one call in so many on, refusals are worth a word. */
const REFUSED = 1 / 20;
/** A backlog of less than this much work is no backlog. */
const BACKLOG_SECONDS = 1;
const FEW = 5;

/**
 * The verdict on a node from its load. Growth counts once it is more than chance may do; a bounded backlog is full
 * after room ÷ growth, and one that shrinks is gone after backlog ÷ shrinkage.
 */
export function verdictOf(load: Load): Verdict {
  const { backlog, room, growthPerSecond: growth, noisePerSecond: noise } = load;
  const saturated = isSaturated(load);
  const verdict = (state: LoadState, inSeconds = NaN) => {
    return { state, isSaturated: saturated, inMs: inSeconds * 1000 };
  };
  if (load.down) return verdict('stopped');
  if (room < 1) return verdict('full');
  if (load.heldShare >= HELD_BACK) return verdict('waiting');
  if (growth > noise) return room < Infinity ? verdict('filling', room / growth) : verdict('growing');
  const small = Math.max(FEW, orZero(load.capacityPerSecond) * BACKLOG_SECONDS);
  if (-growth > noise && backlog > small) return verdict('draining', backlog / -growth);
  if (load.refusedShare >= REFUSED) return verdict('refusing');
  if (saturated) return verdict('saturated');
  return verdict(Number.isNaN(load.offeredPerSecond) ? 'unknown' : 'stable');
}

/** Always busy, and neither down nor held back by another. */
export function isSaturated({ busyShare, heldShare, down }: Strain): boolean {
  return busyShare >= ALWAYS_BUSY && heldShare < HELD_BACK && !down;
}

/** Neither always busy nor kept from its work: more could come to it. */
export function hasTimeToSpare({ busyShare, heldShare, down }: Strain): boolean {
  return busyShare < ALWAYS_BUSY && heldShare < HELD_BACK && !down;
}

/** A load with nothing known; what is known is put in its place. */
export function unknownLoad(): Load {
  return {
    offeredPerSecond: NaN,
    capacityPerSecond: NaN,
    backlog: 0,
    room: Infinity,
    growthPerSecond: NaN,
    noisePerSecond: 0,
    busyShare: NaN,
    heldShare: 0,
    refusedShare: 0,
    down: false,
  };
}

/** The load of a node that has not run yet, from what is offered to it and what it can do. */
export function expectedLoad(offeredPerSecond: number, capacityPerSecond: number, room: number): Load {
  return {
    ...unknownLoad(),
    offeredPerSecond,
    capacityPerSecond,
    room,
    growthPerSecond: offeredPerSecond - capacityPerSecond,
    busyShare: offeredPerSecond / capacityPerSecond,
  };
}

/** A node as the verdict on the whole design sees it. */
export interface JudgedNode {
  name: string;
  isQueue: boolean;
  verdict: Verdict;
  offeredPerSecond: number;
  capacityPerSecond: number;
  /** Place of the node that holds it back in the same list, -1 for none; and since when it does, or is saturated. */
  waitsFor: number;
  sinceMs: number;
  /** What it falls behind for, other than for lack of time. */
  hindrance: Hindrance;
  /** What fills a queue though nobody could take it now. */
  notReady: NotReady;
}

/** Messages of a queue that count towards its limit and cannot be delivered: they wait for a retry, or are dead. */
export interface NotReady {
  retries: number;
  letters: number;
}

/** The verdict on a design: the node that is worst off, the node that is the reason, and a sentence. */
export interface DesignVerdict {
  state: LoadState;
  /** Places in the list, -1 for none. */
  node: number;
  cause: number;
  inMs: number;
  text: string;
}

/** What goes wrong beside the load: "orders → billing", "cut", or "p1 of orders", "has no leader", and since when. */
export interface Trouble {
  of: 'Network' | 'Brokers';
  name: string;
  says: string;
  sinceMs: number;
}

/**
 * Worst state first, then the sooner full, then the longer draining; the reason is the most overloaded node that the
 * worst one leads to along the edges (their ends are places in the list), or else another node to look at beside it.
 * Who waits for a node that is stopped leads to it.
 */
export function designVerdict(
  nodes: readonly JudgedNode[],
  edges: readonly Way[],
  troubles: readonly Trouble[] = [],
): DesignVerdict {
  let worst = worstOf(nodes, [...nodes.keys()]);
  const busiest = (places: readonly number[]) =>
    places
      .filter(
        (at) =>
          nodes[at].verdict.isSaturated || (nodes[at].verdict.state === 'refusing' && !nodes[at].isQueue),
      )
      .reduce((most, at) => (most < 0 || pressure(nodes[at]) > pressure(nodes[most]) ? at : most), -1);
  const stopped = [...nodes.keys()].filter((at) => nodes[at].verdict.state === 'stopped');
  const around = stopped.length > 0 ? placesBefore(stopped, edges) : placesBehind([worst], edges);
  let cause = busiest(around);
  const isReason = cause >= 0;
  if (!isReason) cause = busiest([...nodes.keys()]);
  // Of two that fall behind, the one that is itself the reason.
  if (cause >= 0 && nodes[cause].verdict.state === 'growing' && nodes[worst].verdict.state === 'growing') {
    worst = cause;
  }
  const { state, inMs } = worst < 0 ? { state: 'unknown' as const, inMs: NaN } : nodes[worst].verdict;
  const loads =
    stopped.length === 0
      ? designText(nodes, worst, cause, isReason)
      : stoppedText(nodes, beside(nodes, cause, around), around);
  const text =
    troubles.length > 0 && state === 'stable'
      ? `${troubleText(troubles)}Otherwise stable.`
      : `${troubleText(troubles)}${loads}`;
  return { state, node: worst, cause, inMs, text };
}

/** How long, or with what, a node falls behind. */
const HOW_LONG: Record<Hindrance, string> = {
  none: 'without bound',
  rebalance: 'while it rebalances',
  'silent-member': 'while a silent member holds partitions',
  'refusing-target': 'with what a target refuses',
};

/** How a node stands, in words that follow its name: "fills up: 200/s arrive, it can do 150/s; full in 42 s". */
export function verdictText(node: JudgedNode, nodes: readonly JudgedNode[]): string {
  const { state, inMs } = node.verdict;
  const rates = loadText(node);
  switch (state) {
    case 'unknown':
      return 'is not known yet';
    case 'stable':
      return `is stable${rates}`;
    case 'draining':
      return `drains in ${aboutTime(inMs)}${rates}`;
    case 'waiting':
      return node.waitsFor < 0 ? 'waits for a full target' : waitText(node, nodes[node.waitsFor]);
    case 'saturated':
      return `is saturated${since(node.sinceMs)}${rates}`;
    case 'refusing':
      if (node.isQueue) return `overflows${rates}`;
      return `${node.verdict.isSaturated ? 'is saturated and ' : ''}refuses calls${rates}`;
    case 'growing':
      return `${node.verdict.isSaturated ? 'is saturated and ' : ''}falls behind ${HOW_LONG[node.hindrance]}${rates}`;
    case 'filling':
      return `is full in ${aboutTime(inMs)}${rates}`;
    case 'full':
      return `is full${rates}${notReadyText(node.notReady)}`;
    case 'stopped':
      return isSilent(node) ? 'does nothing: its members are silent' : 'is stopped';
  }
}

/** What is in a full queue that nobody can take: without it, who looks for a slow reader looks in vain. */
function notReadyText({ retries, letters }: NotReady): string {
  const parts = [
    ...(retries > 0 ? [`${groupDigits(retries)} waiting for a retry`] : []),
    ...(letters > 0 ? [`${groupDigits(letters)} dead and not taken`] : []),
  ];
  return parts.length > 0 ? `, ${parts.join(' and ')} among its messages` : '';
}

interface Way {
  from: number;
  to: number;
}

/** Nodes and all that leads to them along the edges, in their order. */
function placesBefore(nodes: readonly number[], edges: readonly Way[]): number[] {
  return placesBehind(
    nodes,
    edges.map(({ from, to }) => ({ from: to, to: from })),
  );
}

/** Nodes and all that they lead to along the edges, in their order. */
function placesBehind(nodes: readonly number[], edges: readonly Way[]): number[] {
  const ways = new Map<number, number[]>();
  for (const { from, to } of edges) ways.set(from, [...(ways.get(from) ?? []), to]);
  const found = new Set(nodes);
  for (const node of found) for (const to of ways.get(node) ?? []) found.add(to);
  return [...found].filter((node) => node >= 0).toSorted((a, b) => a - b);
}

function designText(nodes: readonly JudgedNode[], worst: number, cause: number, isReason: boolean): string {
  if (worst < 0) return 'Nothing to judge.';
  const { state } = nodes[worst].verdict;
  if (state === 'unknown') return 'Not known yet.';
  if (state === 'stable') return 'Stable: every node can do what is offered to it.';
  const sentence = (at: number) => `${nodes[at].name} ${verdictText(nodes[at], nodes)}`;
  if (state === 'saturated') {
    const left = longestDraining(nodes);
    const drains = left ? `; ${left.name} drains in ${aboutTime(left.verdict.inMs)}` : '';
    return `${sentence(cause)}${drains}.`;
  }
  if (cause < 0 || cause === worst) return `${sentence(worst)}.`;
  if (!isReason) return `${sentence(worst)}. ${sentence(cause)}.`;
  const reason = nodes[cause].verdict.state;
  const because = reason === 'saturated' || reason === 'growing' || reason === 'filling';
  const why = because
    ? `${nodes[cause].name} is saturated${since(nodes[cause].sinceMs)}${loadText(nodes[cause])}`
    : sentence(cause);
  const { inMs } = nodes[worst].verdict;
  const effect = state === 'filling' ? `${nodes[worst].name} is full in ${aboutTime(inMs)}` : sentence(worst);
  return `${why}; ${effect}.`;
}

/** Who works off a backlog is busy with it: when that is over is what one wants to know. */
function longestDraining(nodes: readonly JudgedNode[]): JudgedNode | undefined {
  const draining = nodes.filter(({ verdict }) => verdict.state === 'draining');
  return draining.toSorted((a, b) => b.verdict.inMs - a.verdict.inMs)[0];
}

/** Network and brokers come before all: the nodes around them suffer from it. */
function troubleText(troubles: readonly Trouble[]): string {
  const places = [...new Set(troubles.map((trouble) => trouble.of))];
  return places
    .map((place) => {
      const [{ name, says, sinceMs }, ...others] = troubles.filter((trouble) => trouble.of === place);
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      return `${place}: ${name} ${says}${since(sinceMs)}${more}. `;
    })
    .join('');
}

/** What is said beside the stopped nodes: the one to look at, or who is held up, sooner by them than by another. */
function beside(nodes: readonly JudgedNode[], cause: number, around: readonly number[]): number {
  if (cause >= 0) return cause;
  const heldUp = (at: number) => HELD_UP.includes(nodes[at].verdict.state);
  const byThem = worstOf(nodes, around.filter(heldUp));
  return byThem >= 0 ? byThem : worstOf(nodes, [...nodes.keys()].filter(heldUp));
}

/** Stopped nodes come first: whoever calls them hangs. Then another node (-1 for none), because of them or not. */
function stoppedText(nodes: readonly JudgedNode[], next: number, around: readonly number[]): string {
  const stopped = nodes.filter(({ verdict }) => verdict.state === 'stopped');
  const [{ name }, second] = stopped;
  const others = stopped.length === 2 ? second.name : `${stopped.length - 1} more`;
  const they = `${name} and ${others} ${stopped.some(isSilent) ? 'do nothing' : 'are stopped'}`;
  const first = second ? they : `${name} ${verdictText(stopped[0], nodes)}`;
  if (next < 0) return `${first}.`;
  return `${first}${around.includes(next) ? '; ' : '. '}${nodes[next].name} ${verdictText(nodes[next], nodes)}.`;
}

/** The worst off of these places, -1 for none. */
function worstOf(nodes: readonly JudgedNode[], places: readonly number[]): number {
  return places.reduce(
    (worst, at) => (worst < 0 || isWorse(nodes[at].verdict, nodes[worst].verdict) ? at : worst),
    -1,
  );
}

function isSilent({ hindrance }: JudgedNode): boolean {
  return hindrance === 'silent-member';
}

/** Who is let go in between waits for a target that takes only so many. */
function waitText({ sinceMs }: JudgedNode, { name, offeredPerSecond: taken }: JudgedNode): string {
  if (!Number.isNaN(sinceMs)) return `waits for ${name}${since(sinceMs)}`;
  return `waits for ${name} again and again${taken > 0 ? ` (it takes ${showPerSecond(taken)})` : ''}`;
}

function loadText({ offeredPerSecond: offered, capacityPerSecond: can }: JudgedNode): string {
  if (!(offered > 0)) return '';
  return can >= 0 && can < Infinity
    ? ` (${showPerSecond(offered)} offered, it can do ${showPerSecond(can)})`
    : ` (${showPerSecond(offered)} offered)`;
}

function since(ms: number): string {
  if (Number.isNaN(ms)) return '';
  return ms === 0 ? ' since the start' : ` since ${clockSeconds(Math.floor(ms / 1000))}`;
}

/** A forecast in two digits, as more would be a lie. */
function aboutTime(ms: number): string {
  return showTime(ms, 2);
}

function showPerSecond(rate: number): string {
  return `${groupDigits(rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(2)))}/s`;
}

function isWorse(a: Verdict, b: Verdict): boolean {
  const byState = LOAD_STATES.indexOf(a.state) - LOAD_STATES.indexOf(b.state);
  if (byState !== 0) return byState > 0;
  return a.state === 'draining' ? a.inMs > b.inMs : a.inMs < b.inMs;
}

function pressure({ offeredPerSecond, capacityPerSecond }: JudgedNode): number {
  return orZero(offeredPerSecond / capacityPerSecond);
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
