import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { LOSS } from '../../kinds/queue/room.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { DEATH, DEATH_REASONS } from '../../kinds/shared/deaths.ts';
import { LOST_ON_THE_WAY } from '../../kinds/shared/links/troubles.ts';
import { LINK_COUNT } from '../../kinds/shared/links/troubles.ts';
import { guardCanFail } from './guard-law.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const QUEUE = kindIndex('queue');
const PRODUCER = kindIndex('producer');
const DEAD_LETTERS = kindIndex('dead-letter-queue');
const DEAD_LETTERING = ['dead-letter', 'dead-letter-newest'];
const DEAD_PORT = kindDefinition('queue')!.ports.findIndex(({ id }) => id === 'dead');

/** Losses: every message that is dropped or dead-lettered is so at a node and for a reason that this node can have. */
export class LossLaw implements Law {
  private readonly scene: Scene;
  private readonly dropped: Float64Array;
  private readonly deadLettered: Float64Array;
  private readonly deaths: Float64Array;

  constructor(scene: Scene) {
    const { nodeCount } = scene.sim.plan;
    this.scene = scene;
    this.dropped = new Float64Array(nodeCount);
    this.deadLettered = new Float64Array(nodeCount);
    this.deaths = new Float64Array(nodeCount << 2);
  }

  traced(step: TracedStep): void {
    const { code, node, b: reason } = step;
    const kind = this.scene.kindOf[node];
    const isLetter = code === TRACE.deadLettered;
    if (isLetter && kind === DEAD_LETTERS) this.deadLettered[node]++;
    if (kind === QUEUE && (isLetter || code === TRACE.dropped || code === TRACE.expired)) {
      this.checkQueue(node, reason, isLetter);
    }
    if (code === TRACE.lost) {
      const isReplicated = (this.scene.kinds.replication?.table.firstPartition[node] ?? -1) >= 0;
      hold(isReplicated && step.c > 0, 'I6: records lost by a topic without replicas', node, step.c);
      this.dropped[node] += step.c;
    }
    if (code !== TRACE.dropped) return;
    this.dropped[node]++;
    if (kind !== PRODUCER) return;
    if (reason === LOST_ON_THE_WAY) {
      const { sim, kinds } = this.scene;
      const isLossy = kinds.links.troubles.counted(step.c, LINK_COUNT.lost) > 0;
      hold(isLossy && sim.plan.edgeFrom[step.c] === node, 'I6: lost by a network in order', node, step.c);
      return;
    }
    const isRight = reason === 0 ? this.calledNodeCanFail(node) : this.scene.fields[node].client === 'kafka';
    hold(isRight, 'I6: dropped without a failed call', node, reason);
  }

  afterEvent(): void {
    const { metrics } = this.scene.sim;
    const { kinds, kindOf } = this.scene;
    for (let node = 0; node < this.dropped.length; node++) {
      const dropped = metrics.of(node, METRIC.dropped);
      hold(dropped === this.dropped[node], 'I6: dropped', node, dropped, this.dropped[node]);
      const deaths = kindOf[node] === QUEUE ? kinds.queues.deaths(node) : null;
      for (const reason of deaths ? DEATH_REASONS : []) {
        const count = this.deaths[(node << 2) | DEATH[reason]];
        hold(deaths![reason] === count, 'I6: deaths', node, reason, deaths![reason], count);
      }
      const letters = metrics.of(node, METRIC.deadLettered);
      hold(letters === this.deadLettered[node], 'I6: dead-lettered', node, letters, this.deadLettered[node]);
    }
  }

  private checkQueue(node: number, reason: number, isLetter: boolean): void {
    const policy = this.policyOf(node);
    const { outEdges, outStart, edgePort } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    const hasDeadLetters = edges.some((edge) => edgePort[edge] === DEAD_PORT);
    hold(!isLetter || hasDeadLetters, 'I16: a dead letter without a way', node);
    if (reason === LOSS.refused)
      hold(policy === 'drop-newest', 'I6: dropped against the policy', node, policy);
    if (reason === DEATH.maxlen) {
      const { capacity, capacityBytes } = this.scene.fields[node];
      const isLimited = Number(capacity) > 0 || Number(capacityBytes) > 0;
      hold(isLimited, 'I6: dropped by a queue without a limit', node);
      const keeps = DEAD_LETTERING.includes(policy);
      const isRight = isLetter ? keeps : policy === 'drop-oldest' || (keeps && !hasDeadLetters);
      hold(isRight, 'I6: dropped against the policy', node, reason, policy);
      if (isLetter) hold(isRight, 'I16: dead-lettered against the policy', node);
    }
    // The other losses of a queue go to the dead letters, where there are any.
    const isDeath = reason <= DEATH.delivery_limit && reason !== DEATH.maxlen;
    if (isDeath) hold(isLetter === hasDeadLetters, 'I6: dropped beside a dead-letter queue', node, reason);
    if (reason === DEATH.delivery_limit) {
      const { queueType, deliveryLimit } = this.scene.fields[node];
      hold(queueType === 'quorum' && deliveryLimit !== 0, 'I16: no delivery limit', node);
    }
    if (reason <= DEATH.delivery_limit) this.deaths[(node << 2) | reason]++;
  }

  private policyOf(node: number): string {
    return this.scene.fields[node].overflow as string;
  }

  private calledNodeCanFail(node: number): boolean {
    const { outEdges, outStart, edgeTo } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.some(
      (edge) => this.scene.fields[edgeTo[edge]].everFailed === true || guardCanFail(this.scene, edge),
    );
  }
}
