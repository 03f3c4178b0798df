import { IN_HAND } from '../../kinds/consumer-group/watched-work.ts';
import { WORKER } from '../../kinds/consumer-group/workers.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Json } from '../../design/types.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { guardCanFail } from './guard-law.ts';
import { hold, isCalled, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const GROUP = kindIndex('consumer-group');
const FAILED_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ id }) => id === 'failed');
/** Event types of a group: see its behaviour. */
const SERVED = 0;
const RETRY_HERE = 1;
const RETRY_LATER = 2;
/** The event type of a database or service that ends a call. */
const ANSWERED = 0;

/** Tries: never more than the limit, at distances as declared, given up only after the last, failed only for a reason. */
export class RetryLaw implements Law {
  private readonly scene: Scene;
  private readonly retries: Float64Array;
  private readonly started: Float64Array;
  private readonly failures: Float64Array;
  /** Tries of the failure noted last at each worker. */
  private readonly lastTries = new Map<number, number>();
  /** Fields of when the run began. */
  private readonly firstFields: readonly Record<string, Json>[];
  /** The last wait of each message that failed. */
  private readonly waits = new Map<number, { serial: number; delay: number }>();

  constructor(scene: Scene) {
    const { nodeCount } = scene.sim.plan;
    this.scene = scene;
    this.firstFields = scene.fields.map((fields) => ({ ...fields }));
    this.retries = new Float64Array(nodeCount);
    this.started = new Float64Array(nodeCount);
    this.failures = new Float64Array(nodeCount);
  }

  scheduled(_handle: number, time: number, _priority: number, code: number, arg: number): void {
    const { sim, kinds, kindOf } = this.scene;
    const node = nodeOfEvent(code);
    const type = typeOfEvent(code);
    const delay = time - sim.now;
    if (isCalled(kindOf[node]) && type === ANSWERED) this.checkService(node, delay, 0);
    if (kindOf[node] !== GROUP) return;
    if (type === SERVED) this.checkService(node, delay, this.memberOf(node, arg));
    if (type !== RETRY_HERE && type !== RETRY_LATER) return;
    const holds = this.scene.fields[node].retryMode === 'hold';
    hold(holds === (type === RETRY_HERE), 'I15: retries in the other way', node, type);
    this.retries[node]++;
    this.checkDelay(node, type === RETRY_HERE ? kinds.consumers.workers.of(arg, WORKER.message) : arg, delay);
  }

  copied(original: number, copy: number): void {
    const last = this.waits.get(original);
    if (last) this.waits.set(copy, last);
  }

  beforeSend(edge: number, message: number): void {
    const { plan, messages } = this.scene.sim;
    if (this.scene.kindOf[plan.edgeFrom[edge]] !== GROUP || this.isDead(edge)) return;
    const isPoison = (messages.flags[message] & MESSAGE_FLAG.poison) !== 0;
    hold(!isPoison || this.calls(edge), 'I16: a poison message was done', edge);
  }

