import { WORKER } from '../../kinds/consumer-group/workers.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { hold, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const GROUP = kindIndex('consumer-group');
const DATABASE = kindIndex('database');
const FAILED_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ id }) => id === 'failed');
/** Event types of a group: see its behaviour. */
const SERVED = 0;
const RETRY_HERE = 1;
const RETRY_LATER = 2;
/** The only event type of a database. */
const ANSWERED = 0;

/** Tries: never more than the limit, at distances as declared, given up only after the last, failed only for a reason. */
export class RetryLaw implements Law {
  private readonly scene: Scene;
  private readonly retries: Float64Array;
  private readonly started: Float64Array;
  private readonly failures: Float64Array;
  /** Tries of the failure noted last at each worker. */
  private readonly lastTries = new Map<number, number>();

  constructor(scene: Scene) {
    const { nodeCount } = scene.sim.plan;
    this.scene = scene;
    this.retries = new Float64Array(nodeCount);
    this.started = new Float64Array(nodeCount);
    this.failures = new Float64Array(nodeCount);
  }

  scheduled(_handle: number, time: number, _priority: number, code: number, arg: number): void {
    const { sim, kinds, kindOf } = this.scene;
    const node = nodeOfEvent(code);
    const type = typeOfEvent(code);
    const delay = time - sim.now;
    if (kindOf[node] === DATABASE && type === ANSWERED) this.checkService(node, delay);
    if (kindOf[node] !== GROUP) return;
    if (type === SERVED) this.checkService(node, delay);
    if (type !== RETRY_HERE && type !== RETRY_LATER) return;
    const mode = type === RETRY_HERE ? 'hold' : 'later';
    hold(this.scene.fields[node].retryMode === mode, 'I15: retries in the other way', node, mode);
    this.retries[node]++;
    this.checkDelay(node, type === RETRY_HERE ? kinds.consumers.workers.of(arg, WORKER.message) : arg, delay);
  }

  beforeSend(edge: number, message: number): void {
    const { plan, messages } = this.scene.sim;
    if (this.scene.kindOf[plan.edgeFrom[edge]] !== GROUP || this.isDead(edge)) return;
    const isPoison = (messages.flags[message] & MESSAGE_FLAG.poison) !== 0;
    hold(!isPoison || this.calls(edge), 'I16: a poison message was done', edge);
  }

  sent(edge: number, _message: number, tag: number, _accepted: boolean, again: boolean): void {
    const { sim, kinds, kindOf, fields } = this.scene;
    const node = sim.plan.edgeFrom[edge];
    if (kindOf[node] !== GROUP || again || !this.isDead(edge)) return;
    const tries = this.lastTries.get(kinds.consumers.workers.workerOf(node, tag)) ?? 0;
    hold(tries >= Number(fields[node].maxAttempts), 'I16: dead-lettered before its last try', node, tries);
  }

  traced({ code, node, b: worker, c: tries }: TracedStep): void {
    const { kindOf, fields } = this.scene;
    if (kindOf[node] !== GROUP) return;
    if (code === TRACE.started) this.started[node]++;
    if (code === TRACE.failed) {
      this.failures[node]++;
      this.lastTries.set(worker, tries);
      hold(this.canFail(node), 'I15: fails without a reason', node);
    }
    if (code === TRACE.dropped) {
      const done = this.lastTries.get(worker) ?? 0;
      hold(done >= Number(fields[node].maxAttempts), 'I16: dropped before its last try', node, done);
    }
  }

  afterEvent(): void {
    const { sim, kindOf } = this.scene;
    const { metrics } = sim;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== GROUP) continue;
      hold(
        metrics.of(node, METRIC.retries) === this.retries[node],
        'I15: retries',
        node,
        metrics.of(node, METRIC.retries),
      );
      hold(
        metrics.of(node, METRIC.attempts) === this.started[node],
        'I15: tries',
        node,
        metrics.of(node, METRIC.attempts),
      );
      hold(
        metrics.of(node, METRIC.failures) === this.failures[node],
        'I15: failures',
        node,
        metrics.of(node, METRIC.failures),
      );
    }
  }

  private checkDelay(node: number, message: number, delay: number): void {
    const fields = this.scene.fields[node] as Record<string, number>;
    const tries = this.scene.sim.messages.attempts[message];
    hold(tries >= 1 && tries < fields.maxAttempts, 'I15: tries', node, tries);
    const { backoff, backoffFactor, backoffMax, backoffJitter } = fields;
    const longest = Math.round(backoffMax * 1000);
    const base = Math.min(longest, Math.round(backoff * 1000) * backoffFactor ** (tries - 1));
    const least = Math.floor(base * (1 - backoffJitter) * (1 - 1e-9));
    const most = Math.min(longest, Math.ceil(base * (1 + backoffJitter) * (1 + 1e-9)));
    hold(delay >= least - 1 && delay <= most + 1, 'I15: back-off', node, tries, delay, [least, most]);
  }

  private checkService(node: number, delay: number): void {
    const time = this.scene.fields[node].serviceTime as { shape: string; mean: number };
    if (time.shape !== 'constant') return;
    const expected = Math.round(time.mean * 1000 * this.scene.slowFactor(node));
    hold(delay === expected, 'I27: service time', node, delay, expected);
  }

  private canFail(node: number): boolean {
    const { fields, sim } = this.scene;
    if (fields[node].everFailed) return true;
    const { outEdges, outStart, edgeTo } = sim.plan;
    const called = outEdges.subarray(outStart[node], outStart[node + 1]).filter((edge) => this.calls(edge));
    return called.some((edge) => fields[edgeTo[edge]].everFailed === true);
  }

  private calls(edge: number): boolean {
    return this.scene.kindOf[this.scene.sim.plan.edgeTo[edge]] === DATABASE;
  }

  private isDead(edge: number): boolean {
    return this.scene.sim.plan.edgePort[edge] === FAILED_PORT;
  }
}

/** The fields of a node and what laws need beside them: whether it can ever have failed. */
export function lawFields(fields: Readonly<Record<string, Json>>): Record<string, Json> {
  return { ...fields, everFailed: Number(fields.failureProbability ?? 0) > 0 };
}
