import type { Json } from '../../design/types.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import type { LiveRun, RunParts } from '../../simulation/live-run.ts';
import { Invariants } from '../invariants.ts';
import { agendaLaw } from './agenda-law.ts';
import { BrokerLaw } from './broker-law.ts';
import { ClientLaw } from './client-law.ts';
import { CloudLaw } from './cloud-law.ts';
import { consumerRankLaw } from './consumer-rank-law.ts';
import { ConsumerTimeoutLaw } from './consumer-timeout-law.ts';
import { CustodyLaw } from './custody-law.ts';
import { DatabaseStatesLaw } from './database-states-law.ts';
import { delayedRetryLaw } from './delayed-retry-law.ts';
import { DeliveryLaw } from './delivery-law.ts';
import { ExpiryLaw } from './expiry-law.ts';
import { FanOutLaw } from './fan-out-law.ts';
import { FiguresLaw } from './figures-law.ts';
import { GrowthLaw } from './growth-law.ts';
import { GuardLaw } from './guard-law.ts';
import { hashLaw } from './hash-law.ts';
import { LetterLaw } from './letter-law.ts';
import { LinkLaw } from './link-law.ts';
import { lineLaw } from './line-law.ts';
import { LogLaw } from './log-law.ts';
import { hold, type Law, type Scene } from './law.ts';
import { LossLaw } from './loss-law.ts';
import { MachineLaw } from './machine-law.ts';
import { PollLaw } from './poll-law.ts';
import { prefetchLaw } from './prefetch-law.ts';
import { priorityLaw } from './priority-law.ts';
import { publisherLaw } from './publisher-law.ts';
import { queueExpiryLaw } from './queue-expiry-law.ts';
import { ProtocolLaw } from './protocol-law.ts';
import { queueLaw } from './queue-law.ts';
import { QuotaLaw } from './quota-law.ts';
import { ReadWriteLaw } from './read-write-law.ts';
import { RedoLaw } from './redo-law.ts';
import { lawFields, RetryLaw } from './retry-law.ts';
import { ReplicaLaw } from './replica-law.ts';
import { RouterLaw } from './router-law.ts';
import { RoutingLaw } from './routing-law.ts';
import { StreamLaw } from './stream-law.ts';
import { ServiceLaw } from './service-law.ts';
import { SourceLaw } from './source-law.ts';
import { TransactionLaw } from './transaction-law.ts';
import { TimesLaw } from './times-law.ts';
import { tap } from './wire-tap.ts';

/** The engine and the kinds inside a run, which only tests may see. */
export function insideOf(run: LiveRun): RunParts {
  return Reflect.get(run, 'parts') as RunParts;
}

/** A run of which every law is checked. */
export interface WatchedRun {
  /** Checks what must hold between two events; `thorough` walks the whole state. */
  check(thorough: boolean): void;
  /** Checks what must hold when the run is over. */
  checkEnd(): void;
  /** Something is about to be done from outside. */
  beforeDeed(): void;
  /** A field was changed from outside. */
  fieldSet(node: number, field: string, value: Json): void;
  /** A fault was injected from outside. */
  injected(struck: Struck): void;
}

/** A fault, and the node or edge that it strikes. */
export interface Struck {
  node?: string;
  edge?: string;
  fault: string;
}

