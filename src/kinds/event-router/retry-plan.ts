import type { Json } from '../../design/types.ts';
import { pow } from '../../lib/exact-math.ts';
import { toMicros } from '../shared/node-config.ts';

const SECOND = 1_000_000;
/** Times without a delay, times with the least delay, times in between, times with the most; the delays in microseconds. */
interface Phases {
  noDelay: number;
  minDelay: number;
  backoff: number;
  maxDelay: number;
  least: number;
  most: number;
  isExponential: boolean;
}

/** What SNS does for SQS, Lambda and Firehose: 100,015 retries over 23 days. Nobody can change it. */
const AWS_PHASES: Phases = {
  noDelay: 3,
  minDelay: 2,
  backoff: 10,
  maxDelay: 100_000,
  least: SECOND,
  most: 20 * SECOND,
  isExponential: true,
};
/** How long each waits for an answer. */
const SNS_ANSWER = 15 * SECOND;
const EVENTBRIDGE_ANSWER = 5 * SECOND;
/**
 * EventBridge says how often and for how long it tries, not when: here it doubles from a second to a quarter of an
 * hour, and waits for some part of that. Then 185 retries take about 23 hours.
 */
const EVENTBRIDGE_FIRST = SECOND;
const EVENTBRIDGE_MOST = 900 * SECOND;

/** When deliveries along one edge are tried again. */
export interface RetryPlan {
  /** How long an answer is waited for, in microseconds. */
  answerMicros: number;
  mostRetries: number;
  /** No retry later than this after the first attempt; Infinity for any. */
  mostAge: number;
  /** Wait before a retry, the first being 0; `draw` is between 0 and 1 and counts where `isJittered`. */
  wait(retry: number, draw: number): number;
  isJittered: boolean;
}

/** The plan of a subscription, from its fields. */
export function retryPlan(profile: Json, fields: Readonly<Record<string, Json>>): RetryPlan {
  if (profile === 'eventbridge') {
    return {
      answerMicros: EVENTBRIDGE_ANSWER,
      mostRetries: fields.maximumRetryAttempts as number,
      mostAge: toMicros(fields.maximumEventAge),
      wait: (retry, draw) => {
        const doubled = retry < 10 ? EVENTBRIDGE_FIRST * (1 << retry) : EVENTBRIDGE_MOST;
        return Math.round(Math.min(EVENTBRIDGE_MOST, doubled) * draw);
      },
      isJittered: true,
    };
  }
  // A FIFO topic has queues alone.
  const phases = profile === 'sns' && fields.endpoint === 'http' ? httpPhases(fields) : AWS_PHASES;
  return {
    answerMicros: SNS_ANSWER,
    mostRetries: phases.noDelay + phases.minDelay + phases.backoff + phases.maxDelay,
    mostAge: Infinity,
    wait: (retry) => waitIn(phases, retry),
    isJittered: false,
  };
}

/** All the time in microseconds that a delivery policy waits; AWS allows an hour. */
export function policyMicros(fields: Readonly<Record<string, Json>>): number {
  const phases = httpPhases(fields);
  const retries = phases.noDelay + phases.minDelay + phases.backoff + phases.maxDelay;
  let sum = 0;
  for (let retry = 0; retry < retries; retry++) sum += waitIn(phases, retry);
  return sum;
}

function httpPhases(fields: Readonly<Record<string, Json>>): Phases {
  const noDelay = fields.numNoDelayRetries as number;
  const minDelay = fields.numMinDelayRetries as number;
  const maxDelay = fields.numMaxDelayRetries as number;
  return {
    noDelay,
    minDelay,
    backoff: Math.max(0, (fields.numRetries as number) - noDelay - minDelay - maxDelay),
    maxDelay,
    least: toMicros(fields.minDelayTarget),
    most: toMicros(fields.maxDelayTarget),
    isExponential: fields.backoffFunction === 'exponential',
  };
}

function waitIn(phases: Phases, retry: number): number {
  const { noDelay, minDelay, backoff, least, most, isExponential } = phases;
  if (retry < noDelay) return 0;
  const step = retry - noDelay - minDelay;
  if (step < 0) return least;
  if (step >= backoff) return most;
  const part = backoff === 1 ? 0 : step / (backoff - 1);
  return Math.round(isExponential ? least * pow(most / least, part) : least + (most - least) * part);
}
