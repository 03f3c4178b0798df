import { COORDINATOR, MEMBER } from '../../kinds/consumer-group/membership.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const GROUP = kindIndex('consumer-group');
const TOPIC = kindIndex('topic');
/** States that only the classic protocol knows, and among them those of its cooperative assignor. */
const OF_CLASSIC: readonly number[] = [MEMBER['finishing-work'], MEMBER.rejoining, MEMBER.syncing];
const OF_COOPERATIVE: readonly number[] = [MEMBER.rejoining, MEMBER.syncing, MEMBER.revoking];
const READING: readonly number[] = [
  MEMBER.reading,
  MEMBER.paused,
  MEMBER['finishing-work'],
  ...OF_COOPERATIVE,
];

/** States of a group that shares partitions out; consumers of queues know nothing of each other. */
const OF_GROUPS: readonly number[] = [
  MEMBER.joining,
  MEMBER['awaiting-assignment'],
  MEMBER['standing-by'],
  MEMBER.expelled,
  MEMBER['struck-off'],
  MEMBER.removed,
  ...OF_CLASSIC,
  ...OF_COOPERATIVE,
];

/**
 * Protocols of groups: consumers of queues alone have none. By the cooperative assignor and by the consumer protocol
 * nobody stops but where a partition moves, and a partition goes to another reader only once the one that lives has let
 * go of it. Who reads, processes and writes goes back to its last commit when its transaction took too long.
 */
export class ProtocolLaw implements Law {
  private readonly scene: Scene;
  private readonly owner = new Map<number, number>();
  private readonly generation = new Map<number, number>();
  private readonly wasReading = new Set<number>();
  /** Of each member its transaction, and of each group how many took longer than they may. */
  private readonly transactionOf = new Map<number, number>();
  private readonly timedOut = new Map<number, number>();
  private events = 0;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  afterEvent(): void {
    const { sim, kindOf, fields } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== GROUP) continue;
      const isConsumer = fields[node].protocol === 'consumer';
      const isCooperative = !isConsumer && fields[node].assignor === 'cooperative-sticky';
      this.checkStates(node, isConsumer, isCooperative);
      this.checkAlone(node);
      if (isConsumer || isCooperative) this.checkRows(node, sim.events <= this.events + 1);
    }
    this.events = sim.events;
  }

  private checkStates(node: number, isConsumer: boolean, isCooperative: boolean): void {
    const { workers, membership } = this.scene.kinds.consumers;
    for (let local = 0; local < workers.memberCount[node]; local++) {
      const member = workers.firstMember[node] + local;
      const state = membership.stateOf[member];
      hold(
        !isConsumer || !OF_CLASSIC.includes(state),
        'I18: waits for all in the consumer protocol',
        node,
        state,
      );
      const mayKeep = isConsumer || isCooperative || !OF_COOPERATIVE.includes(state);
      hold(mayKeep, 'I18: keeps partitions in an eager rebalance', node, state);
      const inBatch = this.scene.kinds.consumers.polls?.isInBatch(node, member) === true;
      const isFree = workers.busyOf[member] < workers.concurrency[node] && !inBatch;
      const stops = isCooperative && state === MEMBER['finishing-work'] && isFree;
      hold(!stops, 'I18: a cooperative member stops', node, member);
    }
  }

  /** A group without topics has no coordinator. */
  private checkAlone(node: number): void {
    const { kindOf, kinds, sim } = this.scene;
    const { inEdges, inStart, edgeFrom } = sim.plan;
    const edges = inEdges.subarray(inStart[node], inStart[node + 1]);
    if (edges.length === 0 || edges.some((edge) => kindOf[edgeFrom[edge]] === TOPIC)) return;
    const { membership, workers } = kinds.consumers;
    const [first, count] = [workers.firstMember[node], workers.memberCount[node]];
    const isAtRest = membership.coordinatorOf[node] === COORDINATOR.empty;
    const isOfGroup = membership.stateOf
      .subarray(first, first + count)
      .some((state) => OF_GROUPS.includes(state));
    hold(isAtRest && !isOfGroup, 'I18: consumers of a queue rebalance', node);
  }

  /** A reader that lives keeps its partitions until it lets go, and they are not read again; of one event only. */
  private checkRows(node: number, isOneEvent: boolean): void {
    const { rows, workers, membership } = this.scene.kinds.consumers;
    const { inEdges, inStart } = this.scene.sim.plan;
    const goesBack = this.goesBack(node);
    for (const edge of inEdges.subarray(inStart[node], inStart[node + 1])) {
      const first = rows.firstRow[edge];
      for (let row = first; first >= 0 && row < rows.edge.length && rows.edge[row] === edge; row++) {
        const [before, now] = [this.owner.get(row) ?? -1, rows.owner[row]];
        const isFair = before < 0 || now < 0 || now === before || !this.wasReading.has(before);
        hold(isFair || !isOneEvent, 'I18: taken from a reader that lives', node, row, before, now);
        const isKept = before >= 0 && now === before && this.wasReading.has(before);
        const isSame = rows.generation[row] === (this.generation.get(row) ?? 0);
        const reads = now >= 0 && READING.includes(membership.stateOf[now]);
        hold(
          !isKept || !reads || isSame || goesBack.has(now) || !isOneEvent,
          'I18: a partition that stays is read again',
          node,
          row,
        );
        this.owner.set(row, now);
        this.generation.set(row, rows.generation[row]);
      }
    }
    const first = workers.firstMember[node];
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      if (READING.includes(membership.stateOf[member])) this.wasReading.add(member);
      else this.wasReading.delete(member);
    }
  }

  /** Members whose transaction ended in this event as it took too long. */
  private goesBack(node: number): ReadonlySet<number> {
    const { transactions, workers } = this.scene.kinds.consumers;
    const figures = transactions?.figures(node);
    const members = new Set<number>();
    if (!transactions || !figures) return members;
    const isOver = figures.leftOpen > (this.timedOut.get(node) ?? 0);
    this.timedOut.set(node, figures.leftOpen);
    const first = workers.firstMember[node];
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      const [before, now] = [this.transactionOf.get(member) ?? -1, transactions.slotOf(member)];
      if (isOver && before >= 0 && now !== before) members.add(member);
      this.transactionOf.set(member, now);
    }
    return members;
  }
}
