/**
 * The laws that judge measured figures: how likely is what was seen, if the engine is right. Areas under densities
 * by Simpson's rule, so that far tails keep their relative precision, where 1 − F(x) would have lost it.
 */

const STEPS = 2000;

/** Chance that a standard normal draw exceeds z. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  return area((x) => Math.exp(-(x * x) / 2), z, z + 12) / Math.sqrt(2 * Math.PI);
}

/** Chance that a draw of Student's t exceeds t. With t = √ν tan θ its density becomes a power of a cosine. */
export function studentTail(t: number, degrees: number): number {
  if (t < 0) return 1 - studentTail(-t, degrees);
  const density = (angle: number) => Math.cos(angle) ** (degrees - 1);
  return area(density, Math.atan(t / Math.sqrt(degrees)), Math.PI / 2) / (2 * area(density, 0, Math.PI / 2));
}

/** Chance that a sum of squares of as many standard normal draws exceeds x. */
export function chiSquareTail(x: number, degrees: number): number {
  // The law of the root, about as wide as a normal one, scaled by its peak so that no power overflows.
  const peak = Math.sqrt(Math.max(1, degrees - 1));
  const density = (root: number) =>
    Math.exp((degrees - 1) * Math.log(root / peak) - (root * root - peak * peak) / 2);
  const least = Math.max(1e-12, peak - 12);
  const from = Math.min(Math.max(Math.sqrt(x), least), peak + 40);
  const above = area(density, from, from + 12);
  return Math.min(1, above / area(density, least, peak + 12));
}

/** The z that a standard normal draw exceeds with this chance. */
export function normalQuantileAbove(chance: number): number {
  if (chance > 0.5) return -normalQuantileAbove(1 - chance);
  let [low, high] = [0, 40];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > chance) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Kolmogorov and Smirnov against the standard normal law: the greatest distance between the two distribution
 * functions, and the chance of one as great or greater, by the limit law with Stephens' correction.
 */
export function kolmogorovSmirnov(draws: readonly number[]): { distance: number; chance: number } {
  const count = draws.length;
  const below = draws.toSorted((a, b) => a - b).map((z) => 1 - normalTail(z));
  const gaps = below.map((share, at) => Math.max(share - at / count, (at + 1) / count - share));
  const distance = Math.max(...gaps);
  const scaled = distance * (Math.sqrt(count) + 0.12 + 0.11 / Math.sqrt(count));
  let chance = 0;
  for (let j = 1; j <= 100; j++) chance += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * (j * scaled) ** 2);
  // The series does not settle near 0, where the chance is 1.
  return { distance, chance: scaled < 0.2 ? 1 : Math.min(1, Math.max(0, chance)) };
}

function area(density: (x: number) => number, from: number, to: number): number {
  const step = (to - from) / STEPS;
  let sum = density(from) + density(to);
  for (let i = 1; i < STEPS; i++) sum += (i % 2 === 1 ? 4 : 2) * density(from + i * step);
  return (sum * step) / 3;
}
