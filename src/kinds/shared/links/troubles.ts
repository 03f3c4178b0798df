import type { Distribution } from '../../../design/fields.ts';
import type { Json } from '../../../design/types.ts';
import { PURPOSE } from '../../../engine/plan.ts';
import type { Simulation } from '../../../engine/simulation.ts';
import { LINK_STATE, LinkStates } from './link-states.ts';

const NONE = -1;
/** A lost packet is sent again after this long, twice as long the next time, as Linux does (`tcp_retries2` is 15). */
const RESEND_MICROS = 200_000;
const MOST_RESEND_MICROS = 120_000_000;
const MOST_RESENDS = 15;

/** When what would have arrived at a time is sent again next, from now on, if its packets were lost until then. */
export function nextResend(arrival: number, now: number): number {
  let at = arrival;
  for (let wait = RESEND_MICROS; at < now; wait = Math.min(wait * 2, MOST_RESEND_MICROS)) at += wait;
  return at;
}

/** Why a producer loses a message, as the trace says it; smaller numbers are those of its client. */
export const LOST_ON_THE_WAY = 16;

/** What has happened on each edge, one row of doubles. */
export const LINK_COUNT = { delayed: 0, lost: 1, resent: 2, duplicated: 3, reordered: 4 } as const;
const COUNT_SHIFT = 3;

/** The faults of edges that are in force, what they draw, and how often they struck. */
export class Troubles {
  readonly states: LinkStates;
  /** Of each edge: the shares lost, sent twice and overtaken, and the sampler of its delay. */
  private lossShare = new Float64Array();
  private twiceShare = new Float64Array();
  private swapShare = new Float64Array();
  private delay = new Int32Array();
  private counts = new Float64Array();
  /** What the last time drawn would have been if nothing had been lost. */
  delayDrawn = 0;
  /** Of each edge 1 if nobody sends again what was lost: a producer that waits for no answer, or a call. */
  private readonly loses: Uint8Array;

  constructor({ columns, plan }: Simulation, loses: Uint8Array) {
    const count = plan.edgeCount;
    this.loses = loses;
    this.states = new LinkStates(columns, count);
    for (const field of ['lossShare', 'twiceShare', 'swapShare']) columns.f64(this, field, count);
    columns.i32(this, 'delay', count).fill(NONE);
    columns.f64(this, 'counts', count << COUNT_SHIFT);
  }

  begin(sim: Simulation, edge: number, fault: string, args: Readonly<Record<string, Json>>): void {
    this.states.begins(sim.now, edge, fault);
    if (fault === 'loss') this.lossShare[edge] = args.share as number;
    else if (fault === 'duplicate') this.twiceShare[edge] = args.share as number;
    else if (fault === 'reorder') this.swapShare[edge] = args.share as number;
    else if (fault === 'delay') {
      if (this.delay[edge] === NONE) this.delay[edge] = sim.samplers.add({ shape: 'constant', mean: 0 });
      sim.samplers.replace(this.delay[edge], args.time as unknown as Distribution);
      sim.samplers.scale(this.delay[edge], 1000);
    }
  }

  end(sim: Simulation, edge: number, fault: string): void {
    this.states.ends(sim.now, edge, fault);
    if (fault === 'loss') this.lossShare[edge] = 0;
    else if (fault === 'duplicate') this.twiceShare[edge] = 0;
    else if (fault === 'reorder') this.swapShare[edge] = 0;
    else if (fault === 'delay') sim.samplers.scale(this.delay[edge], 0);
  }

  isCut(edge: number): boolean {
    return this.states.state[edge] === LINK_STATE.cut;
  }

  loss(edge: number): boolean {
    return this.lossShare[edge] > 0;
  }

  counted(edge: number, what: (typeof LINK_COUNT)[keyof typeof LINK_COUNT]): number {
    return this.counts[(edge << COUNT_SHIFT) | what];
  }

  count(edge: number, what: (typeof LINK_COUNT)[keyof typeof LINK_COUNT]): void {
    this.counts[(edge << COUNT_SHIFT) | what]++;
  }

  /** Whether this one is lost for good. */
  drawsLoss(sim: Simulation, edge: number): boolean {
    return this.loses[edge] === 1 && this.draws(sim, edge, this.lossShare[edge]);
  }

  drawsTwice(sim: Simulation, edge: number): boolean {
    return this.draws(sim, edge, this.twiceShare[edge]);
  }

  drawsSwap(sim: Simulation, edge: number): boolean {
    return this.draws(sim, edge, this.swapShare[edge]);
  }

  /** Time on the way in microseconds: the delay, and how long it takes to send lost packets again. */
  drawTime(sim: Simulation, edge: number): number {
    let time = 0;
    if (this.delay[edge] !== NONE) {
      time = Math.round(sim.samplers.sample(this.delay[edge], sim.random, streamOf(sim, edge)));
    }
    this.delayDrawn = time;
    if (this.loses[edge] === 1) return time;
    let wait = RESEND_MICROS;
    for (let i = 0; i < MOST_RESENDS && this.draws(sim, edge, this.lossShare[edge]); i++) {
      this.count(edge, LINK_COUNT.resent);
      time += wait;
      wait = Math.min(wait * 2, MOST_RESEND_MICROS);
    }
    return time;
  }

  private draws(sim: Simulation, edge: number, share: number): boolean {
    return share > 0 && sim.random.uniform(streamOf(sim, edge)) < share;
  }
}

/** An edge draws from a stream of the node that it leaves, which no other use of chance knows. */
function streamOf(sim: Simulation, edge: number): number {
  return sim.stream(sim.plan.edgeFrom[edge], PURPOSE.fault);
}
