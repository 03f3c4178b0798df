import { expect, it } from 'vitest';
import type { Design, Json } from '../../design/types.ts';
import { sketched } from '../../gallery/sketch.ts';
import { PARTITION_STATE } from '../../kinds/shared/replication/partition-states.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** Two topics in a cluster of three, a Kafka client and one that is not, and brokers that are lost. */
function clustered(cluster: Record<string, Json> = {}, client: Record<string, Json> = {}): Design {
  const replicas = { partitions: 2, replicationFactor: 3, minInsync: 2 };
  return sketched({
    name: 'Clustered',
    nodes: {
      p: { kind: 'producer', at: [0, 0], fields: { rate: 200, client: 'kafka', linger: 2, ...client } },
      q: { kind: 'producer', at: [0, 200], fields: { rate: 100 } },
      t: { kind: 'topic', at: [240, 0], fields: replicas },
      u: { kind: 'topic', at: [240, 200], fields: replicas },
      g: { kind: 'consumer-group', at: [480, 0], fields: { serviceTime: { shape: 'constant', mean: 5 } } },
      k: {
        kind: 'broker-cluster',
        at: [240, 480],
        fields: { sessionTimeout: 100, replicaLagTime: 60, roundTrip: 5, ...cluster },
      },
    },
    edges: ['p > t', 'q > u', 'q > t', 't > g', 'u > g', 't.cluster > k', 'u.cluster > k'],
    faults: {
      one: { atMs: 200, forMs: 600, node: 'k', fault: 'lose-broker', args: { broker: 1 } },
      two: { atMs: 450, forMs: 300, node: 'k', fault: 'lose-broker', args: { broker: 2 } },
      late: { atMs: 900, forMs: 200, node: 'k', fault: 'slow-follower', args: { broker: 3, delay: 500 } },
    },
    horizonMs: 1500,
  });
}

/** What the laws of a run say in which somebody meddles after some events. */
function saidBy(
  laws: readonly (keyof typeof LAWS)[],
  design: Design,
  meddle: (inside: RunParts) => void = () => {},
): string | null {
  const { run } = compile(design);
  const watch = watchRun(
    run!,
    design.scenario.faults,
    laws.map((law) => LAWS[law]),
  );
  try {
    for (let event = 0; run!.advance(Infinity, 1) === 1; event++) {
      if (event === 900) meddle(insideOf(run!));
      watch.check(event % 3 === 0);
      run!.drainMessages();
    }
    watch.checkEnd();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const EVERY = Object.keys(LAWS) as (keyof typeof LAWS)[];

it.each([
  ['all', 'off'],
  ['all', 'on'],
  ['leader', 'on'],
  ['none', 'on'],
])('no law objects to a run with acks=%s and unclean elections %s', (acks, uncleanElection) => {
  expect(saidBy(EVERY, clustered({ uncleanElection }, { acks }))).toBeNull();
  const swapped = {
    acks,
    idempotence: 'off',
    maxInFlight: 5,
    requestLatency: { shape: 'exponential', mean: 4 },
  };
  expect(saidBy(EVERY, clustered({ uncleanElection }, swapped))).toBeNull();
});

it.each<[string, (inside: RunParts) => void, RegExp]>([
  [
    'a leader that is not in sync',
    ({ kinds }) => {
      const { table } = kinds.replication!;
      table.inSync[table.leader[0]] = 0;
      table.inSyncCount[0]--;
    },
    /^I29: a leader that is not in sync/,
  ],
  ['a wrong count', ({ kinds }) => void kinds.replication!.table.inSyncCount[0]++, /^I5: replicas in sync/],
  [
    'a replica in sync without what may be read',
    ({ kinds }) => {
      const { table } = kinds.replication!;
      for (const replica of table.replicasOf(0)) if (replica !== table.leader[0]) table.ownEnd[replica] = 0;
    },
    /^I17: a replica in sync lacks what may be read/,
  ],
  [
    'a high watermark that falls',
    ({ kinds }) => void (kinds.replication!.table.highWatermark[0] = 0),
    /^I17: a high watermark falls/,
  ],
  [
    'a partition that calls itself offline',
    ({ kinds }) => void (kinds.replication!.states.state[0] = PARTITION_STATE.offline),
    /^I47: state of a partition/,
  ],
  [
    'readers that see everything',
    ({ kinds, sim }) => {
      for (const listener of kinds.replication!.listeners) {
        for (const topic of new Set(kinds.replication!.table.topic)) {
          for (const lane of [0, 1]) listener.readable?.(sim, topic, lane, Infinity);
        }
        listener.readable = () => {};
      }
    },
    /^I17: read before all in sync have it/,
  ],
  [
    'a clean election that loses',
    ({ kinds, sim }) => {
      const { replication } = kinds;
      const { table } = replication!;
      const { topic, lane, end } = table;
      for (const listener of replication!.listeners) {
        listener.cutOff?.(sim, topic[0], lane[0], table.highWatermark[0] - 1, end[0]);
      }
    },
    /^I11: a clean election loses what all in sync had/,
  ],
])('sees %s', (_what, meddle, sentence) => {
  expect(saidBy(['replicas'], clustered(), meddle)).toMatch(sentence);
});

/** Followers fall behind and out of sync, then their leader is lost, and a group has no policy for that. */
function cutShort(): Design {
  const design = clustered({ uncleanElection: 'on', replicaLagTime: 10 }, { acks: 'leader' });
  const behind = (broker: number) => ({
    id: `behind-${broker}`,
    atMs: 300,
    node: 'k',
    fault: 'slow-follower',
    args: { broker, delay: 10_000 },
  });
  const lost = { id: 'lost', atMs: 900, node: 'k', fault: 'lose-broker', args: { broker: 1 } };
  const strict = { offsetReset: 'none', members: 2 };
  return {
    ...design,
    nodes: design.nodes.map((node) =>
      node.id === 'g' ? { ...node, fields: { ...node.fields, ...strict } } : node,
    ),
    scenario: { ...design.scenario, faults: [behind(2), behind(3), lost] },
  };
}

it('no law objects to readers that end as their records were cut off', () => {
  let failures = 0;
  expect(
    saidBy(EVERY, cutShort(), ({ kinds }) => {
      const { starts } = kinds.consumers;
      const told = starts!.onFailed;
      starts!.onFailed = (...args) => (failures++, told(...args));
    }),
  ).toBeNull();
  expect(failures).toBeGreaterThan(0);
});

it('sees a reader that goes on though its records were cut off', () => {
  const meddle = ({ kinds }: RunParts) => void (kinds.topics.onCutOff = null);
  expect(saidBy(['replicas'], cutShort(), meddle)).toMatch(/^I11: (reads on though|commits behind)/);
});
