import { divide, expOfSmall, logOfRatio, multiply } from './double-double.ts';

/**
 * `log`, `exp` and `pow` from + - * / and the bits of a double alone. IEEE 754 fixes those to the last bit, while
 * `Math.log` and its like differ between engines, and with them whole runs. The error is below 0.6 units in the last
 * place for log and exp and 1 for pow; results below 2^-1022 are rounded twice.
 */

/** One double seen as two words; the upper word has index 1, as on every platform that runs JavaScript today. */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

const SPLITTER = 134217729;
const TWO_42 = 4398046511104;
const TWO_54 = 18014398509481984;
const TWO_MINUS_54 = 1 / TWO_54;
const STEPS = 64;

/**
 * 2^-1074 to 2^1023. Scaling by one of them is exact, and three times as fast as writing an exponent into the words
 * of a double, which the processor cannot read back as a whole at once.
 */
const LEAST_POWER = 1074;
const POWERS_OF_TWO = new Float64Array(LEAST_POWER + 1024);
POWERS_OF_TWO[0] = Number.MIN_VALUE;
for (let i = 1; i < POWERS_OF_TWO.length; i++) POWERS_OF_TWO[i] = POWERS_OF_TWO[i - 1] * 2;

const LN2 = logOfRatio(2, 1);
/** The leading 42 bits after the point, so that its product with an exponent is exact; the rest beside it. */
const LN2_HIGH = Math.floor(LN2.hi * TWO_42 + 0.5) / TWO_42;
const LN2_LOW = LN2.hi - LN2_HIGH + LN2.lo;

/** Logarithm of the grid point 1 + j/64, less that of 2 from j = 27 on so that numbers around 1 come out exactly. */
const LOG_HIGH = new Float64Array(STEPS + 1);
const LOG_LOW = new Float64Array(STEPS + 1);
const FIRST_HALVED = 27;
for (let j = 0; j <= STEPS; j++) {
  const value = logOfRatio(STEPS + j, j < FIRST_HALVED ? STEPS : 2 * STEPS);
  LOG_HIGH[j] = Math.floor(value.hi * TWO_42 + 0.5) / TWO_42;
  LOG_LOW[j] = value.hi - LOG_HIGH[j] + value.lo;
}

/** 2^(j/64) as a sum of two doubles. */
const ROOT_HIGH = new Float64Array(STEPS);
const ROOT_LOW = new Float64Array(STEPS);
for (let j = 0; j < STEPS; j++) {
  const value = expOfSmall(divide(multiply(LN2, { hi: j, lo: 0 }), STEPS));
  ROOT_HIGH[j] = value.hi;
  ROOT_LOW[j] = value.lo;
}
const STEP_INVERSE = STEPS / LN2.hi;
const STEP_HIGH = Math.floor((LN2.hi / STEPS) * TWO_42 + 0.5) / TWO_42;
const STEP_LOW = LN2.hi / STEPS - STEP_HIGH + LN2.lo / STEPS;

/** Second result of `logParts`: what the first leaves over. */
let logRest = 0;

/**
 * log(x) for a finite x > 0 as returned value + `logRest`, together good for about 66 bits. With x = 2^k m and the
 * grid point c next to m, it is k log 2 + log c + 2 atanh((m - c) / (m + c)), the last by a short series.
 */
