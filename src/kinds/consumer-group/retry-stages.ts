import type { Simulation } from '../../engine/simulation.ts';
import { assert } from '../../lib/assert.ts';
import { retryTopics } from '../shared/retry-topics.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';

const SUFFIXES = ['delay', 'index'] as const;
const MICROS_PER_MS = 1000;

/** A retry topic of a group, for who shows it. */
export interface RetryStage {
  /** What its name ends in: "-retry-1000". */
  suffix: string;
  delayMs: number;
  /** Records that are not due yet, and all that came. */
  waiting: number;
  came: number;
}

/**
 * Retry topics of groups that retry by way of them, as spring-kafka makes them: one for each delay, equal delays at the
 * end together. A record lies there until it is due; as all of one topic wait equally long, it is first in, first out.
 * The topics are made when the run begins: another back-off later on does not change them.
 */
export class RetryStages {
  private readonly stages: (readonly { suffix: string; delayMs: number }[])[] = [];
  private first = new Int32Array();
  private waiting = new Float64Array();
  private came = new Float64Array();

  /** `delaysOf` gives the delays of a group, or none if it does not retry by way of topics. */
  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    delaysOf: (node: number) => readonly number[],
  ) {
    const { columns, plan } = sim;
    columns.i32(this, 'first', plan.nodeCount);
    let count = 0;
    for (const node of nodes) {
      const numbered = SUFFIXES[choiceOf(configs[node], 'retrySuffix', SUFFIXES)] === 'index';
      const delaysMs = delaysOf(node).map((micros) => micros / MICROS_PER_MS);
      const topics = delaysMs.length === 0 ? [] : retryTopics('', delaysMs, { numbered }).retryTopics;
      this.stages[node] = topics.map(({ topic, delayMs }) => ({ suffix: topic, delayMs }));
      this.first[node] = count;
      count += topics.length;
    }
    columns.f64(this, 'waiting', count);
    columns.f64(this, 'came', count);
  }

  /** A record has failed so many times and goes to its retry topic; returns the microseconds until it is due. */
  enter(node: number, tries: number): number {
    const stage = this.stageOf(node, tries);
    this.waiting[this.first[node] + stage]++;
    this.came[this.first[node] + stage]++;
    return Math.round(this.stages[node][stage].delayMs * MICROS_PER_MS);
  }

  /** It is due. */
  leave(node: number, tries: number): void {
    this.waiting[this.first[node] + this.stageOf(node, tries)]--;
  }

  /** The retry topics of a group, none if it does without. */
  of(node: number): RetryStage[] {
    const first = this.first[node];
    return (this.stages[node] ?? []).map((stage, at) => ({
      ...stage,
      waiting: this.waiting[first + at],
      came: this.came[first + at],
    }));
  }

  /** Tries beyond those that the topics were made for use the last one. */
  private stageOf(node: number, tries: number): number {
    const count = this.stages[node].length;
    assert(count > 0, 'only a group with retry topics sends records there');
    return Math.min(tries, count) - 1;
  }
}

/** How many delays a group with so many tries in all needs: one at least, as a live edit may allow another try. */
export function delayCount(config: NodeConfig): number {
  return Math.max(1, numberOf(config, 'maxAttempts') - 1);
}
