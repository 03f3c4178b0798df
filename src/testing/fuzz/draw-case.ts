import { newDesign } from '../../design/new-design.ts';
import type { Design, DesignEdge, DesignNode, Json, ScheduledFault } from '../../design/types.ts';
import { possibleConnections } from '../../kinds/connections.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { chaosFaults } from '../../kinds/chaos-faults.ts';
import { Dice } from './dice.ts';
import { withClients } from './draw-clients.ts';
import { withClouds } from './draw-clouds.ts';
import { withExchanges } from './draw-exchanges.ts';
import { drawClusterFault, withClusters } from './draw-clusters.ts';
import { crashesOfCallers, withGuards } from './draw-guards.ts';
import { withGrowth } from './draw-growth.ts';
import { withSureLetters } from './draw-letters.ts';
import { drawLinkFaults } from './draw-links.ts';
import { withKafka } from './draw-kafka.ts';
import { drawMemberFaults } from './draw-members.ts';
import { withServices } from './draw-services.ts';
import { withTransactions } from './draw-transactions.ts';
import { drawDiskFaults, withRabbit } from './draw-rabbit.ts';
import { drawFeatures, FieldDice, type Feature } from './draw-fields.ts';
import { withRouters } from './draw-routers.ts';
import { withSubjects } from './draw-subjects.ts';
import { withReadings, withStreams } from './draw-streams.ts';
import type { Deed, FuzzCase } from './fuzz-case.ts';

/** Kinds that the fuzzer knows how to draw, beside exchanges and services: `Coverage` misses any other kind of the registry. */
const MIDDLE_KINDS = ['topic', 'queue', 'consumer-group', 'database', 'dead-letter-queue'];
/** Faults that are drawn elsewhere, with dice of their own. */
const OWN_DICE = ['add-partitions', 'slow-member', 'clock', 'disk-full'];
const CHANNELS = ['topic', 'queue'];
/** What a run may need to come to rest after its active time: thousands of poison messages back off one by one. */
const REST_MS = 3_600_000;
const RETENTION_RUN_MS = 700_000;
/** Some are as good as thousands, and those take their time to check. */
const MOST_RANDOM_FAULTS = 60;

/** The case of a seed: a random design, scenario and list of deeds, of a random half of all there is. */
export function drawCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const features = drawFeatures(dice);
  const fields = new FieldDice(dice, features);
  const drawn = withServices(drawNodes(dice, features, fields), seed, (own) =>
    new FieldDice(own, features).fieldsOf('service'),
  );
  const plain = { nodes: drawn, edges: drawEdges(dice, features, drawn) };
  const graph = withClouds(withRabbit(withExchanges(plain, seed), seed), seed);
  const known = withTransactions(withKafka(withClients(graph.nodes, seed), seed), graph.edges, seed);
  const guarded = { nodes: known, edges: withGuards(known, graph.edges, seed) };
  const { nodes, edges } = withSureLetters(withSubjects(withRouters(guarded, seed), seed), seed);
  const usual = features.has('crowd') ? 1500 : dice.pick([100, 500, 1500]);
  const activeMs = features.has('retention') ? RETENTION_RUN_MS : usual;
  const faults = features.has('scheduled-faults') ? drawFaults(dice, nodes, activeMs) : [];
  if (features.has('expulsion')) faults.push(...drawCrashes(nodes, activeMs));
  faults.push(...crashesOfCallers(nodes, edges, activeMs, seed));
  faults.push(...drawLinkFaults(nodes, edges, activeMs, seed));
  if (seed % 4 === 0) faults.push(...drawRareFaults(dice, nodes, activeMs));
  if (seed % 13 === 0) {
    const chaos = { perMinute: 600, healAfterMs: 1 + Math.floor(activeMs / 10) };
    const scenario = { ...newDesign('').scenario, horizonMs: activeMs, seed, chaos };
    const random = chaosFaults({ ...newDesign(''), nodes, edges, scenario });
    faults.push(...random.slice(0, MOST_RANDOM_FAULTS));
  }
  const clustered = withClusters(nodes, edges, activeMs, seed);
  const grown = withGrowth(clustered.nodes, activeMs, seed);
  faults.push(...clustered.faults, ...grown.faults, ...drawMemberFaults(grown.nodes, activeMs, seed));
  faults.push(...drawDiskFaults(grown.nodes, activeMs, seed));
  const streamed = withStreams(grown.nodes, clustered.edges, seed);
  const design: Design = {
    ...newDesign('Fuzz'),
    nodes: streamed,
    edges: withReadings(streamed, clustered.edges, seed),
    scenario: {
      horizonMs: activeMs + REST_MS,
      warmUpMs: features.has('warm-up') ? Math.floor(activeMs / 3) : 0,
      seed: dice.below(1_000_000),
      faults,
    },
  };
  const deeds = [...drawDeeds(dice, features, fields, design), ...grown.deeds];
  return { design, deeds, activeMs };
}

