import {
  BREAKER_DEFAULTS,
  CircuitBreaker,
  type BreakerConfig,
  type BreakerEvent,
  type BreakerReading,
} from '../kinds/shared/circuit-breaker.ts';
import { Columns } from '../lib/columns.ts';
import type { RuleInput } from './rule-input.ts';

const MOST_CALLS = 1_000_000;
const LONGEST_MS = 1_000_000_000_000;
const MILLISECOND_MICROS = 1000;
const WINDOW_TYPES = ['COUNT_BASED', 'TIME_BASED'] as const;

/** What may be set, by the names of resilience4j. */
const SETTINGS = [
  'failureRateThreshold',
  'slowCallRateThreshold',
  'slowCallDurationThresholdMs',
  'slidingWindowType',
  'slidingWindowSize',
  'minimumNumberOfCalls',
  'waitDurationInOpenStateMs',
  'permittedNumberOfCallsInHalfOpenState',
  'maxWaitDurationInHalfOpenStateMs',
  'automaticTransitionFromOpenToHalfOpenEnabled',
];

/** Events that somebody sends by hand, by their word in an operation. */
const BY_HAND = new Map<string, BreakerEvent>([
  ['reset', 'RESET'],
  ['open', 'TRIP'],
  ['force-open', 'FORCE_OPEN'],
  ['disable', 'DISABLE'],
  ['metrics-only', 'ONLY_MEASURE'],
]);

const OPERATION = /^(call:)?([a-z-]+)(?::(\d{1,13}))?(?:\*(\d{1,7}))?$/;
const EXPECTED = `permit, ok[:ms], err[:ms], call:ok[:ms], call:err[:ms], release, wait:ms, ${[...BY_HAND.keys()].join(', ')}, each with *n at will`;

/** What a breaker shows after an operation. `permitted` is there only if the operation asked for it. */
interface BreakerRow {
  op: string;
  permitted?: boolean;
  state: string;
  failureRate: number;
  slowCallRate: number;
  buffered: number;
  failed: number;
  notPermitted: number;
}

interface Operation {
  name: string;
  isCall: boolean;
  ms: number;
  times: number;
}

/** The rule `circuit-breaker`: plays operations on a clock that starts at 0, one row after each. */
export function circuitBreakerRule(input: RuleInput): BreakerRow[] {
  const breaker = new CircuitBreaker(new Columns(), readConfig(input.at('config')));
  let nowMicros = 0;
  let calls = 0;
  return input
    .at('ops')
    .items()
    .map((item) => {
      const operation = readOperation(item);
      calls += operation.times;
      if (calls > MOST_CALLS) throw item.refused(`at most ${MOST_CALLS} operations in all`);
      let permitted: boolean | undefined;
      for (let time = 0; time < operation.times; time++) {
        if (operation.name === 'wait') nowMicros += operation.ms * MILLISECOND_MICROS;
        else permitted = play(breaker, operation, nowMicros);
      }
      return rowOf(item.text(), permitted, breaker.read(nowMicros));
    });
}

function rowOf(op: string, permitted: boolean | undefined, reading: BreakerReading): BreakerRow {
  const { state, failureRate, slowCallRate, ...counts } = reading;
  const shown = {
    state: state.toUpperCase().replaceAll('-', '_'),
    failureRate: asFloat(failureRate),
    slowCallRate: asFloat(slowCallRate),
    ...counts,
  };
  return permitted === undefined ? { op, ...shown } : { op, permitted, ...shown };
}

/** The shortest number that is the same float, as Java writes it: 66.666664. */
function asFloat(rate: number): number {
  let digits = 1;
  while (Math.fround(Number(rate.toPrecision(digits))) !== rate) digits++;
  return Number(rate.toPrecision(digits));
}

/** Whether a call was let through; undefined if none asked. */
function play(
  breaker: CircuitBreaker,
  { name, isCall, ms }: Operation,
  nowMicros: number,
): boolean | undefined {
  const event = BY_HAND.get(name);
  if (event) {
    breaker.advance(nowMicros);
    breaker.send(event, nowMicros);
    return undefined;
  }
  if (name === 'release') {
    breaker.releasePermission(nowMicros);
    return undefined;
  }
  const permitted = isCall || name === 'permit' ? breaker.tryAcquirePermission(nowMicros) : undefined;
  if (name !== 'permit' && permitted !== false)
    breaker.report(name === 'err', ms * MILLISECOND_MICROS, nowMicros);
  return permitted;
}

function readOperation(item: RuleInput): Operation {
  const [whole, call, name, ms, times] = OPERATION.exec(item.text()) ?? [];
  const isOutcome = name === 'ok' || name === 'err';
  const isWait = name === 'wait';
  const isKnown = isOutcome || isWait || name === 'permit' || name === 'release' || BY_HAND.has(name);
  const fits = (call === undefined || isOutcome) && (isOutcome || (ms !== undefined) === isWait);
  if (whole === undefined || !isKnown || !fits || Number(ms ?? 0) > LONGEST_MS) throw item.refused(EXPECTED);
  return { name, isCall: call !== undefined, ms: Number(ms ?? 0), times: Number(times ?? 1) };
}

/** Settings by the names of resilience4j, times in milliseconds with or without `Ms` at the end. */
function readConfig(input: RuleInput): BreakerConfig {
  const config = { ...BREAKER_DEFAULTS };
  if (input.isMissing) return config;
  for (const [name, value] of input.entries()) {
    switch (name.replace(/Ms$/, '')) {
      case 'failureRateThreshold':
        config.failureRateThreshold = readPercent(value);
        break;
      case 'slowCallRateThreshold':
        config.slowCallRateThreshold = readPercent(value);
        break;
      case 'slowCallDurationThreshold':
        config.slowCallDurationThresholdMicros = readMicros(value, 1);
        break;
      case 'slidingWindowType':
        config.isTimeWindow = value.oneOf(WINDOW_TYPES) === 'TIME_BASED';
        break;
      case 'slidingWindowSize':
        config.slidingWindowSize = value.whole(1, MOST_CALLS);
        break;
      case 'minimumNumberOfCalls':
        config.minimumNumberOfCalls = value.whole(1, MOST_CALLS);
        break;
      case 'waitDurationInOpenState':
        config.waitDurationInOpenStateMicros = readMicros(value, 1);
        break;
      case 'permittedNumberOfCallsInHalfOpenState':
        config.permittedNumberOfCallsInHalfOpenState = value.whole(1, MOST_CALLS);
        break;
      case 'maxWaitDurationInHalfOpenState':
        config.maxWaitDurationInHalfOpenStateMicros = readMicros(value, 0);
        break;
      case 'automaticTransitionFromOpenToHalfOpenEnabled':
        config.automaticTransitionFromOpenToHalfOpenEnabled = value.flag();
        break;
      default:
        throw value.refused(`only settings named ${SETTINGS.join(', ')}`);
    }
  }
  return config;
}

function readMicros(value: RuleInput, leastMs: number): number {
  return value.whole(leastMs, LONGEST_MS) * MILLISECOND_MICROS;
}

function readPercent(value: RuleInput): number {
  const percent = Math.fround(value.number());
  if (!(percent > 0 && percent <= 100)) throw value.refused('a rate above 0 and up to 100 percent');
  return percent;
}
