/** Time a particle takes over an edge of any length, in wall ms. */
export const TRAVEL_MS = 900;
/** Most particles drawn; beyond it one dot stands for 10, 100 … messages. */
export const PARTICLES_MAX = 2000;
/** On average dots stand no closer than this, in canvas units: dots that overlap cannot be told apart. */
const DOT_SPACING = 6;
/** Room above the target number, since arrivals are uneven. */
const ROOM = PARTICLES_MAX + 500;

/**
 * The dots on the edges. They only illustrate: fed by the rates of the newest frame and by wall time, they change
 * nothing and nothing depends on them. Places are parallel arrays; a dead particle's place goes to the last one.
 */
export class Particles {
  /** Index of the edge, look of the dot and time of birth, for the first `alive` places. */
  readonly edge = new Int32Array(ROOM);
  readonly look = new Uint8Array(ROOM);
  readonly born = new Float64Array(ROOM);
  alive = 0;
  /** How many messages one dot stands for: 1, 10, 100 … */
  worth = 1;
  /** Own clock in ms: stands still while paused. */
  clockMs = 0;
  private due = new Float64Array(0);
  private room = PARTICLES_MAX;
  private random = 0x9e3779b9;

  /** Forgets all dots, for a new run or other edges. */
  reset(edges: number): void {
    this.alive = 0;
    this.worth = 1;
    this.due = new Float64Array(edges);
  }

  /** How many dots the edges that carry something have room for, by their length in all. */
  setRoom(flowingLength: number): void {
    this.room = Math.max(8, Math.min(PARTICLES_MAX, flowingLength / DOT_SPACING));
  }

  /**
   * Moves the clock on by `passedMs` and lets dots start: `ratePerSecond(edge)` is in messages a wall second, and
   * `lookOf(edge, place)` what
   * one looks like, with a place from 0 to 1 to draw among several.
   */
  advance(
    passedMs: number,
    ratePerSecond: (edge: number) => number,
    lookOf: (edge: number, place: number) => number,
  ): void {
    this.clockMs += passedMs;
    this.dropArrived();
    let total = 0;
    for (let edge = 0; edge < this.due.length; edge++) total += ratePerSecond(edge);
    this.worth = dotWorth((total * TRAVEL_MS) / 1000, this.room, this.worth);
    const share = passedMs / 1000 / this.worth;
    for (let edge = 0; edge < this.due.length; edge++) {
      const expected = ratePerSecond(edge) * share;
      if (expected <= 0) continue;
      this.due[edge] += expected * (0.5 + this.draw());
      while (this.due[edge] >= 1) {
        this.due[edge] -= 1;
        // Dots that start within one screen frame are spread over it, so that a fast edge has no clumps.
        this.start(edge, lookOf(edge, this.draw()), this.clockMs - this.draw() * passedMs);
      }
    }
  }

  private start(edge: number, look: number, bornMs: number): void {
    if (this.alive >= ROOM) return;
    this.edge[this.alive] = edge;
    this.look[this.alive] = look;
    this.born[this.alive] = bornMs;
    this.alive += 1;
  }

  private dropArrived(): void {
    for (let place = this.alive - 1; place >= 0; place--) {
      if (this.clockMs - this.born[place] < TRAVEL_MS) continue;
      this.alive -= 1;
      this.edge[place] = this.edge[this.alive];
      this.look[place] = this.look[this.alive];
      this.born[place] = this.born[this.alive];
    }
  }

  /** Uneven but repeatable; what is drawn has no part in any result. */
  private draw(): number {
    this.random ^= this.random << 13;
    this.random ^= this.random >>> 17;
    this.random ^= this.random << 5;
    return (this.random >>> 0) / 4294967296;
  }
}

/**
 * How many messages a dot stands for when this many are on the way at once and there is room for so many dots. It goes back to fewer only with room to
 * spare, so that a rate near the limit does not make it flip.
 */
export function dotWorth(onTheWay: number, room: number, before: number): number {
  let worth = before;
  while (onTheWay / worth > room) worth *= 10;
  while (worth > 1 && (onTheWay / worth) * 10 < room * 0.85) worth /= 10;
  return worth;
}

/** Shares of the way at which messages stand while the target refuses them: bunched behind the first in line. */
export function bunch(waiting: number, length: number): number[] {
  const dots = Math.min(8, Math.max(0, Math.ceil(waiting)));
  const shares: number[] = [];
  let at = 11;
  for (let index = 0; index < dots && at < length * 0.6; index++) {
    shares.push(at / length);
    at += Math.max(6, 10 - index);
  }
  return shares;
}
