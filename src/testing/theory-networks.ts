import type { Json } from '../design/types.ts';
import type { RunResults } from '../simulation/results/results.ts';
import {
  deadLetterShare,
  heldTime,
  jacksonNumberMean,
  mg1WaitMean,
  mm1SojournMean,
  mmcWaitMean,
  tandemSojournQuantile,
  triesMean,
} from './closed-forms.ts';
import type { TheoryCase, TheoryModel } from './theory-cases.ts';
import { DEAD_LETTERS, exponential, lineOf, networkDesign } from './theory-designs.ts';
import { quantiles, sojournSeconds } from './theory-stations.ts';

const SERVICE = 1;
const TANDEM = ['first', 'second', 'third'];
const FAILURE = 0.3;
const MOST_TRIES = 3;
/** The most tries that a field takes: 0.3 to the hundredth power is never. */
const ENDLESS_TRIES = 100;
/** Between two tries, in seconds. */
const PAUSE = 0.5;
const LONG_PAUSE = 5;
const DEAD_FAILURE = 0.5;
const DEAD_TRIES = 4;

/** Several stations, and messages that come back. */
export const NETWORK_MODELS: readonly TheoryModel[] = [
  {
    name: 'Tandem',
    builtAs: 'Three queues with one worker each, in a row.',
    says: 'time 3 s / (1 − ρ), by Burke: a sum of independent exponential times',
    at: tandem,
  },
  {
    name: 'Feedback',
    builtAs: 'A queue and a worker; what fails (30 %) goes back to the end of the same queue.',
    says: 'time 1 / (0.7 / s − λ)',
    at: feedback,
  },
  {
    name: 'Jackson',
    builtAs:
      'A desk; 30 % fail there and go through rework (two workers) back to the desk; the rest go on to dispatch.',
    says: 'each station as if alone, at its rate by the traffic equations',
    at: jackson,
  },
  {
    name: 'Retries in place',
    builtAs:
      'At most three tries, each failing with 0.3, half a second between them; the worker is held; dead-letter queue.',
    says: 'wait by Pollaczek and Khinchine, with tries and pauses as service',
    at: retriesInPlace,
  },
  {
    name: 'Retries later',
    builtAs: 'What fails (30 %) comes back after five seconds while the worker goes on.',
    says: 'time 1 / (0.7 / s − λ) + 5 · 0.3 / 0.7',
    at: retriesLater,
  },
  {
    name: 'Dead letters',
    builtAs: 'At most four tries, each failing with 0.5; jittered, growing back-off; dead-letter queue.',
    says: 'tries (1 − p⁴) / (1 − p), share given up p⁴',
    at: deadLetters,
  },
];

function tandem(load: number): TheoryCase {
  const stations = TANDEM.map((id, at) => ({ id, service: exponential(SERVICE), next: TANDEM[at + 1] }));
  const sojourn = mm1SojournMean(load, SERVICE);
  return {
    design: networkDesign(load, stations),
    arrivalRate: load,
    figures: [
      { what: 'time in system, s', exact: sojourn * TANDEM.length, read: sojournSeconds },
      {
        what: 'wait at the third, s',
        exact: mg1WaitMean(load, SERVICE, 1),
        read: ({ nodes }) => nodes.third.waitMsMean! / 1000,
      },
      ...quantiles((p) => tandemSojournQuantile(TANDEM.length, sojourn, p)),
    ],
  };
}

function feedback(load: number): TheoryCase {
  const rate = (load * (1 - FAILURE)) / SERVICE;
  const once = { failureProbability: FAILURE, maxAttempts: 1 };
  return {
    design: networkDesign(rate, [
      { id: 'station', service: exponential(SERVICE), fields: once, failed: 'station' },
    ]),
    arrivalRate: rate,
    figures: [
      {
        what: 'time in system, s',
        exact: jacksonNumberMean(1, rate / (1 - FAILURE), SERVICE) / rate,
        read: sojournSeconds,
      },
      { what: 'share of time busy', exact: load, read: ({ nodes }) => nodes.station.utilization! },
    ],
  };
}

