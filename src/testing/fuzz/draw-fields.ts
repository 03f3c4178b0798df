import type { Json } from '../../design/types.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { JITTERS } from '../../kinds/shared/jitter.ts';
import type { Dice } from './dice.ts';
import { drawCloud } from './draw-clouds.ts';
import { drawService } from './draw-services.ts';

export type Fields = Record<string, Json>;

/** What a seed may use at all; each seed draws a random half of it, so that rare pairs meet without the usual noise. */
const FEATURES = [
  'constant',
  'burst',
  'ramp',
  'schedule',
  'zipf',
  'no-keys',
  'stop-after',
  'drop-oldest',
  'drop-newest',
  'dead-letter',
  'block',
  'capacity',
  'failure',
  'later',
  'interval',
  'jitter',
  'zero-service',
  'shapes',
  'members',
  'concurrency',
  'database-failure',
  'roundrobin',
  'slow-joins',
  'sticky',
  'many-partitions',
  'warm-up',
  'circles',
  'fan-out',
  'loose-ends',
  'scheduled-faults',
  'faults-by-hand',
  'edits',
  'overload',
  'retention',
  'mixed-sources',
  'bulky',
  'parallel-edges',
  'crowd',
  'expulsion',
  'sticky-owners',
  'consumer-protocol',
  'static-members',
  'guarantees',
  'priorities',
  'message-expiry',
  'quorum',
  'dead-letter-newest',
] as const;
export type Feature = (typeof FEATURES)[number];

/** Every law that a random amount may follow. */
export const DISTRIBUTION_SHAPES = [
  'exponential',
  'constant',
  'uniform',
  'normal',
  'log-normal',
  'erlang',
  'pareto',
  'empirical',
] as const;

/** The features of one seed. */
export function drawFeatures(dice: Dice): ReadonlySet<Feature> {
  const features = new Set(dice.some(FEATURES));
  // A retention check comes every five minutes: too long a run to be had often.
  if (!dice.chance(0.1)) features.delete('retention');
  if (!dice.chance(0.2)) features.delete('crowd');
  if (!dice.chance(0.3)) features.delete('expulsion');
  // Neither comes to rest, which must be seen often enough.
  if (!dice.chance(0.4)) features.delete('circles');
  if (!dice.chance(0.4)) features.delete('loose-ends');
  return features;
}

/** Random field values of nodes, within the features of a seed. */
export class FieldDice {
  private readonly dice: Dice;
  private readonly features: ReadonlySet<Feature>;

  constructor(dice: Dice, features: ReadonlySet<Feature>) {
    this.dice = dice;
    this.features = features;
  }

  fieldsOf(kind: string): Fields {
    switch (kind) {
      case 'producer':
        return this.producer();
      case 'queue':
        return this.queue();
      case 'topic':
        return this.topic();
      case 'consumer-group':
        return this.group();
      case 'database':
        return this.database();
      case 'cloud-broker':
        return drawCloud(this.dice);
      case 'service':
        return drawService(this.dice, this.service());
      default:
        return { alertAt: 1 + this.dice.below(5), keeps: this.dice.pick([1, 3, 1000]) };
    }
  }

  /** So many retries that wait at once that the event queue changes its form. */
  private crowd(): Fields {
    const failing = { failureProbability: 0.9, backoff: 3000, backoffMax: 3000, maxAttempts: 4 };
    return { ...failing, retryMode: 'later', serviceTime: { shape: 'exponential', mean: 0.5 } };
  }

  /** Work that takes longer than a rebalance may wait: whoever is at it is struck off, and may not commit. */
  private expulsion(): Fields {
    return {
      members: 3,
      serviceTime: { shape: 'constant', mean: this.dice.pick([30, 60]) },
      sessionTimeout: this.dice.pick([10, 25]),
      heartbeat: 5,
      brokerHeartbeat: 5,
      maxPollInterval: this.dice.pick([8, 40]),
    };
  }

