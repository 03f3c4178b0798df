/**
 * What queueing theory says exactly. Rates are per second, times in seconds; `servers` are identical and share one
 * queue, first come first served. Formulas: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory".
 */

/** M/M/1: mean time in the system, s / (1 − ρ). */
export function mm1SojournMean(arrivalRate: number, serviceMean: number): number {
  return serviceMean / (1 - arrivalRate * serviceMean);
}

/** M/M/1: the p-quantile of the time in the system, which is exponential. */
export function mm1SojournQuantile(arrivalRate: number, serviceMean: number, p: number): number {
  return -Math.log(1 - p) * mm1SojournMean(arrivalRate, serviceMean);
}

/**
 * M/M/1 with two classes of one mean service, the high one served first but never at the cost of who is in service:
 * mean time in the system of each (Cobham).
 */
export function priorityMm1SojournMeans(
  highRate: number,
  lowRate: number,
  serviceMean: number,
): { high: number; low: number } {
  const [high, all] = [highRate * serviceMean, (highRate + lowRate) * serviceMean];
  // What is left of the service in progress, on average: λ E[S²] / 2.
  const residual = all * serviceMean;
  return {
    high: residual / (1 - high) + serviceMean,
    low: residual / ((1 - high) * (1 - all)) + serviceMean,
  };
}

/** M/G/1 (Pollaczek and Khinchine): mean wait, from the mean and the coefficient of variation of the service. */
export function mg1WaitMean(arrivalRate: number, serviceMean: number, serviceCv: number): number {
  const load = arrivalRate * serviceMean;
  return (((1 + serviceCv ** 2) / 2) * load * serviceMean) / (1 - load);
}

/** Erlang B: share of arrivals lost by servers without a queue, by the recursion that never overflows. */
export function erlangB(servers: number, offeredLoad: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offeredLoad * blocked) / (n + offeredLoad * blocked);
  return blocked;
}

/** Erlang C: share of arrivals that have to wait. */
export function erlangC(servers: number, offeredLoad: number): number {
  const blocked = erlangB(servers, offeredLoad);
  const load = offeredLoad / servers;
  return blocked / (1 - load * (1 - blocked));
}

/** M/M/c: mean wait. */
export function mmcWaitMean(servers: number, arrivalRate: number, serviceMean: number): number {
  const offeredLoad = arrivalRate * serviceMean;
  return (erlangC(servers, offeredLoad) * serviceMean) / (servers - offeredLoad);
}

/** M/M/c: mean time in the system. */
export function mmcSojournMean(servers: number, arrivalRate: number, serviceMean: number): number {
  return mmcWaitMean(servers, arrivalRate, serviceMean) + serviceMean;
}

/** M/M/c/K: chance of 0, 1, … K in the system, of whom `servers` are served at a time; births against deaths. */
export function mmckChances(servers: number, offeredLoad: number, places: number): number[] {
  const weights = [1];
  for (let n = 1; n <= places; n++) weights.push((weights[n - 1] * offeredLoad) / Math.min(n, servers));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** M/M/c/K: share of arrivals lost where no more than K fit in, those in service included. */
export function mmckLossShare(servers: number, offeredLoad: number, places: number): number {
  return mmckChances(servers, offeredLoad, places)[places];
}

/** M/M/c/K: mean wait of those let in: each finds n in the system and waits for n − c + 1 of them to leave. */
export function mmckWaitMean(
  servers: number,
  offeredLoad: number,
  places: number,
  serviceMean: number,
): number {
  const letIn = mmckChances(servers, offeredLoad, places).slice(0, places);
  const total = letIn.reduce((sum, chance) => sum + chance, 0);
  const toLeave = letIn.reduce((sum, chance, n) => sum + chance * Math.max(0, n - servers + 1), 0);
  return ((toLeave / total) * serviceMean) / servers;
}

/** Erlang's law with k phases of the same mean: the share that is less than `value`. */
export function erlangShareBelow(phases: number, phaseMean: number, value: number): number {
  let term = Math.exp(-value / phaseMean);
  let above = term;
  for (let n = 1; n < phases; n++) {
    term *= value / phaseMean / n;
    above += term;
  }
  return 1 - above;
}

/** Tandem of equal M/M/1: the p-quantile of the time from end to end, a sum of independent exponential ones. */
export function tandemSojournQuantile(stations: number, sojournMean: number, p: number): number {
  let [low, high] = [0, sojournMean * stations * 100];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (erlangShareBelow(stations, sojournMean, middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Tries that hold the worker, exponential with `tryMean` each and `pause` between two, given up after `most`: mean
 * and coefficient of variation of the time that the worker is held, for Pollaczek and Khinchine's formula.
 */
export function heldTime(
  failure: number,
  most: number,
  tryMean: number,
  pause: number,
): { mean: number; cv: number } {
  let tries = 0;
  let triesSquare = 0;
  for (let n = 1; n <= most; n++) {
    const chance = failure ** (n - 1) * (n < most ? 1 - failure : 1);
    tries += chance * n;
    triesSquare += chance * n * n;
  }
  const mean = tries * tryMean + (tries - 1) * pause;
  const variance = tries * tryMean ** 2 + (triesSquare - tries ** 2) * (tryMean + pause) ** 2;
  return { mean, cv: Math.sqrt(variance) / mean };
}

/**
 * Jackson: mean number at an exponential station with `servers`, whatever network it is part of, once the traffic
 * equations have given its arrival rate.
 */
export function jacksonNumberMean(servers: number, arrivalRate: number, serviceMean: number): number {
  return arrivalRate * mmcSojournMean(servers, arrivalRate, serviceMean);
}

/** Mean tries of a message that is given up after `most` of them, each failing with the same chance. */
export function triesMean(failure: number, most: number): number {
  return failure === 1 ? most : (1 - failure ** most) / (1 - failure);
}

/** Share of such messages that is given up. */
export function deadLetterShare(failure: number, most: number): number {
  return failure ** most;
}
