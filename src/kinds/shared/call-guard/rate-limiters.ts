import type { Columns } from '../../../lib/columns.ts';
import type { LimiterConfig } from './guard-config.ts';

/** Who would have to wait longer than the timeout gets no permission, and nothing is reserved. */
const REFUSED = -1;

/** Hands out permissions to start a call. Times are whole microseconds that never go back. */
export interface RateLimiter {
  /** Reserves permissions: how long to wait for them, 0 for not at all, -1 if that is longer than the timeout. */
  reserve(nowMicros: number, permits?: number): number;
}

/**
 * Fixed cycles (resilience4j, AtomicRateLimiter): each cycle brings `permits` permissions, of which no more than that
 * are kept. Those of cycles to come can be reserved, so that the number goes below zero.
 */
export class FixedCycles implements RateLimiter {
  private cycle = 0;
  private permissions: number;
  private readonly config: Readonly<LimiterConfig>;

  constructor(columns: Columns, config: Readonly<LimiterConfig>) {
    this.config = config;
    this.permissions = config.permits;
    columns.scalars(this, ['cycle', 'permissions']);
  }

  reserve(nowMicros: number, permits = 1): number {
    const { permits: limit, periodMicros, timeoutMicros } = this.config;
    const cycle = Math.floor(nowMicros / periodMicros);
    const available = Math.min(limit, this.permissions + (cycle - this.cycle) * limit);
    this.cycle = cycle;
    this.permissions = available;
    const wait = available >= permits ? 0 : this.waitFor(permits - available, nowMicros);
    if (wait > timeoutMicros) return REFUSED;
    this.permissions = available - permits;
    return wait;
  }

  /** Permissions now, below zero where some of later cycles are reserved. */
  get left(): number {
    return this.permissions;
  }

  private waitFor(missing: number, nowMicros: number): number {
    const { permits: limit, periodMicros } = this.config;
    return (this.cycle + Math.ceil(missing / limit)) * periodMicros - nowMicros;
  }
}

/**
 * A token bucket: it holds `permits` tokens, and as many come back evenly in each period. A call takes one; where there
 * is none it reserves the next to come, in turn. Counted in parts of a token, of which each microsecond brings `permits`
 * and a token has as many as its period has microseconds: whole numbers, so that nothing is lost to rounding.
 */
export class TokenBucket implements RateLimiter {
  private parts: number;
  private filledAt = 0;
  private readonly config: Readonly<LimiterConfig>;

  constructor(columns: Columns, config: Readonly<LimiterConfig>) {
    this.config = config;
    this.parts = config.permits * config.periodMicros;
    columns.scalars(this, ['parts']);
    columns.wideScalars(this, ['filledAt']);
  }

  reserve(nowMicros: number, permits = 1): number {
    const { permits: most, periodMicros, timeoutMicros } = this.config;
    const parts = Math.min(most * periodMicros, this.parts + most * (nowMicros - this.filledAt));
    this.parts = parts;
    this.filledAt = nowMicros;
    const missing = permits * periodMicros - parts;
    const wait = missing <= 0 ? 0 : Math.ceil(missing / most);
    if (wait > timeoutMicros) return REFUSED;
    this.parts = parts - permits * periodMicros;
    return wait;
  }
}
