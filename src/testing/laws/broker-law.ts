import { NO_MESSAGE } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { ALARM } from '../../kinds/queue/alarm-states.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const QUEUE = kindIndex('queue');
const DEAD_PORT = kindDefinition('queue')!.ports.findIndex(({ id }) => id === 'dead');
const PUSHES_OUT = ['drop-oldest', 'dead-letter'];
const REFUSES = ['drop-newest', 'dead-letter-newest'];

/**
 * Limits of queues in bytes, dead letters that go at least once, and the alarms of the broker: bytes are those of the
 * messages that wait, a letter is in its queue until it has gone along its edge and is not refused there, and an alarm
 * is raised for a reason.
 */
export class BrokerLaw implements Law {
  private readonly scene: Scene;
  private readonly queues: readonly number[];
  /** Of each queue: letters that died there and were kept, and those that have gone along its edge. */
  private readonly died: Float64Array;
  private readonly gone: Float64Array;
  /** Since when bytes and the memory alarm do not go together, null for not now. */
  private differsSince: number | null = null;
  /** Events of the run at the last look. */
  private eventsSeen = 0;
  /** The overflow policy that each queue began with. */
  private readonly policies: readonly unknown[];
  private readonly edited = new Set<number>();
  /** Letters that are being sent at least once, to a queue that refuses what finds it full. */
  private readonly onTheirWay: number[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
    this.queues = Array.from(scene.kindOf.keys()).filter((node) => scene.kindOf[node] === QUEUE);
    this.died = new Float64Array(scene.kindOf.length);
    this.gone = new Float64Array(scene.kindOf.length);
    this.policies = scene.fields.map(({ overflow }) => overflow);
  }

  traced({ code, node }: TracedStep): void {
    if (code === TRACE.deadLettered && this.scene.kindOf[node] === QUEUE) this.died[node]++;
  }

  beforeSend(edge: number, message: number): void {
    this.onTheirWay.push(this.isSafe(edge) ? message : NO_MESSAGE);
  }

  freed(message: number): void {
    hold(!this.onTheirWay.includes(message), 'I16: a letter that goes at least once is lost', message);
  }

  sent(edge: number, message: number, _tag: number, accepted: boolean): void {
    this.onTheirWay.pop();
    const isPart = this.scene.kinds.queues.letterOf(edge, message) !== NO_MESSAGE;
    if (accepted && !isPart && this.isDead(edge)) this.gone[this.scene.sim.plan.edgeFrom[edge]]++;
  }

  deposited(): void {
    this.onTheirWay.pop();
  }

  afterEvent(thorough: boolean): void {
    const { sim, kinds } = this.scene;
    for (const queue of this.queues) {
      if (this.scene.fields[queue].overflow !== this.policies[queue]) this.edited.add(queue);
      const waiting = kinds.queues.lettersWaiting(queue);
      const left = this.died[queue] - this.gone[queue];
      hold(waiting === left, 'I16: a dead letter came from nowhere or is gone', queue, waiting, left);
      if (thorough) this.checkBytes(queue);
    }
    const { state } = kinds.queues.broker.alarm;
    const { memory, watermark } = kinds.queues.broker;
    const isFull = this.queues.some((queue) =>
      this.scene.faultsOf(queue).some(({ fault }) => fault === 'disk-full'),
    );
    const isLow = state === ALARM.state.disk || state === ALARM.state.both;
    hold(isLow === isFull, 'I47: a disk alarm without a full disk, or none with one', state);
    // The broker looks every second.
    const isRaised = state === ALARM.state.memory || state === ALARM.state.both;
    const isOver = memory > watermark;
    // Where several events lie between two looks, nobody knows what the memory was meanwhile.
    if (sim.events > this.eventsSeen + 1) this.differsSince = null;
    this.eventsSeen = sim.events;
    if (isRaised !== isOver) {
      this.differsSince ??= sim.now;
      hold(sim.now - this.differsSince <= 1e6, 'I47: the memory alarm is late', state, memory);
    } else this.differsSince = null;
  }

  private checkBytes(queue: number): void {
    const { sim, kinds, fields } = this.scene;
    const found = kinds.queues.limits.bytes(queue);
    if (found === null) return;
    const { sizeBytes } = sim.messages;
    const walked = kinds.queues.waitingIn(queue).reduce((sum, message) => sum + sizeBytes[message], 0);
    hold(found.bytes === walked, 'I5: bytes of a queue', queue, found.bytes, walked);
    const policy = fields[queue].overflow as string;
    const isStuck = kinds.queues.lettersWaiting(queue) > 0;
    // A queue whose policy was another before comes down to its limit with the next message.
    // What waits for its retry is not pushed out, and may be too much alone.
    const isAllDelayed = kinds.queues.delayedIn(queue) > 0 && kinds.queues.head(queue) < 0;
    if (PUSHES_OUT.includes(policy) && !isStuck && !this.edited.has(queue) && !isAllDelayed)
      hold(walked <= found.most, 'I10: more bytes than a queue may hold', queue, walked, found.most);
    const isSettled = sim.queue.peekTime() > sim.now;
    const waits = isSettled && sim.transfers.waiters.count[queue] > 0;
    hold(!waits || kinds.held(sim, queue) > 0, 'I46: a sender waits before an empty queue', queue);
  }

  private isDead(edge: number): boolean {
    const { edgeFrom, edgePort } = this.scene.sim.plan;
    return this.scene.kindOf[edgeFrom[edge]] === QUEUE && edgePort[edge] === DEAD_PORT;
  }

  private isSafe(edge: number): boolean {
    const { sim, kinds, fields, kindOf } = this.scene;
    const { edgeFrom, edgeTo } = sim.plan;
    if (!this.isDead(edge) || kindOf[edgeTo[edge]] !== QUEUE || kinds.links.isGated(sim, edge)) return false;
    const { queueType, deadLetterStrategy, overflow } = fields[edgeFrom[edge]];
    const isAsked = queueType === 'quorum' && deadLetterStrategy === 'at-least-once';
    const keeps = overflow === 'block' || overflow === 'drop-newest';
    return isAsked && keeps && REFUSES.includes(fields[edgeTo[edge]].overflow as string);
  }
}