function logParts(x: number): number {
  let exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x *= TWO_54;
    exponent = -54;
  }
  double[0] = x;
  const high = words[1];
  const mantissa = high & 0xfffff;
  const m = x * POWERS_OF_TWO[LEAST_POWER + 1023 - (high >> 20)];
  const j = (mantissa + 0x2000) >> 14;
  const c = 1 + j * (1 / STEPS);
  exponent += (high >> 20) - (j < FIRST_HALVED ? 1023 : 1022);

  const f = m - c;
  const inverse = 1 / (m + c);
  const s = f * inverse;
  const bigS = SPLITTER * s;
  const sHigh = bigS - (bigS - s);
  const bigM = SPLITTER * m;
  const mHigh = bigM - (bigM - m);
  // Both products are exact, so this is the true remainder of the division.
  const sLow = (f - sHigh * (c + mHigh) - sHigh * (m - mHigh)) * inverse;

  const square = s * s;
  const series = s * square * (2 / 3 + square * (2 / 5 + square * (2 / 7 + square * (2 / 9))));
  const whole = exponent * LN2_HIGH + LOG_HIGH[j];
  const sum = whole + 2 * sHigh;
  const rest = 2 * sHigh - (sum - whole) + (2 * sLow + series + (exponent * LN2_LOW + LOG_LOW[j]));
  const result = sum + rest;
  logRest = rest - (result - sum);
  return result;
}

/** e^(x + rest) for |x| < 800 and a rest far below x: 2^(n/64) from the table times a short series. */
function expParts(x: number, rest: number): number {
  const n = Math.floor(x * STEP_INVERSE + 0.5);
  const r = x - n * STEP_HIGH - n * STEP_LOW + rest;
  const series = r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
  const j = n & (STEPS - 1);
  const mantissa = ROOT_HIGH[j] + (ROOT_LOW[j] + ROOT_HIGH[j] * (r + series));
  const exponent = n >> 6;
  if (exponent >= -1021 && exponent <= 1023) return mantissa * POWERS_OF_TWO[LEAST_POWER + exponent];
  // Through 2^1023 or 2^-54 in two steps: the result overflows to Infinity or becomes subnormal as it should.
  if (exponent > 1023)
    return mantissa * POWERS_OF_TWO[LEAST_POWER + 1023] * POWERS_OF_TWO[LEAST_POWER + exponent - 1023];
  return exponent < -1076 ? 0 : mantissa * POWERS_OF_TWO[LEAST_POWER + exponent + 54] * TWO_MINUS_54;
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (x > 0 && x < Infinity) return logParts(x);
  if (x === 0) return -Infinity;
  return x === Infinity ? x : NaN;
}

/** e^x. */
export function exp(x: number): number {
  if (x > -746 && x < 710) return expParts(x, 0);
  if (x >= 710) return Infinity;
  return x <= -746 ? 0 : NaN;
}

/** x^y with the special cases of `Math.pow`. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  if (x > 0 && x < Infinity && y - y === 0) return powPositive(x, y);
  return powSpecial(x, y);
}

/** Both finite, x > 0: e^(y log x) with the exponent kept as a sum of two doubles. */
function powPositive(x: number, y: number): number {
  const logarithm = logParts(x);
  const rest = logRest;
  const product = y * logarithm;
  if (product >= 710) return Infinity;
  if (product <= -746) return 0;
  if (product > -1e-17 && product < 1e-17) return 1 + product;
  const bigY = SPLITTER * y;
  const yHigh = bigY - (bigY - y);
  const yLow = y - yHigh;
  const bigL = SPLITTER * logarithm;
  const lHigh = bigL - (bigL - logarithm);
  const lLow = logarithm - lHigh;
  const error = yLow * lLow - (product - yHigh * lHigh - yLow * lHigh - yHigh * lLow);
  return expParts(product, error + y * rest);
}

/** One of x and y is zero, negative, infinite or not a number. */
function powSpecial(x: number, y: number): number {
  if (x !== x || y !== y) return NaN;
  if (y === Infinity || y === -Infinity) {
    const size = Math.abs(x);
    if (size === 1) return NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  const whole = Math.floor(y) === y;
  const odd = whole && Math.floor(y / 2) * 2 !== y;
  if (x === 0 || x === Infinity || x === -Infinity) {
    const size = (x === 0) === y < 0 ? Infinity : 0;
    const negative = odd && (x < 0 || 1 / x < 0);
    return negative ? -size : size;
  }
  if (!whole) return NaN;
  const size = powPositive(-x, y);
  return odd ? -size : size;
}
