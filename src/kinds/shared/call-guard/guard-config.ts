import type { Json } from '../../../design/types.ts';
import type { BreakerConfig } from '../circuit-breaker.ts';
import { toMicros } from '../node-config.ts';
import type { RetryJitter } from './retry-waits.ts';

/** What stands around the calls along one edge, times in whole microseconds; null or 0 where there is none. */
export interface GuardConfig {
  fallsBack: boolean;
  retry: RetryConfig | null;
  breaker: BreakerConfig | null;
  limiter: LimiterConfig | null;
  timeoutMicros: number;
  bulkhead: BulkheadConfig | null;
}

export interface RetryConfig {
  jitter: RetryJitter;
  maxTries: number;
  firstMicros: number;
  factor: number;
  maxMicros: number;
}

export interface LimiterConfig {
  isBucket: boolean;
  permits: number;
  periodMicros: number;
  timeoutMicros: number;
}

export interface BulkheadConfig {
  calls: number;
  waitMicros: number;
}

type Fields = Readonly<Record<string, Json>>;

/** The guards that the fields of an edge ask for; null if they ask for none, or if the edge has no such fields. */
export function guardConfig(fields: Fields): GuardConfig | null {
  const { retry, breaker, limiter, timeout, bulkhead, fallback } = fields;
  if (retry === undefined) return null;
  const switches = [retry, breaker, limiter, bulkhead, fallback];
  if (timeout === 0 && switches.every((value) => value === 'off')) return null;
  return {
    fallsBack: fallback === 'on',
    retry: retry === 'off' ? null : retryConfig(fields),
    breaker: breaker === 'off' ? null : breakerConfig(fields),
    limiter: limiter === 'off' ? null : limiterConfig(fields),
    timeoutMicros: toMicros(timeout),
    bulkhead: bulkhead === 'off' ? null : bulkheadConfig(fields),
  };
}

function retryConfig(fields: Fields): RetryConfig {
  return {
    jitter: fields.retry as RetryJitter,
    maxTries: fields.retryAttempts as number,
    firstMicros: toMicros(fields.retryWait),
    factor: fields.retryFactor as number,
    maxMicros: toMicros(fields.retryWaitMax),
  };
}

function breakerConfig(fields: Fields): BreakerConfig {
  return {
    failureRateThreshold: fields.breakerFailureRate as number,
    slowCallRateThreshold: fields.breakerSlowRate as number,
    slowCallDurationThresholdMicros: toMicros(fields.breakerSlowAfter),
    isTimeWindow: fields.breaker === 'time',
    slidingWindowSize: fields.breakerWindow as number,
    minimumNumberOfCalls: fields.breakerMinCalls as number,
    waitDurationInOpenStateMicros: toMicros(fields.breakerWait),
    permittedNumberOfCallsInHalfOpenState: fields.breakerTrials as number,
    maxWaitDurationInHalfOpenStateMicros: toMicros(fields.breakerTrialsWait),
    automaticTransitionFromOpenToHalfOpenEnabled: fields.breakerHalfOpens === 'automatically',
  };
}

function limiterConfig(fields: Fields): LimiterConfig {
  return {
    isBucket: fields.limiter === 'bucket',
    permits: fields.limiterPermits as number,
    periodMicros: toMicros(fields.limiterPeriod),
    timeoutMicros: toMicros(fields.limiterTimeout),
  };
}

function bulkheadConfig(fields: Fields): BulkheadConfig {
  return { calls: fields.bulkheadCalls as number, waitMicros: toMicros(fields.bulkheadWait) };
}