  sent(edge: number, _message: number, tag: number, _accepted: boolean, again: boolean): void {
    const { sim, kinds, kindOf } = this.scene;
    const node = sim.plan.edgeFrom[edge];
    if (kindOf[node] !== GROUP || again || !this.isDead(edge)) return;
    const tries = this.lastTries.get(kinds.consumers.workers.workerOf(node, tag)) ?? 0;
    hold(this.mayGiveUp(node, tries), 'I16: dead-lettered before its last try', node, tries);
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
    if (code === TRACE.dropped && tries === IN_HAND) {
      hold(fields[node].guarantee === 'at-most-once', 'I16: lost with its worker', node);
    } else if (code === TRACE.dropped) {
      const done = this.lastTries.get(worker) ?? 0;
      hold(this.mayGiveUp(node, done), 'I16: dropped before its last try', node, done);
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
    const isByTopics = this.scene.fields[node].retryMode === 'topics';
    const [least, most] = isByTopics ? this.topicDelay(node, tries) : this.waitBounds(fields, tries, message);
    hold(delay >= least - 1 && delay <= most + 1, 'I15: back-off', node, tries, delay, [least, most]);
    this.waits.set(message, { serial: this.scene.sim.messages.serial[message], delay });
  }

  /** What the topics wait was laid down when the run began, and has no jitter. */
  private topicDelay(node: number, tries: number): [number, number] {
    const { backoffGrowth, ...rest } = this.firstFields[node];
    const fields = rest as Record<string, number>;
    const stage = Math.min(tries, Math.max(1, fields.maxAttempts - 1));
    const factor = backoffGrowth === 'fixed' ? 1 : fields.backoffFactor;
    const delay = Math.min(fields.backoffMax, fields.backoff * factor ** (stage - 1)) * 1000;
    return [delay, delay];
  }

  /** Shortest and longest wait in microseconds after so many tries. */
  private waitBounds(fields: Record<string, Json>, tries: number, message: number): [number, number] {
    const { backoff, backoffFactor, backoffMax, backoffJitter } = fields as Record<string, number>;
    const longest = Math.round(backoffMax * 1000);
    const first = Math.round(backoff * 1000);
    const factor = fields.backoffGrowth === 'fixed' ? 1 : backoffFactor;
    const base = Math.min(longest, first * factor ** (tries - 1));
    const slack = 1 + 1e-9;
    switch (fields.jitter) {
      case 'none':
        return [base / slack, base * slack];
      case 'full':
        return [0, base * slack];
      case 'equal':
        return [base / 2 / slack, base * slack];
      case 'decorrelated': {
        const last = tries > 1 ? this.waits.get(message) : undefined;
        // A retry without any wait counts as none before.
        const isOf = last?.serial === this.scene.sim.messages.serial[message] && last.delay > 0;
        const before = isOf ? last.delay : first;
        return [
          Math.min(longest, first) / slack,
          Math.min(longest, Math.max(first, (before + 1) * 3)) * slack,
        ];
      }
      default: {
        const least = Math.floor((base * (1 - backoffJitter)) / slack);
        return [least, Math.min(longest, Math.ceil(base * (1 + backoffJitter) * slack))];
      }
    }
  }

  /** Number from 1 of the member that a worker belongs to. */
  private memberOf(node: number, worker: number): number {
    const { workers } = this.scene.kinds.consumers;
    return workers.of(worker, WORKER.member) - workers.firstMember[node] + 1;
  }

  private checkService(node: number, delay: number, member: number): void {
    const time = this.scene.fields[node].serviceTime as { shape: string; mean: number };
    if (time.shape !== 'constant') return;
    const expected = Math.round(time.mean * 1000 * this.scene.slowFactor(node, member));
    hold(delay === expected, 'I27: service time', node, delay, expected);
  }

  /** Whether a message may be given up after so many tries. */
  private mayGiveUp(node: number, tries: number): boolean {
    const { maxAttempts, everFatal, onFailure } = this.scene.fields[node];
    return tries >= Number(maxAttempts) || everFatal === true || onFailure === 'reject';
  }

  private canFail(node: number): boolean {
    const { fields, sim } = this.scene;
    if (fields[node].everFailed) return true;
    const { outEdges, outStart, edgeTo } = sim.plan;
    const called = outEdges.subarray(outStart[node], outStart[node + 1]).filter((edge) => this.calls(edge));
    return called.some((edge) => fields[edgeTo[edge]].everFailed === true || guardCanFail(this.scene, edge));
  }

  private calls(edge: number): boolean {
    return isCalled(this.scene.kindOf[this.scene.sim.plan.edgeTo[edge]]);
  }

  private isDead(edge: number): boolean {
    return this.scene.sim.plan.edgePort[edge] === FAILED_PORT;
  }
}

/** The fields of a node and what laws need beside them: whether it can ever have failed. */
export function lawFields(fields: Readonly<Record<string, Json>>): Record<string, Json> {
  return {
    ...fields,
    // A service may refuse any call: it has a bounded line, if no rate limit.
    everFailed: Number(fields.failureProbability ?? 0) > 0 || fields.queueLimit !== undefined,
    everFatal: Number(fields.fatalShare ?? 0) > 0,
  };
}
