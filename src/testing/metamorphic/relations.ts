import type { Design, Json } from '../../design/types.ts';
import { parseDesign } from '../../design/parse-design.ts';
import { serializeDesign } from '../../design/serialize-design.ts';
import { Columns } from '../../lib/columns.ts';
import { Histograms } from '../../lib/histogram.ts';
import { Dice } from '../fuzz/dice.ts';
import { drawCase } from '../fuzz/draw-case.ts';
import { compile } from '../../simulation/compile.ts';
import { atMost, designOf, figuresOf, sameAs, storyOf, type Fields } from './run-figures.ts';

/** What must be true of two runs together, by its number in the list of metamorphic relations. */
export interface Relation {
  name: string;
  check(): void;
}

const constant = (mean: number): Json => ({ shape: 'constant', mean });
const exponential = (mean: number): Json => ({ shape: 'exponential', mean });
const SEEDS = Array.from({ length: 12 }, (_, at) => 500 + at);
const RUN_MS = 600;

/** Producer → queue → group, and where its failures go. */
function station(source: Fields, queue: Fields, group: Fields, dead = false): Design {
  const nodes = {
    source: ['producer', source],
    line: ['queue', queue],
    station: ['consumer-group', { members: 1, serviceTime: constant(8), ...group }],
    ...(dead ? { dead: ['dead-letter-queue'] } : {}),
  } as const;
  const edges = ['source > line', 'line > station', ...(dead ? ['station.failed > dead'] : [])];
  return designOf(nodes as never, edges);
}

/** Designs of the fuzzer that can be run, with their horizon cut to what is worth comparing. */
function drawn(): Design[] {
  const designs = SEEDS.map((seed) => drawCase(seed).design);
  return designs.filter((design) => compile(design, { observe: false }).run !== null);
}

const short = { untilMs: RUN_MS, warmUpMs: 100 };