  /** One live change that fits the kind; undefined if it has none. */
  edit(kind: string): { field: string; value: Json } | undefined {
    const { dice } = this;
    const live = kindDefinition(kind)!.fields.filter((field) => field.live);
    if (live.length === 0) return undefined;
    const { name, default: usual } = dice.pick(live);
    const value = name === 'stopAfter' ? dice.pick([0, 5, 40]) : (this.fieldsOf(kind)[name] ?? usual);
    return { field: name, value };
  }

  /** A service time in milliseconds. */
  service(): Json {
    const { dice, features } = this;
    if (features.has('zero-service') && dice.chance(0.3)) return { shape: 'constant', mean: 0 };
    return this.distribution(dice.pick(features.has('overload') ? [5, 20, 60] : [0.5, 2, 8]));
  }

  /** A random amount of about this size. */
  private distribution(mean: number): Json {
    const { dice, features } = this;
    const shape = dice.pick(
      features.has('shapes') ? DISTRIBUTION_SHAPES.slice(2) : DISTRIBUTION_SHAPES.slice(0, 2),
    );
    const rest: Fields = {
      exponential: { mean },
      constant: { mean },
      uniform: { min: 0, max: 2 * mean },
      normal: { mean, sd: mean },
      'log-normal': { mean, cv: 1.5 },
      erlang: { mean, k: 3 },
      pareto: { min: mean / 2, alpha: 2.5 },
      empirical: { values: [mean, 0, 3 * mean] },
    }[shape];
    return { shape, ...rest };
  }

  private producer(): Fields {
    const { dice, features } = this;
    const patterns = ['constant', 'burst', 'ramp', 'schedule'].filter((name) =>
      features.has(name as Feature),
    );
    const slow = features.has('retention');
    const rate = dice.pick(slow ? [0.2, 1] : features.has('overload') ? [300, 900] : [10, 60, 200]);
    const keys = [
      'uniform',
      ...(features.has('zipf') ? ['zipf'] : []),
      ...(features.has('no-keys') ? ['none'] : []),
    ];
    return {
      arrivals: dice.pick(['poisson', ...patterns]),
      rate: features.has('crowd') ? 900 : rate,
      onFor: dice.pick([20, 100]),
      offFor: dice.pick([0, 50, 200]),
      rampTo: dice.pick([0, rate * 2]),
      rampOver: dice.pick([50, 800]),
      schedule: [
        { atMs: dice.pick([0, 30]), ratePerSecond: rate },
        { atMs: 300, ratePerSecond: dice.pick([0, rate]) },
        { atMs: 500, ratePerSecond: dice.pick([rate / 2, rate * 2]) },
      ],
      keys: dice.pick(keys),
      keyCount: dice.pick([1, 6, 500]),
      keySkew: dice.pick([0, 1, 2.5]),
      size: this.distribution(features.has('bulky') ? 400_000 : 100),
      stopAfter: features.has('stop-after') ? dice.pick([0, 1, 30]) : 0,
      priority: features.has('priorities') ? dice.pick([0, 1, 3, 9]) : 0,
      ttl: features.has('message-expiry') ? dice.pick([0, 0.001, 4, 30]) : 0,
    };
  }

  private queue(): Fields {
    const { dice, features } = this;
    const policies = ['drop-oldest', 'drop-newest', 'dead-letter', 'dead-letter-newest', 'block'] as const;
    const allowed = policies.filter((name) => features.has(name));
    return {
      capacity: features.has('capacity') ? dice.pick([1, 2, 5, 20]) : 0,
      overflow: dice.pick(allowed.length > 0 ? allowed : ['block']),
      ttl: features.has('message-expiry') ? dice.pick([0, 10, 40]) : 0,
      ...this.kindOfQueue(),
    };
  }

