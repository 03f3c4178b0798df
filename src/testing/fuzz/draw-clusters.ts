import type { DesignEdge, DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { ownDice, type Dice } from './dice.ts';

/** Of the designs with a topic, this share keep some of them in a cluster. */
const SHARE = 0.35;
/** Of these, in this share records are lost that a group has read, and no group has a policy for that. */
const LOSES = 0.15;

/** A design with a cluster, and faults that strike it. */
interface WithClusters {
  nodes: DesignNode[];
  edges: DesignEdge[];
  faults: ScheduledFault[];
}

/**
 * The same design, in some with topics that a Kafka cluster keeps. Has dice of its own, so that the rest of a seed
 * stays what it was.
 */
export function withClusters(
  nodes: readonly DesignNode[],
  edges: readonly DesignEdge[],
  activeMs: number,
  seed: number,
): WithClusters {
  const dice = ownDice(seed, 'clusters');
  const topics = nodes.filter(({ kind }) => kind === 'topic');
  if (topics.length === 0 || !dice.chance(SHARE)) return { nodes: [...nodes], edges: [...edges], faults: [] };
  const brokers = dice.pick([1, 2, 3, 3, 5]);
  const id = `n${nodes.length}`;
  const cluster = {
    id,
    kind: 'broker-cluster',
    name: id,
    fields: { ...drawCluster(dice, brokers), ...drawReaderQuota(seed) },
  };
  const kept = topics.filter(() => dice.chance(0.8)).map((topic) => topic.id);
  const replicas = 1 + dice.below(brokers);
  const fields = () => ({ replicationFactor: replicas, minInsync: 1 + dice.below(replicas) });
  return losing(seed, activeMs, {
    nodes: [
      ...nodes.map((node) =>
        kept.includes(node.id) ? { ...node, fields: { ...node.fields, ...fields() } } : node,
      ),
      cluster,
    ],
    edges: [
      ...edges,
      ...kept.map((from, at) => ({
        id: `k${at}`,
        from,
        fromPort: 'cluster',
        to: id,
        toPort: 'in',
      })),
    ],
    faults: Array.from({ length: dice.below(5) }, (_, at) => ({
      id: `b${at}`,
      atMs: dice.below(activeMs),
      ...(dice.chance(0.8) ? { forMs: 1 + dice.below(activeMs / 2) } : {}),
      node: id,
      ...drawClusterFault(dice, cluster),
    })),
  });
}

/** The same, in some with followers that are left behind before a leader is lost, which any replica replaces. */
function losing(seed: number, activeMs: number, drawn: WithClusters): WithClusters {
  const dice = ownDice(seed, 'lost logs');
  const cluster = drawn.nodes.at(-1)!;
  const brokers = Number(cluster.fields.brokers);
  if (brokers === 1 || !dice.chance(LOSES)) return drawn;
  const unclean = { uncleanElection: 'on', replicaLagTime: 10, sessionTimeout: 5, roundTrip: 0.1 };
  const kept = { replicationFactor: 2, minInsync: 1 };
  const [behindAt, lostAt] = [dice.below(activeMs / 4), activeMs / 2 + dice.below(activeMs / 4)];
  const args = (broker: number) => ({ broker, delay: 10_000 });
  return {
    nodes: drawn.nodes.map((node) => {
      const more = { 'broker-cluster': unclean, topic: kept, 'consumer-group': { offsetReset: 'none' } };
      const isGroup = node.kind === 'consumer-group';
      if (node !== cluster && node.kind !== 'topic' && !isGroup) return node;
      return { ...node, fields: { ...node.fields, ...more[node.kind as keyof typeof more] } };
    }),
    edges: drawn.edges,
    faults: [
      ...Array.from({ length: brokers }, (_, at) => ({
        id: `behind-${at}`,
        atMs: behindAt,
        forMs: activeMs,
        node: cluster.id,
        fault: 'slow-follower',
        args: args(at + 1),
      })),
      {
        id: 'lost-leader',
        atMs: lostAt,
        forMs: 1 + dice.below(activeMs / 2),
        node: cluster.id,
        fault: 'lose-leader',
        args: { partition: 1 + dice.below(2) },
      },
    ],
  };
}

/** Something that happens to a cluster. */
export function drawClusterFault(
  dice: Dice,
  { fields }: DesignNode,
): { fault: string; args: Record<string, Json> } {
  const fault = dice.pick(kindDefinition('broker-cluster')!.faults).id;
  const broker = 1 + dice.below(Number(fields.brokers ?? 3));
  const args: Record<string, Record<string, Json>> = {
    'lose-broker': { broker },
    'lose-leader': { partition: dice.below(3) },
    'slow-follower': { broker, delay: dice.pick([0, 5, 200, 10_000]) },
  };
  return { fault, args: args[fault] };
}

/** With dice of its own, so that the rest of a seed stays what it was. */
function drawReaderQuota(seed: number): Record<string, Json> {
  return { consumerByteRate: ownDice(seed, 'quotas of groups').pick([0, 0, 3000, 50_000]) };
}

/** Times short enough that a second sees elections and replicas that fall out of sync. */
function drawCluster(dice: Dice, brokers: number): Record<string, Json> {
  return {
    brokers,
    replicaLagTime: dice.pick([10, 40, 30_000]),
    sessionTimeout: dice.pick([5, 50, 9000]),
    uncleanElection: dice.pick(['on', 'off']),
    preferredLeaders: dice.pick(['on', 'off']),
    roundTrip: dice.pick([0.1, 1, 7]),
    producerByteRate: dice.pick([0, 0, 2000, 100_000]),
  };
}