function drawNodes(dice: Dice, features: ReadonlySet<Feature>, fields: FieldDice): DesignNode[] {
  const kinds = dice.some(MIDDLE_KINDS);
  const chosen = Array.from({ length: 1 + dice.below(2) }, () => 'producer');
  const middle = Array.from({ length: 1 + dice.below(6) }, () => dice.pick(kinds));
  const isClosed = !features.has('loose-ends');
  if (isClosed && middle.some((kind) => CHANNELS.includes(kind))) middle.push('consumer-group');
  if (middle.includes('consumer-group') && !middle.some((kind) => CHANNELS.includes(kind))) {
    middle.unshift(dice.pick(CHANNELS));
  }
  // At the end, where the edges of all others can lead to it.
  if (kinds.includes('dead-letter-queue')) middle.push('dead-letter-queue');
  return [...chosen, ...middle].map((kind, at) => ({
    id: `n${at}`,
    kind,
    name: `n${at}`,
    fields: fields.fieldsOf(kind),
  }));
}

/** Edges lead from earlier nodes to later ones, so that there is no circle unless circles are asked for. */
function drawEdges(dice: Dice, features: ReadonlySet<Feature>, nodes: readonly DesignNode[]): DesignEdge[] {
  const edges: DesignEdge[] = [];
  const density = features.has('fan-out') ? 0.8 : 0.4;
  const join = (from: DesignNode, to: DesignNode): boolean => {
    const ways = possibleConnections(from.kind, to.kind).filter(({ fromPort }) => {
      const port = kindDefinition(from.kind)!.ports.find(({ id }) => id === fromPort)!;
      const used = edges.filter((edge) => edge.from === from.id && edge.fromPort === fromPort).length;
      return used < (port.maxEdges ?? Infinity);
    });
    if (from === to || ways.length === 0) return false;
    edges.push({ id: `e${edges.length}`, from: from.id, to: to.id, ...dice.pick(ways) });
    return true;
  };
  nodes.forEach((from, at) => {
    const later = features.has('circles') ? dice.shuffled(nodes) : dice.shuffled(nodes.slice(at + 1));
    let joined = 0;
    for (const to of later) {
      const bothSources = to.kind === 'consumer-group' && edges.some((edge) => edge.to === to.id);
      const share = to.kind === 'dead-letter-queue' ? 0.9 : density;
      const wanted = joined === 0 || dice.chance(bothSources && !features.has('mixed-sources') ? 0.2 : share);
      if (wanted && join(from, to)) joined++;
      if (wanted && features.has('parallel-edges') && dice.chance(0.3)) join(from, to);
    }
  });
  return edges;
}