  /** What the broker refuses together is not drawn together. */
  private kindOfQueue(): Fields {
    const { dice, features } = this;
    const isQuorum = features.has('quorum') && dice.chance(0.5);
    return {
      queueType: isQuorum ? 'quorum' : 'classic',
      maxPriority: features.has('priorities') && !isQuorum ? dice.pick([0, 1, 5]) : 0,
      deliveryLimit: dice.pick([0, 1, 20]),
    };
  }

  private topic(): Fields {
    const { dice, features } = this;
    return {
      partitions: dice.pick(features.has('many-partitions') ? [5, 9] : [1, 2, 3]),
      retention: features.has('retention') ? dice.pick([1, 20_000, 200_000]) : 604_800_000,
      ...(features.has('retention') ? this.sizes() : {}),
      stickyBytes: features.has('sticky') ? dice.pick([1, 300, 900_000]) : 16_384,
    };
  }

  /** Segments of a few messages, and how much of them is kept. */
  private sizes(): Fields {
    const segmentBytes = this.dice.pick([300, 2000, 1_073_741_824]);
    return { segmentBytes, retentionBytes: this.dice.pick([0, 1, 900, 5000]) };
  }

  private group(): Fields {
    const { dice, features } = this;
    return {
      members: features.has('members') ? dice.pick([2, 3, 6, 35]) : 1,
      concurrency: features.has('concurrency') ? dice.pick([2, 5]) : 1,
      serviceTime: this.service(),
      failureProbability: features.has('failure') ? dice.pick([0, 0.1, 0.5, 1]) : 0,
      maxAttempts: dice.pick([1, 2, 4]),
      retryMode: features.has('later') ? dice.pick(['later', 'topics', 'hold']) : 'hold',
      retrySuffix: dice.pick(['delay', 'index']),
      backoff: dice.pick([0, 3, 20]),
      backoffFactor: dice.pick([1, 2, 5]),
      backoffMax: dice.pick([10, 100]),
      backoffJitter: features.has('jitter') ? dice.pick([0.2, 1]) : 0,
      backoffGrowth: dice.pick(['exponential', 'fixed']),
      jitter: features.has('jitter') ? dice.pick(JITTERS) : 'proportional',
      fatalShare: features.has('failure') ? dice.pick([0, 0, 0.3, 1]) : 0,
      commit: features.has('interval') ? dice.pick(['interval', 'each']) : 'each',
      commitInterval: dice.pick([7, 60]),
      protocol: features.has('consumer-protocol') ? dice.pick(['consumer', 'classic']) : 'classic',
      identity: features.has('static-members') ? dice.pick(['static', 'dynamic']) : 'dynamic',
      assignor: this.assignor(),
      remoteAssignor: features.has('roundrobin') ? 'range' : 'uniform',
      brokerHeartbeat: dice.pick([5, 15]),
      guarantee: features.has('guarantees')
        ? dice.pick(['at-most-once', 'at-least-once', 'effectively-once'])
        : 'unstated',
      dedupWindow: dice.pick([1, 3, 1000]),
      keyOrder: dice.pick(['any', 'kept']),
      // A stop ends a run long before it comes to rest, so it is not had often.
      onViolation: dice.chance(0.05) ? 'stop' : 'count',
      sessionTimeout: dice.pick([20, 80]),
      heartbeat: dice.pick([5, 15]),
      maxPollInterval: dice.pick(features.has('slow-joins') ? [5, 12] : [200, 1000]),
      ...(features.has('expulsion') ? this.expulsion() : {}),
      ...(features.has('crowd') ? this.crowd() : {}),
    };
  }

  private assignor(): string {
    const usual = this.features.has('roundrobin') ? 'roundrobin' : 'range';
    if (!this.features.has('sticky-owners')) return usual;
    return this.dice.pick(['sticky', 'cooperative-sticky', 'cooperative-sticky', usual]);
  }

  private database(): Fields {
    const { dice, features } = this;
    return {
      connections: dice.pick([1, 2, 8]),
      serviceTime: this.service(),
      failureProbability: features.has('database-failure') ? dice.pick([0.1, 0.6]) : 0,
    };
  }
}
