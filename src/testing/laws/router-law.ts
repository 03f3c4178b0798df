import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { readFilter } from '../../kinds/event-router/content-filter.ts';
import type { Deliveries } from '../../kinds/event-router/deliveries.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import type { Address, Addresses } from '../../kinds/shared/addresses.ts';
import { LETTER_REASON } from '../../kinds/shared/letter-reasons.ts';
import { FifoTopics } from './fifo-topics.ts';
import { KNOWN_FILTERS } from './known-filters.ts';
import { hold, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const ROUTER = kindIndex('event-router');
const DEAD_PORT = kindDefinition('event-router')!.ports.findIndex(({ id }) => id === 'dead');
/** Event types of a router: see its behaviour. */
const RETRY = 0;
const SILENCE = 1;
const SECOND_BEGINS = 2;
const WAKE = 31;
const SECOND = 1_000_000;

type Fields = Readonly<Record<string, Json>>;

/**
 * Event routers: each subscription whose filter takes an event gets it once and no other does; it is tried again at the
 * distances of the service, no more often than that says, for no longer, and given up only then. What FIFO topics owe
 * besides is in `FifoTopics`.
 */
export class RouterLaw implements Law {
  private readonly scene: Scene;
  private readonly addresses: readonly Address[];
  private readonly edgeFields: readonly Fields[];
  private readonly deliveries: Deliveries;
  /** By edge: what it should have been given by now. */
  private readonly matched = new Map<number, number>();
  /** What routers took in, and events that nobody should have got. */
  private readonly unmatched = new Map<number, number>();
  /** Who should get the event that is being offered. */
  private takers: number[] = [];
  private readonly fifo: FifoTopics;
  /** Waits of EventBridge as parts of the longest that each could be. */
  private readonly shares: number[] = [];
  /** By delivery: when it was tried first. */
  private readonly since = new Map<number, number>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.fifo = new FifoTopics(scene);
    const { routers } = scene.kinds;
    this.addresses = (Reflect.get(routers, 'addresses') as Addresses).list;
    this.edgeFields = Reflect.get(routers, 'edgeFields') as Fields[];
    this.deliveries = Reflect.get(routers, 'deliveries') as Deliveries;
  }

  reaching(edge: number, message: number): void {
    const { sim } = this.scene;
    const router = sim.plan.edgeTo[edge];
    if (!this.isRouter(router)) return;
    const address = this.addresses[sim.messages.address[message]];
    this.takers = this.subscriptionsOf(router).filter((one) => this.takes(router, one, address));
    this.fifo.reaching(router, message);
  }

  reached(edge: number, _message: number, accepted: boolean): void {
    const router = this.scene.sim.plan.edgeTo[edge];
    if (!this.isRouter(router)) return;
    const repeats = this.fifo.reached(router, accepted);
    if (!accepted || repeats) return;
    for (const one of this.takers) this.matched.set(one, (this.matched.get(one) ?? 0) + 1);
    if (this.takers.length === 0) this.unmatched.set(router, (this.unmatched.get(router) ?? 0) + 1);
  }

  copied(original: number, copy: number): void {
    this.fifo.copied(original, copy);
  }

  beforeSend(edge: number, message: number): void {
    if (this.isRouter(this.scene.sim.plan.edgeFrom[edge])) this.fifo.beforeSend(edge, message);
  }

  sent(edge: number, _message: number, _tag: number, accepted: boolean): void {
    if (this.isRouter(this.scene.sim.plan.edgeFrom[edge])) this.fifo.sent(accepted);
  }

  scheduled(_handle: number, time: number, _priority: number, code: number, delivery: number): void {
    const node = nodeOfEvent(code);
    if (!this.isRouter(node)) return;
    const { now } = this.scene.sim;
    // The engine wakes who stands in line by itself.
    if (typeOfEvent(code) === WAKE) return;
    if (typeOfEvent(code) === SECOND_BEGINS) {
      this.fifo.scheduled(node, time);
      return;
    }
    const { edge, tries, since } = this.deliveries;
    const profile = this.scene.fields[node].profile;
    const fields = this.edgeFields[edge[delivery]];
    const wait = time - now;
    if (tries[delivery] === 1) this.since.set(delivery, since[delivery]);
    if (typeOfEvent(code) === SILENCE) {
      const patience = isSns(profile) ? 15 * SECOND : 5 * SECOND;
      hold(wait === patience, 'I32: waits for an answer for another time', node, wait);
      return;
    }
    hold(typeOfEvent(code) === RETRY, 'I26: an event that a router does not know', code);
    const retry = tries[delivery] - 1;
    const [least, most] = isSns(profile) ? ofSns(fields, retry) : ofEventBridge(retry);
    hold(wait >= least - 1 && wait <= most + 1, 'I15: tried again at another time', node, retry, wait);
    if (!isSns(profile)) this.shares.push(wait / most);
    const limit = isSns(profile) ? retriesOfSns(fields) : Number(fields.maximumRetryAttempts);
    hold(retry < limit, 'I15: tried again too often', node, retry, limit);
    if (!isSns(profile)) {
      const age = time - (this.since.get(delivery) ?? since[delivery]);
      hold(age <= Number(fields.maximumEventAge) * 1000, 'I32: tried again though too old', node, age);
    }
  }

  traced({ code, node, b: reason, c: tries }: TracedStep): void {
    if (!this.isRouter(node) || code !== TRACE.deadLettered) return;
    const all = this.subscriptionsOf(node).map((edge) => this.edgeFields[edge]);
    const mayDie = all.filter((fields) => fields.deadLetters === 'queue');
    const ofSnsPlan = isSns(this.scene.fields[node].profile);
    const isUsedUp = mayDie.some((fields) =>
      ofSnsPlan ? retriesOfSns(fields) === tries - 1 : fields.maximumRetryAttempts === tries - 1,
    );
    const isOld = !ofSnsPlan && reason === LETTER_REASON.expired;
    const isRight = isOld || (isUsedUp && reason === LETTER_REASON.exhausted);
    hold(isRight, 'I16: given up before its last try', node, reason, tries);
  }

  afterEvent(thorough: boolean): void {
    if (!thorough) return;
    const { sim, kinds, kindOf } = this.scene;
    const { metrics } = sim;
    for (let node = 0; node < kindOf.length; node++) {
      if (!this.isRouter(node)) continue;
      const { counts } = kinds.routers;
      const own = this.subscriptionsOf(node).map((edge) => kinds.routers.results(edge)!);
      const sum = (of: (results: (typeof own)[number]) => number) =>
        own.reduce((total, results) => total + of(results), 0);
      this.subscriptionsOf(node).forEach((edge, place) => {
        const { matched, delivered, deadLettered, dropped, pending } = own[place];
        const expected = this.matched.get(edge) ?? 0;
        hold(matched === expected, 'I4: events of a subscription', node, edge, matched, expected);
        const known = delivered + deadLettered + dropped + pending;
        hold(matched === known, 'I3: events of a subscription', node, edge, own[place]);
      });
      const unmatched = counts.unmatchedBy(node);
      const expected = this.unmatched.get(node) ?? 0;
      hold(unmatched === expected, 'I4: events that no filter took', node, unmatched, expected);
      const lost = metrics.of(node, METRIC.dropped);
      hold(
        lost === unmatched + this.fifo.repeatedAt(node) + sum((of) => of.dropped),
        'I6: lost by a router',
        node,
        lost,
      );
      const came = metrics.of(node, METRIC.in) + counts.fannedBy(node);
      const went = metrics.of(node, METRIC.out) + kinds.held(sim, node) + lost;
      hold(came === went, 'I3: events of a router', node, came, went);
      const retries = metrics.of(node, METRIC.retries);
      hold(retries === sum((of) => of.retries), 'I5: retries of a router', node, retries);
      const waiting = metrics.of(node, METRIC.queued);
      hold(waiting >= 0 && waiting <= sum((of) => of.pending), 'I5: waits for a retry', node, waiting);
    }
  }

  /** What is drawn is drawn from all of it: the mean of many parts is a half. */
  atEnd(): void {
    const { length } = this.shares;
    if (length < 100) return;
    const mean = this.shares.reduce((sum, share) => sum + share, 0) / length;
    // Five standard errors.
    const isEven = Math.abs(mean - 0.5) < 5 * Math.sqrt(1 / 12 / length);
    hold(isEven, 'I15: waits for a retry are not drawn evenly', mean, length);
  }

  private takes(router: number, edge: number, address: Address): boolean {
    const { profile } = this.scene.fields[router];
    const { eventPattern, filterPolicy } = this.edgeFields[edge];
    const text = (isSns(profile) ? filterPolicy : eventPattern) as string;
    const known = KNOWN_FILTERS.get(text);
    if (known) return known(address);
    const reading = readFilter(text, profile);
    return 'filter' in reading && reading.filter(address);
  }

  private subscriptionsOf(router: number): number[] {
    const { outEdges, outStart, edgePort } = this.scene.sim.plan;
    return [...outEdges.subarray(outStart[router], outStart[router + 1])].filter(
      (edge) => edgePort[edge] !== DEAD_PORT,
    );
  }

  private isRouter(node: number): boolean {
    return this.scene.kindOf[node] === ROUTER;
  }
}

