import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const QUEUE = kindIndex('queue');
const PRODUCER = kindIndex('producer');
const DEAD_LETTERS = kindIndex('dead-letter-queue');
const OVERFLOW = ['block', 'drop-oldest', 'drop-newest', 'dead-letter'];
const DEAD_PORT = kindDefinition('queue')!.ports.findIndex(({ id }) => id === 'dead');

/** Losses: every message that is dropped or dead-lettered is so at a node and for a reason that this node can have. */
export class LossLaw implements Law {
  private readonly scene: Scene;
  private readonly dropped: Float64Array;
  private readonly deadLettered: Float64Array;

  constructor(scene: Scene) {
    const { nodeCount } = scene.sim.plan;
    this.scene = scene;
    this.dropped = new Float64Array(nodeCount);
    this.deadLettered = new Float64Array(nodeCount);
  }

  traced(step: TracedStep): void {
    const { code, node } = step;
    const kind = this.scene.kindOf[node];
    if (code === TRACE.deadLettered) {
      if (kind === DEAD_LETTERS) this.deadLettered[node]++;
      else hold(this.policyOf(node) === 'dead-letter', 'I16: dead-lettered against the policy', node);
    }
    if (code !== TRACE.dropped) return;
    this.dropped[node]++;
    if (kind === QUEUE) this.checkQueue(step);
    if (kind === PRODUCER) hold(this.calledNodeCanFail(node), 'I6: dropped without a failed call', node);
  }

  afterEvent(): void {
    const { metrics } = this.scene.sim;
    for (let node = 0; node < this.dropped.length; node++) {
      const dropped = metrics.of(node, METRIC.dropped);
      hold(dropped === this.dropped[node], 'I6: dropped', node, dropped, this.dropped[node]);
      const letters = metrics.of(node, METRIC.deadLettered);
      hold(letters === this.deadLettered[node], 'I6: dead-lettered', node, letters, this.deadLettered[node]);
    }
  }

  private checkQueue({ node, b: reason }: TracedStep): void {
    const policy = this.policyOf(node);
    hold(Number(this.scene.fields[node].capacity) > 0, 'I6: dropped by a queue without a limit', node);
    hold(
      OVERFLOW[reason] === policy && policy !== 'block',
      'I6: dropped against the policy',
      node,
      reason,
      policy,
    );
    const { outEdges, outStart, edgePort } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    const hasDeadLetters = edges.some((edge) => edgePort[edge] === DEAD_PORT);
    hold(policy !== 'dead-letter' || !hasDeadLetters, 'I6: dropped beside a dead-letter queue', node);
  }

  private policyOf(node: number): string {
    return this.scene.fields[node].overflow as string;
  }

  private calledNodeCanFail(node: number): boolean {
    const { outEdges, outStart, edgeTo } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.some((edge) => this.scene.fields[edgeTo[edge]].everFailed === true);
  }
}
