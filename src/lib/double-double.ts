/**
 * Numbers of about 106 bits as an unevaluated sum of two doubles, in the way of Dekker and Knuth. Used once, when
 * the tables of `exact-math.ts` are built, so it favours clarity over speed.
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** 2^27 + 1: multiplying by it cuts a double into two halves of 26 bits. */
const SPLITTER = 134217729;

function renormalized(hi: number, lo: number): DoubleDouble {
  const sum = hi + lo;
  return { hi: sum, lo: lo - (sum - hi) };
}

/** The product of two doubles without error, barring overflow. */
export function exactProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const bigA = SPLITTER * a;
  const highA = bigA - (bigA - a);
  const lowA = a - highA;
  const bigB = SPLITTER * b;
  const highB = bigB - (bigB - b);
  const lowB = b - highB;
  return { hi: product, lo: lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB) };
}

/** Sum with a relative error near 2^-104. */
export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const sum = a.hi + b.hi;
  const back = sum - a.hi;
  const error = a.hi - (sum - back) + (b.hi - back);
  return renormalized(sum, error + a.lo + b.lo);
}

/** Product with a relative error near 2^-102. */
export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = exactProduct(a.hi, b.hi);
  return renormalized(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

/** Quotient by a plain number, with a relative error near 2^-102. */
export function divide(a: DoubleDouble, divisor: number): DoubleDouble {
  const quotient = a.hi / divisor;
  const back = exactProduct(quotient, divisor);
  return renormalized(quotient, (a.hi - back.hi - back.lo + a.lo) / divisor);
}

/** Natural logarithm of p / q for integers with 1/2 <= p/q <= 2, from the series of 2 atanh((p - q) / (p + q)). */
export function logOfRatio(p: number, q: number): DoubleDouble {
  const z = divide({ hi: p - q, lo: 0 }, p + q);
  const square = multiply(z, z);
  let power = z;
  let sum = z;
  for (let n = 3; n < 81; n += 2) {
    power = multiply(power, square);
    sum = add(sum, divide(power, n));
  }
  return { hi: sum.hi * 2, lo: sum.lo * 2 };
}

/** e^x for |x| below 1, from the power series. */
export function expOfSmall(x: DoubleDouble): DoubleDouble {
  let term: DoubleDouble = { hi: 1, lo: 0 };
  let sum = term;
  for (let n = 1; n < 32; n++) {
    term = divide(multiply(term, x), n);
    sum = add(sum, term);
  }
  return sum;
}
