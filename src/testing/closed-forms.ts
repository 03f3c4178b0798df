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

/** M/G/1 (Pollaczek and Khinchine): mean wait, from the mean and the coefficient of variation of the service. */
export function mg1WaitMean(arrivalRate: number, serviceMean: number, serviceCv: number): number {
  const load = arrivalRate * serviceMean;
  return (((1 + serviceCv ** 2) / 2) * load * serviceMean) / (1 - load);
}

/** M/D/1: mean wait, ρ s / (2 (1 − ρ)). */
export function md1WaitMean(arrivalRate: number, serviceMean: number): number {
  return mg1WaitMean(arrivalRate, serviceMean, 0);
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

/** M/M/1/K: share of arrivals lost where no more than K fit in, the one in service included. */
export function mm1kLossShare(arrivalRate: number, serviceMean: number, places: number): number {
  const load = arrivalRate * serviceMean;
  if (load === 1) return 1 / (places + 1);
  return ((1 - load) * load ** places) / (1 - load ** (places + 1));
}

/** Mean tries of a message that is given up after `most` of them, each failing with the same chance. */
export function triesMean(failure: number, most: number): number {
  return failure === 1 ? most : (1 - failure ** most) / (1 - failure);
}

/** Share of such messages that is given up. */
export function deadLetterShare(failure: number, most: number): number {
  return failure ** most;
}