/** M20 is not here: designs are written as Mermaid, but none is read from it. */
export const RELATIONS: readonly Relation[] = [
  {
    name: 'M1: all times twice as long, the same counts and latencies twice as long',
    check() {
      const at = (k: number) => {
        const group = {
          serviceTime: constant(16 * k),
          failureProbability: 0.3,
          backoff: 4 * k,
          backoffJitter: 0,
        };
        const design = station(
          { arrivals: 'constant', rate: 50 / k },
          { capacity: 5 },
          { ...group, members: 2 },
        );
        return figuresOf(design, { untilMs: 8000 * k });
      };
      const [one, two] = [at(1), at(2)];
      sameAs(one.totals, two.totals, 'totals');
      sameAs(one.latency.latencyMsMean! * 2, two.latency.latencyMsMean, 'mean latency');
      sameAs(one.latency.latencyMsMax! * 2, two.latency.latencyMsMax, 'greatest latency');
      sameAs(one.nodes.line.queueLengthMean, two.nodes.line.queueLengthMean, 'queue length');
    },
  },
  {
    name: 'M2: other ids, the same run where nothing is left to chance; other names and places, the same hash',
    check() {
      const at = (prefix: string) => {
        const [p, q, g] = ['p', 'q', 'g'].map((id) => prefix + id);
        const fields = { arrivals: 'constant', rate: 70, keyCount: 1 };
        const design = designOf(
          {
            [p]: ['producer', fields],
            [q]: ['topic', {}],
            [g]: ['consumer-group', { serviceTime: constant(20) }],
          },
          [`${p} > ${q}`, `${q} > ${g}`],
        );
        const { totals, latency, nodes } = figuresOf(design);
        return [totals, latency, nodes[q].in, nodes[g].utilization];
      };
      sameAs(at('a-'), at('other '), 'figures');
      for (const design of drawn()) {
        const layout = { ...design.layout, nodes: design.nodes.map(({ id }, x) => ({ id, x, y: -x })) };
        const nodes = design.nodes.map((node) => ({ ...node, name: `another ${node.name}` }));
        sameAs(figuresOf(design, short).hash, figuresOf({ ...design, nodes, layout }, short).hash, 'hash');
      }
    },
  },
  {
    name: 'M3: the order of nodes and edges in the file changes nothing',
    check() {
      const dice = new Dice(3);
      for (const design of drawn()) {
        const mixed = { ...design, nodes: dice.shuffled(design.nodes), edges: dice.shuffled(design.edges) };
        sameAs(figuresOf(design, short).hash, figuresOf(mixed, short).hash, 'hash');
      }
    },
  },
  {
    name: 'M4: a part that is not connected changes nothing in the rest',
    check() {
      const guest = station({ rate: 300 }, { capacity: 2 }, { failureProbability: 0.5, backoff: 1 });
      for (const design of drawn()) {
        const both = {
          ...design,
          nodes: [...guest.nodes, ...design.nodes],
          edges: [...guest.edges, ...design.edges],
        };
        const [alone, together] = [figuresOf(design, short), figuresOf(both, short)];
        // The number of a message counts those of the whole design.
        const nameless = (node: object) =>
          JSON.parse(JSON.stringify(node), (key, value) => (key === 'message' ? 0 : value));
        for (const id of Object.keys(alone.nodes)) {
          sameAs(nameless(alone.nodes[id]), nameless(together.nodes[id]), `node ${id}`);
        }
        for (const id of Object.keys(alone.edges)) sameAs(alone.edges[id], together.edges[id], `edge ${id}`);
      }
    },
  },
  {
    name: 'M5: a node that passes everything on at once changes no figure behind it',
    check() {
      const source: Fields = { rate: 80 };
      const plain = station(source, {}, { serviceTime: exponential(10) });
      const relayed = designOf(
        {
          source: ['producer', source],
          before: ['queue'],
          relay: ['consumer-group', { members: 100, serviceTime: constant(0) }],
          line: ['queue'],
          station: ['consumer-group', { members: 1, serviceTime: exponential(10) }],
        },
        ['source > before', 'before > relay', 'relay > line', 'line > station'],
      );
      const [a, b] = [figuresOf(plain), figuresOf(relayed)];
      sameAs(a.nodes.station, b.nodes.station, 'station');
      sameAs(a.latency, b.latency, 'latency');
    },
  },
  {
    name: 'M6: one Poisson source or two of half its rate, the same mean latency',
    check() {
      const whole = station({ rate: 60 }, {}, { serviceTime: exponential(10) });
      const split = designOf(
        {
          left: ['producer', { rate: 30 }],
          right: ['producer', { rate: 30 }],
          line: ['queue'],
          station: ['consumer-group', { members: 1, serviceTime: exponential(10) }],
        },
        ['left > line', 'right > line', 'line > station'],
      );
      const means = (design: Design) =>
        SEEDS.map((seed) => figuresOf(design, { seed, untilMs: 60_000 }).latency.latencyMsMean!);
      atMost(Math.abs(zOf(means(whole), means(split))), 4.5, 'z of the difference');
    },
  },
  {
    name: 'M7: more servers, no longer wait',
    check() {
      const wait = (members: number, seed: number) => {
        const design = station({ rate: 90 }, {}, { members, serviceTime: exponential(20) });
        return figuresOf(design, { seed }).nodes.station.waitMsMean!;
      };
      for (const seed of SEEDS.slice(0, 4)) {
        for (const servers of [2, 3, 4])
          atMost(wait(servers + 1, seed), wait(servers, seed) + 1e-9, 'mean wait');
      }
    },
  },
  {
    name: 'M8: a larger queue loses no more',
    check() {
      const lost = (capacity: number) =>
        figuresOf(station({ rate: 130 }, { capacity, overflow: 'drop-newest' }, {})).totals.dropped;
      for (const capacity of [1, 2, 5, 20]) atMost(lost(capacity * 2), lost(capacity), 'messages lost');
    },
  },
  {
    name: 'M9: slower service, no less utilization',
    check() {
      const busy = (mean: number) =>
        figuresOf(station({ rate: 90 }, {}, { serviceTime: constant(mean) })).nodes.station.utilization!;
      for (const mean of [2, 5, 10]) atMost(busy(mean), busy(mean * 1.5), 'utilization');
    },
  },
  {
    name: 'M10: a fault of share 0 or factor 1 is no fault',
    check() {
      const design = station({ rate: 90 }, {}, { serviceTime: exponential(10), failureProbability: 0.1 });
      const times = { atMs: 2000, forMs: 3000 };
      const fault = (node: string, name: string, args: Fields) => ({
        ...times,
        id: name,
        node,
        fault: name,
        args,
      });
      const faults = [fault('source', 'poison', { share: 0 }), fault('station', 'slow', { factor: 1 })];
      const faulty = { ...design, scenario: { ...design.scenario, faults } };
      // What a fault did is a figure of its own, of which the other run has none.
      const story = (of: Design) => ({ ...storyOf(figuresOf(of)), faults: [] });
      sameAs(story(design), story(faulty), 'figures');
    },
  },
  {
    name: 'M11: one try in all: how to back off means nothing',
    check() {
      const at = (backoff: Fields) =>
        figuresOf(station({ rate: 90 }, {}, { failureProbability: 0.3, maxAttempts: 1, ...backoff }));
      const plain = at({});
      sameAs(plain, at({ backoff: 5000, backoffJitter: 0, retryMode: 'later' }), 'figures');
      sameAs(plain.nodes.station.retries, 0, 'retries');
      if (plain.totals.dropped === 0) throw new Error('nothing failed');
    },
  },
  {
    name: 'M12: a dead-letter queue changes nothing of what is delivered',
    check() {
      const group = { failureProbability: 0.5, maxAttempts: 2, backoff: 1, serviceTime: exponential(4) };
      const [without, having] = [false, true].map((dead) =>
        figuresOf(station({ rate: 90 }, {}, group, dead)),
      );
      sameAs(without.totals.acknowledged, having.totals.acknowledged, 'acknowledged');
      sameAs(without.latency, having.latency, 'latency');
      sameAs(without.totals.dropped, having.totals.deadLettered, 'given up');
    },
  },
  {
    name: 'M13: the histograms of two runs together are that of both',
    check() {
      const histograms = new Histograms(new Columns(), 3);
      const dice = new Dice(13);
      for (let i = 0; i < 5000; i++) {
        const value = dice.below(2 ** dice.below(40));
        histograms.record(i % 2, value);
        histograms.record(2, value);
      }
      histograms.merge(0, 1);
      for (const q of [0, 0.1, 0.5, 0.9, 0.99, 1]) {
        sameAs(histograms.quantile(0, q), histograms.quantile(2, q), `quantile ${q}`);
      }
      sameAs(histograms.mean(0), histograms.mean(2), 'mean');
    },
  },
  {
    name: 'M14: no messages, no events',
    check() {
      const { totals, events } = figuresOf(station({ rate: 0 }, {}, {}));
      sameAs([events, ...Object.values(totals)], [0, 0, 0, 0, 0, 0, 0, 0], 'events and totals');
    },
  },
  {
    name: 'M15: everything fails, nothing is delivered',
    check() {
      const { totals } = figuresOf(station({ rate: 90 }, {}, { failureProbability: 1, backoff: 1 }));
      sameAs(totals.acknowledged, 0, 'acknowledged');
      if (totals.dropped === 0) throw new Error('nothing was given up');
    },
  },
  {
    name: 'M16: no service time, no latency',
    check() {
      const { latency, totals } = figuresOf(station({ rate: 90 }, {}, { serviceTime: constant(0) }));
      sameAs([latency.latencyMsMax, totals.inFlight], [0, 0], 'latency and in flight');
    },
  },
  {
    name: 'M17: a ring turned round has the same figures',
    check() {
      const ring = (step: number) => {
        const nodes: Record<string, readonly [string, Fields?]> = {};
        const edges: string[] = [];
        for (let at = 0; at < 3; at++) {
          nodes[`p${at}`] = ['producer', { arrivals: 'constant', rate: 40, stopAfter: 7 }];
          nodes[`q${at}`] = ['queue'];
          nodes[`g${at}`] = ['consumer-group', { members: 1, serviceTime: constant(11) }];
          edges.push(`p${at} > q${at}`, `q${at} > g${at}`, `g${at} > q${(at + step) % 3}`);
        }
        const { totals, nodes: found } = figuresOf(designOf(nodes, edges), { untilMs: 5000 });
        return [totals, [0, 1, 2].map((at) => [found[`q${at}`].in, found[`g${at}`].utilization])];
      };
      sameAs(ring(1), ring(2), 'figures');
    },
  },
  {
    name: 'M18: members beyond the partitions only stand by',
    check() {
      const at = (members: number) => {
        const design = designOf(
          {
            source: ['producer', { rate: 100 }],
            log: ['topic', { partitions: 3 }],
            group: ['consumer-group', { members, serviceTime: exponential(20) }],
          },
          ['source > log', 'log > group'],
        );
        const { totals, latency, nodes } = figuresOf(design);
        return [totals, latency, nodes.group.attempts];
      };
      sameAs(at(3), at(7), 'figures');
    },
  },
  {
    name: 'M19: written to JSON and read again, the same hash',
    check() {
      for (const design of drawn()) {
        const { design: read } = parseDesign(serializeDesign(design));
        if (!read) throw new Error('a design that was written cannot be read');
        sameAs(figuresOf(design, short).hash, figuresOf(read, short).hash, 'hash');
      }
    },
  },
];

/** The difference of two means in units of its standard error. */
function zOf(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [left, right] = [mean(a), mean(b)];
  const spread = (values: readonly number[], middle: number) =>
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length;
  return (left - right) / Math.sqrt(spread(a, left) + spread(b, right));
}
