import { estimate, replicate, type Estimate } from '../simulation/results/replications.ts';
import { chiSquareTail, kolmogorovSmirnov, normalQuantileAbove, studentTail } from './probability.ts';
import type { TheoryFigure, TheoryModel } from './theory-cases.ts';
import { exponential, stationDesign } from './theory-designs.ts';

/** How much is simulated: independent runs, and messages from outside in each after the warm-up, by load. */
export interface TheorySize {
  replications: number;
  messages: ReadonlyMap<number, number>;
}

/** What was found of one figure. Plain data, so that it can be sent between threads and written down. */
export interface Finding {
  model: string;
  load: number;
  what: string;
  exact: number;
  measured: Estimate;
  /** Standard normal if the engine is right: the gap in standard errors, its Student's t turned into a normal draw. */
  z: number;
  /** Share by which the histogram behind the figure may be off; the gap counts for z only where it is greater. */
  readWithin: number;
  /** True for the figure of each case that is judged together with those of the other cases. */
  isFirst: boolean;
}

/** No z may be greater: one in 16,000 right ones is. */
export const MOST_Z = 4;

/**
 * Runs a model at a load and holds its figures against the exact ones. The seeds are named after model and load, so
 * that no two cases share a random number, and before any result is seen.
 */
export function checkTheory(model: TheoryModel, load: number, size: TheorySize, seedName: string): Finding[] {
  const { design, arrivalRate, figures } = model.at(load);
  const seeds = Array.from(
    { length: size.replications },
    (_, index) => `${seedName}: ${model.name} at ${load}, ${index}`,
  );
  const warmUp = warmUpMessages(load);
  const results = replicate(design, seeds, {
    untilMs: ((warmUp + size.messages.get(load)!) / arrivalRate) * 1000,
    warmUpMs: (warmUp / arrivalRate) * 1000,
  });
  return figures.map((figure, index) => ({
    model: model.name,
    load,
    what: figure.what,
    exact: figure.exact,
    ...judge(figure, estimate(results.map(figure.read))),
    readWithin: figure.readWithin ?? 0,
    isFirst: index === 0,
  }));
}

/**
 * A queue forgets how it began at the rate μ (1 − √ρ)², so after twenty of its reciprocals what is left of the empty
 * start is e⁻²⁰. A thousand messages at least, for networks and for what this rule knows nothing of.
 */
function warmUpMessages(load: number): number {
  return Math.max(1000, Math.ceil(20 / (1 - Math.sqrt(load)) ** 2));
}

function judge(figure: TheoryFigure, measured: Estimate): Pick<Finding, 'measured' | 'z'> {
  const gap = measured.mean - figure.exact;
  const counted = Math.max(0, Math.abs(gap) - (figure.readWithin ?? 0) * figure.exact);
  const t = counted === 0 ? 0 : counted / measured.standardError;
  return { measured, z: Math.sign(gap) * normalQuantileAbove(studentTail(t, measured.count - 1)) };
}

/** No chance of what all cases show together may be less. */
const LEAST_CHANCE = 0.0005;

/** Whether no figure is too far off, and all together are neither too far off nor too close. */
export function isRight(findings: readonly Finding[]): boolean {
  const { squaresChance, distanceChance } = lookTogether(findings);
  return (
    findings.every(({ z }) => Math.abs(z) < MOST_Z) &&
    Math.min(squaresChance, 1 - squaresChance, distanceChance) > LEAST_CHANCE
  );
}

/** How all cases look together. Chances are of what was seen or worse, if the engine is right. */
export interface JointLook {
  count: number;
  largest: Finding;
  /** Sum of the squares of z, and the chance of one as great; a chance near 1 means less noise than there must be. */
  squares: number;
  squaresChance: number;
  /** Greatest distance to the normal law. */
  distance: number;
  distanceChance: number;
  /** 95 % intervals that hold the exact figure. */
  held: number;
}

/** Looks at the first figure of every case together. */
export function lookTogether(findings: readonly Finding[]): JointLook {
  const first = findings.filter(({ isFirst }) => isFirst);
  const draws = first.map(({ z }) => z);
  const squares = draws.reduce((sum, z) => sum + z * z, 0);
  const { distance, chance } = kolmogorovSmirnov(draws);
  return {
    count: first.length,
    largest: first.reduce((most, one) => (Math.abs(one.z) > Math.abs(most.z) ? one : most)),
    squares,
    squaresChance: chiSquareTail(squares, first.length),
    distance,
    distanceChance: chance,
    held: first.filter(({ measured, exact }) => measured.low <= exact && exact <= measured.high).length,
  };
}

/**
 * Little's law needs no statistics: once all messages have left, the integral of the number waiting is the sum of the
 * waits, and the busy time is the sum of the services. Returns the greatest relative difference; rounding alone is right.
 */
export function littleGap(servers: number, messages: number, seeds: readonly number[]): number {
  const rate = 0.9 * servers;
  const design = stationDesign({ rate, servers, service: exponential(1) });
  const overrides = [{ node: 'source', field: 'stopAfter', value: messages }];
  // Twice the time that it takes to send them, so that the last ones leave; whole seconds, which are no longer rounded.
  const untilMs = Math.ceil((2 * messages) / rate) * 1000;
  const gaps = replicate(design, seeds, { overrides, untilMs }).flatMap(({ totals, nodes }) => {
    if (totals.acknowledged !== messages) return [Infinity];
    const { waitMsMean, serviceMsMean, utilization } = nodes.station;
    const waits = (nodes.line.queueLengthMean * untilMs) / (waitMsMean! * messages);
    const services = (utilization! * servers * untilMs) / (serviceMsMean! * messages);
    return [Math.abs(waits - 1), Math.abs(services - 1)];
  });
  return Math.max(...gaps);
}