/** Service times are such that all three stations have the same load. */
function jackson(load: number): TheoryCase {
  const rate = load;
  const atDesk = rate / (1 - FAILURE);
  const atRework = atDesk * FAILURE;
  const serviceOf = { desk: load / atDesk, rework: (2 * load) / atRework, dispatch: load / rate };
  const inside =
    jacksonNumberMean(1, atDesk, serviceOf.desk) +
    jacksonNumberMean(2, atRework, serviceOf.rework) +
    jacksonNumberMean(1, rate, serviceOf.dispatch);
  const once = { failureProbability: FAILURE, maxAttempts: 1 };
  return {
    design: networkDesign(rate, [
      {
        id: 'desk',
        service: exponential(serviceOf.desk),
        fields: once,
        next: 'dispatch',
        failed: 'rework',
      },
      { id: 'rework', servers: 2, service: exponential(serviceOf.rework), next: 'desk' },
      { id: 'dispatch', service: exponential(serviceOf.dispatch) },
    ]),
    arrivalRate: rate,
    figures: [
      { what: 'time in system, s', exact: inside / rate, read: sojournSeconds },
      {
        what: 'waiting for rework',
        exact: atRework * mmcWaitMean(2, atRework, serviceOf.rework),
        read: ({ nodes }) => nodes[lineOf('rework')].queueLengthMean,
      },
      { what: 'desk, share busy', exact: load, read: ({ nodes }) => nodes.desk.utilization! },
    ],
  };
}

function retriesInPlace(load: number): TheoryCase {
  const held = heldTime(FAILURE, MOST_TRIES, SERVICE, PAUSE);
  const rate = load / held.mean;
  const fields = { failureProbability: FAILURE, maxAttempts: MOST_TRIES, ...pause(PAUSE) };
  return {
    design: networkDesign(rate, [
      { id: 'station', service: exponential(SERVICE), fields, failed: DEAD_LETTERS },
    ]),
    arrivalRate: rate,
    figures: [
      {
        what: 'wait, s',
        exact: mg1WaitMean(rate, held.mean, held.cv),
        read: ({ nodes }) => nodes.station.waitMsMean! / 1000,
      },
      { what: 'share of time held', exact: load, read: ({ nodes }) => nodes.station.utilization! },
      { what: 'tries a message', exact: triesMean(FAILURE, MOST_TRIES), read: triesPerMessage },
    ],
  };
}

/** The station sees the same as with feedback: who of equal messages is next changes no number of them. */
function retriesLater(load: number): TheoryCase {
  const rate = (load * (1 - FAILURE)) / SERVICE;
  const fields = {
    failureProbability: FAILURE,
    maxAttempts: ENDLESS_TRIES,
    retryMode: 'later',
    ...pause(LONG_PAUSE),
  };
  const atStation = jacksonNumberMean(1, rate / (1 - FAILURE), SERVICE) / rate;
  return {
    design: networkDesign(rate, [{ id: 'station', service: exponential(SERVICE), fields }]),
    arrivalRate: rate,
    figures: [
      {
        what: 'time in system, s',
        exact: atStation + (LONG_PAUSE * FAILURE) / (1 - FAILURE),
        read: sojournSeconds,
      },
      { what: 'share of time busy', exact: load, read: ({ nodes }) => nodes.station.utilization! },
    ],
  };
}

function deadLetters(load: number): TheoryCase {
  const tries = triesMean(DEAD_FAILURE, DEAD_TRIES);
  const rate = load / (tries * SERVICE);
  const fields = { failureProbability: DEAD_FAILURE, maxAttempts: DEAD_TRIES, retryMode: 'later' };
  return {
    design: networkDesign(rate, [
      { id: 'station', service: exponential(SERVICE), fields, failed: DEAD_LETTERS },
    ]),
    arrivalRate: rate,
    figures: [
      {
        what: 'share given up',
        exact: deadLetterShare(DEAD_FAILURE, DEAD_TRIES),
        read: (results) => results.totals.deadLettered / ended(results),
      },
      { what: 'tries a message', exact: tries, read: triesPerMessage },
      { what: 'share of time busy', exact: load, read: ({ nodes }) => nodes.station.utilization! },
    ],
  };
}

/** The same pause after every failed try. */
function pause(seconds: number): Record<string, Json> {
  return { backoff: seconds * 1000, backoffFactor: 1, backoffJitter: 0 };
}

function triesPerMessage(results: RunResults): number {
  return results.nodes.station.attempts / ended(results);
}

function ended({ totals }: RunResults): number {
  return totals.acknowledged + totals.deadLettered;
}
