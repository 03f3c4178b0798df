import type { Json } from '../../design/types.ts';
import { compile } from '../../simulation/compile.ts';
import { deadLetterShare, mg1WaitMean, mm1SojournMean, mmcSojournMean, triesMean } from '../closed-forms.ts';
import { stationDesign } from '../theory-designs.ts';

const REPLICATIONS = 12;
/** A true figure is further off than this once in ten thousand times. */
const MOST_Z = 4.5;
const SECONDS = 2500;

interface QuickCase {
  name: string;
  rate: number;
  service: Json;
  servers?: number;
  fields?: Record<string, Json>;
  exact: number;
  figure?: 'sojourn' | 'tries' | 'lost';
}

const CASES: readonly QuickCase[] = [
  {
    name: 'M/M/1',
    rate: 0.6,
    service: { shape: 'exponential', mean: 1000 },
    exact: mm1SojournMean(0.6, 1),
  },
  {
    name: 'M/M/4',
    rate: 2.4,
    servers: 4,
    service: { shape: 'exponential', mean: 1000 },
    exact: mmcSojournMean(4, 2.4, 1),
  },
  {
    name: 'M/E3/1',
    rate: 0.6,
    service: { shape: 'erlang', mean: 1000, k: 3 },
    exact: mg1WaitMean(0.6, 1, Math.sqrt(1 / 3)) + 1,
  },
  {
    name: 'tries with failure 0.4, at most 3',
    rate: 0.1,
    service: { shape: 'constant', mean: 100 },
    fields: { failureProbability: 0.4, maxAttempts: 3, backoff: 1 },
    exact: triesMean(0.4, 3),
    figure: 'tries',
  },
  {
    name: 'share given up with failure 0.4, at most 3',
    rate: 0.1,
    service: { shape: 'constant', mean: 100 },
    fields: { failureProbability: 0.4, maxAttempts: 3, backoff: 1 },
    exact: deadLetterShare(0.4, 3),
    figure: 'lost',
  },
];

/** The first figure of a queue that is too far from what theory says, as a sentence, or null. */
export function brokenTheory(): string | null {
  for (const one of CASES) {
    const values = Array.from({ length: REPLICATIONS }, (_, seed) => measure(one, seed));
    const mean = values.reduce((a, b) => a + b, 0) / REPLICATIONS;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (REPLICATIONS - 1);
    const z = (mean - one.exact) / Math.sqrt(variance / REPLICATIONS);
    if (!(Math.abs(z) < MOST_Z)) return `theory, ${one.name}: found ${mean}, exact ${one.exact}, z ${z}`;
  }
  return null;
}

function measure({ rate, service, servers, fields, figure = 'sojourn' }: QuickCase, seed: number): number {
  const design = stationDesign({ rate: rate * 10, service: scaled(service), servers });
  const nodes = design.nodes.map((node) =>
    node.id === 'station' ? { ...node, fields: { ...node.fields, ...fields } } : node,
  );
  const options = { seed, untilMs: SECONDS * 100, warmUpMs: 10_000, observe: false };
  const { run } = compile({ ...design, nodes }, options);
  run!.advance(Infinity, Infinity);
  const { nodes: results, latency, totals } = run!.results();
  if (figure === 'tries') return results.station.attempts / (totals.acknowledged + totals.dropped);
  if (figure === 'lost') return totals.dropped / (totals.acknowledged + totals.dropped);
  return latency.latencyMsMean! / 100;
}

/** The same law ten times faster, so that a short run holds many messages. */
function scaled(service: Json): Json {
  const law = service as { mean: number };
  return { ...law, mean: law.mean / 10 };
}