function drawFault(
  dice: Dice,
  nodes: readonly DesignNode[],
): { node: string; fault: string; args: Record<string, Json> } | null {
  const able = nodes.filter((node) =>
    kindDefinition(node.kind)!.faults.some(({ id }) => !OWN_DICE.includes(id)),
  );
  const groups = able.filter(({ kind }) => kind === 'consumer-group');
  const node = dice.pick([...able, ...groups]);
  if (node.kind === 'broker-cluster') return { node: node.id, ...drawClusterFault(dice, node) };
  const fault = dice.pick(kindDefinition(node.kind)!.faults.filter(({ id }) => !OWN_DICE.includes(id))).id;
  const ofMember = { member: 1 + dice.below(Number(node.fields.members ?? 1)) };
  const args = (
    {
      crash: ofMember,
      exit: ofMember,
      restart: ofMember,
      hang: ofMember,
      'cut-off': ofMember,
      rolling: { downFor: dice.pick([1, 20, 200]), pause: dice.pick([1, 50]) },
      slow: { factor: dice.pick([1, 3, 20]) },
      burst: { factor: dice.pick([2, 5]) },
      poison: { share: dice.pick([0.1, 1]), count: dice.pick([0, 2]) },
      outage: { answers: dice.pick(['refused', 'silence']) },
      errors: { share: dice.pick([0, 0.3, 1]) },
      redrive: {
        count: dice.pick([0, 2]),
        rate: dice.pick([0, 100]),
        to: dice.pick(['source', 'target']),
        messages: dice.pick(['as-they-are', 'mended']),
      },
    } as Record<string, Record<string, Json>>
  )[fault];
  return { node: node.id, fault, args: args ?? {} };
}

function drawFaults(dice: Dice, nodes: readonly DesignNode[], activeMs: number): ScheduledFault[] {
  return Array.from({ length: 1 + dice.below(4) }, (_, at) => ({
    id: `f${at}`,
    atMs: dice.below(activeMs),
    ...(dice.chance(0.7) ? { forMs: 1 + dice.below(activeMs / 2) } : {}),
    ...drawFault(dice, nodes)!,
  }));
}

/** One of each fault that a random pick among all of them meets too seldom. */
function drawRareFaults(dice: Dice, nodes: readonly DesignNode[], activeMs: number): ScheduledFault[] {
  const rare = {
    producer: ['schema', 'poison'],
    'consumer-group': ['exit', 'restart', 'rolling', 'hang', 'cut-off'],
  };
  return Object.entries(rare).flatMap(([kind, faults]) => {
    const able = nodes.filter((node) => node.kind === kind);
    return able.length === 0
      ? []
      : faults.map((fault) => {
          const node = dice.pick(able);
          const members = Number(node.fields.members ?? 1);
          const ofMember: Record<string, Json> = { member: 1 + dice.below(members) };
          const ofFault: Record<string, Record<string, Json>> = {
            schema: {},
            poison: { share: 1, count: 2 },
            rolling: { downFor: 5, pause: 5 },
          };
          const args = ofFault[fault] ?? ofMember;
          const times = { atMs: dice.below(activeMs), forMs: 1 + dice.below(activeMs / 4) };
          return { id: `r-${fault}`, ...times, node: node.id, fault, args };
        });
  });
}

/** A crash in every group, early enough to be noticed. */
function drawCrashes(nodes: readonly DesignNode[], activeMs: number): ScheduledFault[] {
  const groups = nodes.filter(({ kind }) => kind === 'consumer-group');
  const atMs = Math.floor(activeMs / 4);
  return groups.map(({ id }) => ({ id: `c-${id}`, atMs, node: id, fault: 'crash', args: { member: 1 } }));
}

function drawDeeds(dice: Dice, features: ReadonlySet<Feature>, fields: FieldDice, { nodes }: Design): Deed[] {
  const deeds: Deed[] = [];
  const injected: string[] = [];
  const groups = nodes.filter(({ kind }) => kind === 'consumer-group');
  const gap = () => dice.pick([0, 1, 10, 100, 300]);
  for (let i = dice.below(10); i > 0; i--) {
    if (features.has('faults-by-hand') && dice.chance(0.6)) {
      const id = `h${i}`;
      const fault = drawFault(dice, nodes)!;
      const forMs = dice.chance(0.5) ? { forMs: 1 + dice.below(200) } : {};
      deeds.push({ afterEvents: gap(), do: 'inject', id, ...fault, ...forMs });
      injected.push(id);
    } else if (injected.length > 0 && dice.chance(0.5)) {
      deeds.push({ afterEvents: gap(), do: 'heal', id: dice.pick(injected) });
    } else if (features.has('edits')) {
      const node = dice.pick([...nodes, ...groups]);
      const edit = fields.edit(node.kind);
      if (edit) deeds.push({ afterEvents: gap(), do: 'set', node: node.id, ...edit });
    }
  }
  return deeds;
}
