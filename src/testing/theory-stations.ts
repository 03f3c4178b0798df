import type { Json } from '../design/types.ts';
import type { RunResults } from '../simulation/results/results.ts';
import {
  erlangB,
  mg1WaitMean,
  mm1SojournMean,
  mm1SojournQuantile,
  mmckLossShare,
  mmckWaitMean,
  mmcSojournMean,
  mmcWaitMean,
  priorityMm1SojournMeans,
} from './closed-forms.ts';
import type { TheoryCase, TheoryFigure, TheoryModel } from './theory-cases.ts';
import { exponential, priorityDesign, stationDesign } from './theory-designs.ts';

/** Mean service time everywhere: a second, so that whole microseconds round off nothing that matters. */
const SERVICE = 1;
const SERVERS = 4;
/** Places of M/M/1/5, the one in service included. */
const PLACES = 5;
const PHASES = 3;
const LOG_NORMAL_CV = 1.5;
/** How far a quantile of the histogram may be off, as lib/histogram.ts says. */
const HISTOGRAM_WITHIN = 0.008;

/** One queue and its servers. */
export const STATION_MODELS: readonly TheoryModel[] = [
  {
    name: 'M/M/1',
    builtAs: 'Poisson producer, queue, one worker with exponential service.',
    says: 'wait ρ s / (1 − ρ)',
    at: mm1,
  },
  {
    name: 'M/M/4',
    builtAs: 'The same with four workers.',
    says: 'wait C s / (4 (1 − ρ)), C by Erlang',
    at: mm4,
  },
  {
    name: 'M/D/1',
    builtAs: 'One worker, constant service.',
    says: 'wait ρ s / (2 (1 − ρ))',
    at: (load) => mg1(load, 0, { shape: 'constant', mean: SERVICE * 1000 }),
  },
  {
    name: 'M/E3/1',
    builtAs: 'One worker, Erlang service with three phases.',
    says: 'wait by Pollaczek and Khinchine, cv² = 1/3',
    at: (load) => mg1(load, Math.sqrt(1 / PHASES), { shape: 'erlang', mean: SERVICE * 1000, k: PHASES }),
  },
  {
    name: 'M/LN/1',
    builtAs: 'One worker, log-normal service.',
    says: 'wait by Pollaczek and Khinchine, cv = 1.5',
    at: (load) => mg1(load, LOG_NORMAL_CV, { shape: 'log-normal', mean: SERVICE * 1000, cv: LOG_NORMAL_CV }),
  },
  {
    name: 'M/M/1/5',
    builtAs: 'One worker, a queue of four places that drops the newest.',
    says: 'share lost (1 − ρ) ρ⁵ / (1 − ρ⁶)',
    at: (load) => ({
      design: stationDesign({ rate: load, service: exponential(SERVICE), capacity: PLACES - 1 }),
      arrivalRate: load,
      figures: [
        { what: 'share lost', exact: mmckLossShare(1, load, PLACES), read: shareLost },
        { what: 'wait of those let in, s', exact: mmckWaitMean(1, load, PLACES, SERVICE), read: waitSeconds },
      ],
    }),
  },
  {
    name: 'Erlang B',
    builtAs: 'Four workers, a queue of one place that drops the newest.',
    says: 'those let in wait B s / 4, B by Erlang’s loss formula',
    at: erlangLoss,
  },
  {
    name: 'M/M/1, two priorities',
    builtAs:
      'Two producers of one rate, a queue with two priorities, one worker; behind it an exchange lets only the high class through to the end.',
    says: 'time in system by Cobham: ρ s / (1 − ρ/2) + s and ρ s / ((1 − ρ/2) (1 − ρ)) + s',
    at: twoPriorities,
  },
];

/**
 * M/M/1 whose workers are one percent slower than theory is told: no part of the list, but what the comparison must
 * see, or it sees nothing.
 */
export const SLOW_STATION: TheoryModel = {
  name: 'M/M/1, 1 % slow',
  builtAs: 'As M/M/1, with service times of 1.01 s.',
  says: 'what M/M/1 says for 1 s',
  at: (load) => ({
    ...mm1(load),
    design: stationDesign({ rate: load, service: exponential(SERVICE * 1.01) }),
  }),
};

