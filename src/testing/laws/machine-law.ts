import { TRACE } from '../../engine/trace.ts';
import { MEMBER } from '../../kinds/consumer-group/membership.ts';
import { GROUP_TRANSACTION_STATE } from '../../kinds/consumer-group/transaction-states.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { CLIENT_STATE } from '../../kinds/producer/client-states.ts';
import { QUEUE_STATE } from '../../kinds/queue/queue-states.ts';
import { ANSWER } from '../../kinds/service/behavior.ts';
import { SERVICE_STATE } from '../../kinds/service/service-states.ts';
import { LINK_STATE } from '../../kinds/shared/links/link-states.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const QUEUE = kindIndex('queue');
const SERVICE = kindIndex('service');
const GROUP = kindIndex('consumer-group');
const NONE = -1;
/** States of a member that has no process. */
const DOWN: readonly number[] = [MEMBER.stopped, MEMBER.crashed, MEMBER.removed];
/** What a service that refused a call is, by how it refused it. */
const REFUSALS = [
  { answer: ANSWER.rateLimited, state: SERVICE_STATE.limited },
  { answer: ANSWER.overloaded, state: SERVICE_STATE.overloaded },
];
/** For so long a service that refused a call is not up again. */
const CALM_MICROS = 1_000_000;

/** The machines of queues, services, Kafka clients, members with transactions and the network say what a walk over the state says. */
export class MachineLaw implements Law {
  private readonly scene: Scene;
  /** Whether somebody stood in line when an offer began. */
  private hadLine = false;
  /** Of each service that refused a call of late: what that makes it, and when. */
  private readonly service = new Map<number, { state: number; refusedAt: number }>();
  /** How often the service that is being called had refused. */
  private refusedBefore: number[] = [];
  /** Services that were struck by a fault since somebody looked. */
  private readonly struck = new Set<number>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(edge: number): void {
    const { plan, transfers } = this.scene.sim;
    const node = plan.edgeTo[edge];
    this.hadLine = transfers.waiters.count[node] > 0;
    if (this.scene.kindOf[node] === SERVICE) this.refusedBefore = this.refusedBy(node);
  }

  reached(edge: number, _message: number, accepted: boolean): void {
    const { sim, kinds, kindOf } = this.scene;
    const node = sim.plan.edgeTo[edge];
    if (kindOf[node] === SERVICE) this.called(node);
    if (accepted || kindOf[node] !== QUEUE) return;
    const state = kinds.queues.states.state[node];
    // Who goes to the end of a line was not offered: those before it may be let in otherwise by now.
    const isTrue = this.hadLine ? state !== QUEUE_STATE.open : state === QUEUE_STATE.blocking;
    hold(isTrue, 'I47: a sender waits before a queue that does not block', node, state);
  }

  traced({ code, node }: TracedStep): void {
    if (code === TRACE.fault && this.scene.kindOf[node] === SERVICE) this.struck.add(node);
  }

  afterEvent(): void {
    const { sim, kindOf } = this.scene;
    for (let node = 0; node < sim.plan.nodeCount; node++) {
      if (kindOf[node] === QUEUE) this.checkQueue(node);
      else if (kindOf[node] === SERVICE) this.checkService(node);
      else if (kindOf[node] === GROUP) this.checkTransactions(node);
      else this.checkClient(node);
    }
    this.struck.clear();
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
    const isAwaited = sim.transfers.waiters.count[node] > 0;
    if (kinds.queues.states.state[node] === QUEUE_STATE.open || isAwaited) return;
    const capacity = Number(fields[node].capacity);
    const stored = kinds.queues.held(sim, node);
    // Messages differ in size, so a queue may refuse one for its bytes that has room for another.
    const isFull =
      Number(fields[node].capacityBytes) > 0 ? stored > 0 : capacity > 0 && stored > capacity * 0.9;
    hold(isFull, 'I47: a queue with room says it is full', node, stored);
  }

  /** What a service did with a call: its last refusal says how it is, until it has taken calls for a second. */
  private called(node: number): void {
    const refused = this.refusedBy(node).map((count, why) => count > this.refusedBefore[why]);
    const why = REFUSALS.findIndex((_, place) => refused[place]);
    const { now } = this.scene.sim;
    if (why >= 0) this.service.set(node, { state: REFUSALS[why].state, refusedAt: now });
    else if (now - (this.service.get(node)?.refusedAt ?? now) >= CALM_MICROS) this.service.delete(node);
  }

  private refusedBy(node: number): number[] {
    return REFUSALS.map(({ answer }) => this.scene.kinds.services.answered(node, answer));
  }

  private checkService(node: number): void {
    const { kinds } = this.scene;
    const state = kinds.services.states.state[node];
    const outage = this.scene.faultsOf(node).findLast(({ fault }) => fault === 'outage');
    if (outage) this.service.delete(node);
    const inOutage = outage?.args.answers === 'silence' ? SERVICE_STATE.silent : SERVICE_STATE.refusing;
    const expected = outage ? inOutage : (this.service.get(node)?.state ?? SERVICE_STATE.up);
    if (this.struck.has(node) && !outage && state !== expected) {
      // An outage came and went since somebody looked: what was refused before and after cannot be told apart.
      if (state === SERVICE_STATE.up) this.service.delete(node);
      else this.service.set(node, { state, refusedAt: this.scene.sim.now });
      return;
    }
    hold(state === expected, 'I47: a service is in another state than its calls say', node, state, expected);
  }

  /** A transaction without its process is left open, and no other is; who asks for a commit has an event that says so. */
  private checkTransactions(node: number): void {
    const { consumers, groups } = this.scene.kinds;
    const { transactions, workers } = consumers;
    if (!transactions?.has(node)) return;
    for (let member = 0; member < groups.members(node); member++) {
      const state = groups.memberTransaction(node, member);
      const isDown = DOWN.includes(groups.memberState(node, member));
      const isLeft = state === GROUP_TRANSACTION_STATE['left-open'];
      const isSaid = state === GROUP_TRANSACTION_STATE.none || isLeft === isDown;
      hold(
        isSaid,
        'I47: a transaction is left open by a member that lives, or not by one that died',
        node,
        member,
      );
      const asks = state === GROUP_TRANSACTION_STATE.committing;
      const isEnding = transactions.isEnding(workers.firstMember[node] + member);
      hold(!asks || isEnding, 'I47: a member asks for a commit that nothing answers', node, member);
    }
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