/** Shortest and longest wait before a retry, in microseconds, by the tables of the service; SNS draws nothing. */
function ofSns(fields: Fields, retry: number): [least: number, most: number] {
  const isHttp = fields.endpoint === 'http';
  const [atOnce, before, after] = isHttp
    ? [Number(fields.numNoDelayRetries), Number(fields.numMinDelayRetries), Number(fields.numMaxDelayRetries)]
    : [3, 2, 100_000];
  const isExponential = !isHttp || fields.backoffFunction === 'exponential';
  const [least, most] = isHttp
    ? [Number(fields.minDelayTarget) * 1000, Number(fields.maxDelayTarget) * 1000]
    : [SECOND, 20 * SECOND];
  if (retry < atOnce) return [0, 0];
  if (retry < atOnce + before) return [least, least];
  const between = retriesOfSns(fields) - after - atOnce - before;
  const step = retry - atOnce - before;
  if (step >= between) return [most, most];
  if (between === 1) return [least, least];
  // From the least to the most in equal steps, or in equal ratios.
  const part = step / (between - 1);
  const wait = isExponential
    ? Math.exp(Math.log(least) * (1 - part) + Math.log(most) * part)
    : least * (1 - part) + most * part;
  return [wait, wait];
}

function isSns(profile: Json): boolean {
  return profile === 'sns' || profile === 'sns-fifo';
}

function retriesOfSns(fields: Fields): number {
  if (fields.endpoint !== 'http') return 100_015;
  const phases = ['numNoDelayRetries', 'numMinDelayRetries', 'numMaxDelayRetries'];
  const inPhases = phases.reduce((sum, of) => sum + Number(fields[of]), 0);
  return Math.max(Number(fields.numRetries), inPhases);
}

function ofEventBridge(retry: number): [least: number, most: number] {
  const doubled = Array.from({ length: Math.min(retry, 40) }).reduce<number>((wait) => wait * 2, SECOND);
  return [0, Math.min(doubled, 900 * SECOND)];
}