function mm1(load: number): TheoryCase {
  return {
    design: stationDesign({ rate: load, service: exponential(SERVICE) }),
    arrivalRate: load,
    figures: [
      { what: 'wait, s', exact: mg1WaitMean(load, SERVICE, 1), read: waitSeconds },
      { what: 'time in system, s', exact: mm1SojournMean(load, SERVICE), read: sojournSeconds },
      { what: 'messages waiting', exact: load * mg1WaitMean(load, SERVICE, 1), read: waiting },
      { what: 'share of time busy', exact: load, read: busy },
      ...quantiles((p) => mm1SojournQuantile(load, SERVICE, p)),
    ],
  };
}

function mm4(load: number): TheoryCase {
  const rate = (load * SERVERS) / SERVICE;
  const wait = mmcWaitMean(SERVERS, rate, SERVICE);
  return {
    design: stationDesign({ rate, servers: SERVERS, service: exponential(SERVICE) }),
    arrivalRate: rate,
    figures: [
      { what: 'wait, s', exact: wait, read: waitSeconds },
      { what: 'time in system, s', exact: mmcSojournMean(SERVERS, rate, SERVICE), read: sojournSeconds },
      { what: 'messages waiting', exact: rate * wait, read: waiting },
      { what: 'share of time busy', exact: load, read: busy },
    ],
  };
}

function mg1(load: number, cv: number, service: Json): TheoryCase {
  const wait = mg1WaitMean(load, SERVICE, cv);
  return {
    design: stationDesign({ rate: load, service }),
    arrivalRate: load,
    figures: [
      { what: 'wait, s', exact: wait, read: waitSeconds },
      { what: 'time in system, s', exact: wait + SERVICE, read: sojournSeconds },
    ],
  };
}

/**
 * A queue cannot have no place at all, so a pure loss system cannot be drawn. With one place, those let in find the
 * servers as those who are not lost in it: cutting states off the end of a birth and death chain leaves the ratios of the
 * rest. A share B of them finds all servers busy and waits for the first to finish, s / servers on average.
 */
function erlangLoss(load: number): TheoryCase {
  const offered = load * SERVERS;
  const rate = offered / SERVICE;
  return {
    design: stationDesign({ rate, servers: SERVERS, service: exponential(SERVICE), capacity: 1 }),
    arrivalRate: rate,
    figures: [
      {
        what: 'Erlang’s B',
        exact: erlangB(SERVERS, offered),
        read: (results) => (waitSeconds(results) * SERVERS) / SERVICE,
      },
      { what: 'share lost', exact: mmckLossShare(SERVERS, offered, SERVERS + 1), read: shareLost },
    ],
  };
}

/** The time of the low class is what is left of that of all, by how many of each went through. */
function twoPriorities(load: number): TheoryCase {
  const { high, low } = priorityMm1SojournMeans(load / 2, load / 2, SERVICE);
  const timeOfLow = (results: RunResults): number => {
    const { station, end } = results.nodes;
    const all = station.throughputPerSecond * (station.latencyMsMean! / 1000);
    const ofHigh = end.throughputPerSecond * sojournSeconds(results);
    return (all - ofHigh) / (station.throughputPerSecond - end.throughputPerSecond);
  };
  return {
    design: priorityDesign(load / 2, exponential(SERVICE)),
    arrivalRate: load,
    figures: [
      { what: 'time in system, high, s', exact: high, read: sojournSeconds },
      { what: 'time in system, low, s', exact: low, read: timeOfLow },
      { what: 'wait of all, s', exact: mg1WaitMean(load, SERVICE, 1), read: waitSeconds },
    ],
  };
}

/** Percentiles of the time from birth to acknowledgement. */
export function quantiles(exact: (p: number) => number): TheoryFigure[] {
  const figures = [
    { p: 0.5, name: 'latencyMsP50' },
    { p: 0.95, name: 'latencyMsP95' },
    { p: 0.99, name: 'latencyMsP99' },
  ] as const;
  return figures.map(({ p, name }) => ({
    what: `p${p * 100} of time in system, s`,
    exact: exact(p),
    read: ({ latency }) => latency[name]! / 1000,
    readWithin: HISTOGRAM_WITHIN,
  }));
}

/** Mean time from birth to acknowledgement over the whole design. */
export function sojournSeconds({ latency }: RunResults): number {
  return latency.latencyMsMean! / 1000;
}

function waitSeconds({ nodes }: RunResults): number {
  return nodes.station.waitMsMean! / 1000;
}

function waiting({ nodes }: RunResults): number {
  return nodes.line.queueLengthMean;
}

function busy({ nodes }: RunResults): number {
  return nodes.station.utilization!;
}

function shareLost({ nodes }: RunResults): number {
  return nodes.line.dropped / nodes.line.in;
}