/** Every law that listens to a run. `Invariants` is asked beside them, between events. */
export const LAWS = {
  agenda: agendaLaw,
  hash: hashLaw,
  line: lineLaw,
  link: (scene) => new LinkLaw(scene),
  queue: queueLaw,
  priority: priorityLaw,
  consumerRank: consumerRankLaw,
  prefetch: prefetchLaw,
  publisher: publisherLaw,
  broker: (scene) => new BrokerLaw(scene),
  queueExpiry: queueExpiryLaw,
  delayedRetries: delayedRetryLaw,
  consumerTimeouts: (scene) => new ConsumerTimeoutLaw(scene),
  log: (scene) => new LogLaw(scene),
  stream: (scene) => new StreamLaw(scene),
  polls: (scene) => new PollLaw(scene),
  transactions: (scene) => new TransactionLaw(scene),
  readWrite: (scene) => new ReadWriteLaw(scene),
  retry: (scene) => new RetryLaw(scene),
  figures: (scene) => new FiguresLaw(scene),
  custody: (scene) => new CustodyLaw(scene),
  source: (scene) => new SourceLaw(scene),
  client: (scene) => new ClientLaw(scene),
  growth: (scene) => new GrowthLaw(scene),
  fanOut: (scene) => new FanOutLaw(scene),
  routing: (scene) => new RoutingLaw(scene),
  letters: (scene) => new LetterLaw(scene),
  loss: (scene) => new LossLaw(scene),
  expiry: (scene) => new ExpiryLaw(scene),
  times: (scene) => new TimesLaw(scene),
  redo: (scene) => new RedoLaw(scene),
  delivery: (scene) => new DeliveryLaw(scene),
  guard: (scene) => new GuardLaw(scene),
  service: (scene) => new ServiceLaw(scene),
  cloud: (scene) => new CloudLaw(scene),
  router: (scene) => new RouterLaw(scene),
  replicas: (scene) => new ReplicaLaw(scene),
  quotas: (scene) => new QuotaLaw(scene),
  protocol: (scene) => new ProtocolLaw(scene),
  machines: (scene) => new MachineLaw(scene),
  databases: (scene) => new DatabaseStatesLaw(scene),
} as const satisfies Record<string, (scene: Scene) => Law>;

/** Puts laws beside a run that has begun and has processed nothing yet: all of them, unless told which. */
export function watchRun(
  run: LiveRun,
  faults: readonly Struck[],
  makers: readonly ((scene: Scene) => Law)[] = Object.values(LAWS),
): WatchedRun {
  const { sim, kinds, nodes, edges, indexOf } = insideOf(run);
  const fields = nodes.map((node) => lawFields(resolveFields(node)));
  const faultsOf = (node: number) => run.activeFaults().filter((fault) => fault.node === nodes[node].id);
  const slowFactor = (node: number, member: number): number => {
    const mine = faultsOf(node);
    const all = mine.findLast(({ fault }) => fault === 'slow');
    const one = mine.findLast(({ fault, args }) => fault === 'slow-member' && args.member === member);
    return Number(all?.args.factor ?? 1) * Number(one?.args.factor ?? 1);
  };
  const scene: Scene = { sim, kinds, fields, slowFactor, faultsOf, kindOf: sim.plan.kindOf };
  const laws = makers.map((make) => make(scene));
  const invariants = new Invariants(sim, kinds);
  const { readTrace } = tap(sim, kinds.links, laws);
  const injected = ({ node: id = '', edge, fault }: Struck) => {
    // A call that the network lost has failed without a failure of what it called.
    if (edge !== undefined && fault === 'loss') {
      const called = edges.find((one) => one.id === edge)?.to;
      fields[indexOf.get(called ?? '') ?? 0].everFailed = true;
    }
    const node = indexOf.get(id) ?? 0;
    if (fault === 'stop') fields[node].everFailed = true;
    if (fault === 'poison' || fault === 'schema') for (const of of fields) of.everFailed = true;
    if (fault === 'schema') for (const of of fields) of.everFatal = true;
  };
  for (const struck of faults) injected(struck);
  let checked = run.events;
  return {
    check(thorough) {
      readTrace();
      if (run.events > checked + 1) for (const law of laws) law.unseen?.();
      checked = run.events;
      for (const law of laws) law.afterEvent?.(thorough);
      if (thorough) invariants.check();
    },
    checkEnd() {
      for (const law of laws) law.atEnd?.();
      invariants.check();
      checkNumbers(run.results(), 'results');
    },
    beforeDeed() {
      readTrace();
      for (const law of laws) law.lasted?.(sim.now);
      invariants.levels.note();
    },
    fieldSet(node, field, value) {
      fields[node][field] = value;
      if (field === 'failureProbability' && Number(value) > 0) fields[node].everFailed = true;
      if (field === 'fatalShare' && Number(value) > 0) fields[node].everFatal = true;
    },
    injected,
  };
}

/** I38: no NaN, Infinity, negative zero or unsafe integer in any figure. */
export function checkNumbers(value: unknown, place: string): void {
  if (typeof value === 'number') {
    const fine =
      Number.isFinite(value) && !Object.is(value, -0) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
    hold(fine, `I38: ${place}`, String(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkNumbers(inner, `${place}.${key}`);
  }
}
