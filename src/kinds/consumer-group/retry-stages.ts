import type { Simulation } from '../../engine/simulation.ts';
import { assert } from '../../lib/assert.ts';
import { Columns } from '../../lib/columns.ts';
import { retryTopics } from '../shared/retry-topics.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { Backoff } from './backoff.ts';

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

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[]) {
    const { columns, plan } = sim;
    columns.i32(this, 'first', plan.nodeCount);
    let count = 0;
    for (const node of nodes) {
      this.stages[node] = plannedStages(configs[node]);
      this.first[node] = count;
      count += this.stages[node].length;
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

/** The retry topics that a group will have, by its fields alone; none for one that retries in another way. */
export function plannedStages(config: NodeConfig): { suffix: string; delayMs: number }[] {
  if (config.kind !== 'consumer-group') return [];
  const numbered = SUFFIXES[choiceOf(config, 'retrySuffix', SUFFIXES)] === 'index';
  if (config.fields.retryMode !== 'topics') return [];
  const backoff = new Backoff(new Columns(), 1);
  backoff.configure(0, config);
  const delaysMs = Array.from(
    { length: delayCount(config) },
    (_, at) => backoff.plain(0, at + 1) / MICROS_PER_MS,
  );
  const topics = retryTopics('', delaysMs, { numbered }).retryTopics;
  return topics.map(({ topic, delayMs }) => ({ suffix: topic, delayMs }));
}

/** How many delays a group with so many tries in all needs: one at least, as a live edit may allow another try. */
function delayCount(config: NodeConfig): number {
  return Math.max(1, numberOf(config, 'maxAttempts') - 1);
}
