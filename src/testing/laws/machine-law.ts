import { kindIndex } from '../../kinds/registry.ts';
import { CLIENT_STATE } from '../../kinds/producer/client-states.ts';
import { QUEUE_STATE } from '../../kinds/queue/queue-states.ts';
import { ANSWER } from '../../kinds/service/behavior.ts';
import { SERVICE_STATE } from '../../kinds/service/service-states.ts';
import { LINK_STATE } from '../../kinds/shared/links/link-states.ts';
import { hold, type Law, type Scene } from './law.ts';

const QUEUE = kindIndex('queue');
const SERVICE = kindIndex('service');
const NONE = -1;

/** The machines of queues, services, Kafka clients and the network say what a walk over the state says. */
export class MachineLaw implements Law {
  private readonly scene: Scene;
  /** Whether somebody stood in line when an offer began. */
  private hadLine = false;
  /** Queues before which somebody left the line who was not let in: they hear of it with the next message that leaves. */
  private readonly left = new Set<number>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(edge: number): void {
    const { plan, transfers } = this.scene.sim;
    this.hadLine = transfers.waiters.count[plan.edgeTo[edge]] > 0;
  }

  reached(edge: number, _message: number, accepted: boolean): void {
    const { sim, kinds, kindOf } = this.scene;
    const node = sim.plan.edgeTo[edge];
    if (accepted || kindOf[node] !== QUEUE) return;
    const state = kinds.queues.states.state[node];
    // Who goes to the end of a line was not offered: those before it may be let in otherwise by now.
    const isTrue = this.hadLine ? state !== QUEUE_STATE.open : state === QUEUE_STATE.blocking;
    hold(isTrue, 'I47: a sender waits before a queue that does not block', node, state);
  }

  waitCancelled(edge: number): void {
    this.left.add(this.scene.sim.plan.edgeTo[edge]);
  }

  lineMoved(_edge: number, before: number): void {
    this.left.add(before);
  }

  afterEvent(): void {
    const { sim, kindOf } = this.scene;
    for (let node = 0; node < sim.plan.nodeCount; node++) {
      if (kindOf[node] === QUEUE) this.checkQueue(node);
      else if (kindOf[node] === SERVICE) this.checkService(node);
      else this.checkClient(node);
    }
    const { links } = this.scene.kinds;
    links.troubles.states.state.forEach((state, edge) => {
      const isUp = state === LINK_STATE.up;
      hold(
        isUp !== links.isGated(sim, edge),
        'I47: an edge in order has a gate, or one in trouble none',
        edge,
      );
    });
  }

  private checkQueue(node: number): void {
    const { sim, kinds, fields } = this.scene;
    if (kinds.queues.states.state[node] === QUEUE_STATE.open) this.left.delete(node);
    const isAwaited = sim.transfers.waiters.count[node] > 0 || this.left.has(node);
    if (kinds.queues.states.state[node] === QUEUE_STATE.open || isAwaited) return;
    const capacity = Number(fields[node].capacity);
    const stored = kinds.queues.held(sim, node);
    hold(capacity > 0 && stored > capacity * 0.9, 'I47: a queue with room says it is full', node, stored);
  }

  private checkService(node: number): void {
    const { kinds, fields } = this.scene;
    const state = kinds.services.states.state[node];
    const isLimited = state === SERVICE_STATE.limited;
    hold(!isLimited || fields[node].rateLimit !== 'off', 'I47: limited without a rate limit', node);
    const refused = kinds.services.answered(node, ANSWER.overloaded);
    hold(state !== SERVICE_STATE.overloaded || refused > 0, 'I47: overloaded, and nobody was refused', node);
  }

  private checkClient(node: number): void {
    const { clients } = this.scene.kinds.producers;
    if (!clients?.hasClient(node)) return;
    const { batches, states } = clients;
    let inTrouble = 0;
    for (let batch = batches.oldest[node]; batch !== NONE; batch = batches.newer[batch]) {
      inTrouble += batches.inTrouble[batch];
    }
    hold(states.inTrouble[node] === inTrouble, 'I47: batches in trouble', node, inTrouble);
    if (states.state[node] === CLIENT_STATE.blocked) return;
    const isRetrying = states.state[node] === CLIENT_STATE.retrying;
    hold(isRetrying === inTrouble > 0, 'I47: a client retries without a batch in trouble, or does not', node);
  }
}
