import type { DesignNode, Json } from '../../design/types.ts';
import { ownDice, type Dice } from './dice.ts';
import { DISTRIBUTION_SHAPES } from './draw-fields.ts';

/** Of the producers, this share gets a Kafka client. */
const SHARE = 0.6;

/**
 * The same nodes with Kafka clients in some producers: with little memory, slow answers, short timeouts. Has dice of
 * its own, so that the rest of a seed stays what it was.
 */
export function withClients(nodes: readonly DesignNode[], seed: number): DesignNode[] {
  const dice = ownDice(seed, 'clients');
  return nodes.map((node) => {
    if (node.kind !== 'producer' || !dice.chance(SHARE)) return node;
    return { ...node, fields: { ...node.fields, ...drawClient(dice, seed) } };
  });
}

function drawClient(dice: Dice, seed: number): Record<string, Json> {
  const acks = dice.pick(['all', 'all', 'leader', 'none']);
  const maxInFlight = dice.pick([1, 2, 5, 7]);
  const retries = dice.pick([0, 1, 2_147_483_647]);
  const mayBeIdempotent = acks === 'all' && maxInFlight <= 5 && retries > 0;
  const linger = dice.pick([0, 5, 40]);
  const requestTimeout = dice.pick([8, 20, 40, 30_000]);
  return {
    client: 'kafka',
    acks,
    maxInFlight,
    retries,
    linger,
    requestTimeout,
    deliveryTimeout: linger + requestTimeout + dice.pick([0, 100, 3000]),
    batchSize: dice.pick([0, 300, 16_384]),
    bufferMemory: dice.pick([600, 40_000, 33_554_432]),
    maxBlock: dice.pick([0, 20, 60_000]),
    requestLatency: drawLatency(dice, seed),
    retryBackoff: dice.pick([0, 3, 20]),
    retryBackoffMax: dice.pick([5, 100]),
    idempotence: dice.pick(mayBeIdempotent ? ['default', 'on', 'off'] : ['default', 'off']),
    partitioner: drawPartitioner(dice, seed),
    adaptivePartitioning: seed % 5 === 0 ? 'off' : 'on',
  };
}

/** Which of those that go by keys, or would, goes by the seed. */
function drawPartitioner(dice: Dice, seed: number): string {
  const [drawn, byKeys] = [dice.pick(['default', 'default', 'round-robin']), seed % 6];
  if (drawn !== 'default') return drawn;
  return byKeys === 1 ? 'per-batch' : byKeys === 2 ? 'ignore-keys' : 'default';
}

/** The law goes by the seed, so that a short session has them all. */
function drawLatency(dice: Dice, seed: number): Json {
  const mean = dice.pick([1, 10, 50]);
  const shape = DISTRIBUTION_SHAPES[seed % DISTRIBUTION_SHAPES.length];
  const rest: Record<string, Json> = {
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
