import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');

/**
 * Fan-out: a message that a topic takes in counts once for each group that reads it, and each group has as many
 * records unread as were written, less those it took and those that retention deleted, and those to be read again.
 * A marker of a transaction counts no more for a group that has passed over it, which the coming of a message may
 * make it do.
 */
export class FanOutLaw implements Law {
  private readonly scene: Scene;
  private readonly unread = new Map<string, number>();
  /** Topics, partitions and offsets of the markers of transactions. */
  private readonly markers = new Set<string>();
  /** Copies counted when an offer began, and the markers that groups passed over since. */
  private copiesBefore = 0;
  private markersPassed = 0;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  reaching(): void {
    this.copiesBefore = this.scene.sim.metrics.copied;
    this.markersPassed = 0;
  }

  reached(edge: number, _message: number, accepted: boolean): void {
    const { plan, metrics } = this.scene.sim;
    const node = plan.edgeTo[edge];
    if (this.scene.kindOf[node] !== TOPIC || !accepted) return;
    const more = Math.max(0, this.readersOf(node).length - 1) - this.markersPassed;
    hold(
      metrics.copied === this.copiesBefore + more,
      'I4: copies',
      node,
      metrics.copied - this.copiesBefore,
      more,
    );
  }

  traced({ code, node, a, b: lane, c }: TracedStep): void {
    if (this.scene.kindOf[node] !== TOPIC) return;
    if (code === TRACE.entered) for (const edge of this.readersOf(node)) this.add(edge, lane, 1);
    if (code === TRACE.marked) this.markers.add(`${node}/${lane}/${c}`);
    if (code === TRACE.marked) for (const edge of this.readersOf(node)) this.add(edge, lane, 1);
    if (code === TRACE.skipped) this.add(a, lane, -1);
    if (code === TRACE.skipped && this.markers.has(`${node}/${lane}/${c}`)) this.markersPassed++;
    if (code === TRACE.expired || code === TRACE.unreadCut) this.add(a, lane, -c);
  }

  taken(edge: number, lane: number, message: number): void {
    if (message >= 0 && this.isRead(edge)) this.add(edge, lane, -1);
  }

  beforeGiveBack(edge: number, lane: number, message: number): void {
    if (message >= 0 || !this.isRead(edge)) return;
    const { topics } = this.scene.kinds;
    this.add(edge, lane, topics.position(edge, lane) - topics.committed(edge, lane));
  }

  afterEvent(thorough: boolean): void {
    if (!thorough) return;
    const { kinds, kindOf } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== TOPIC) continue;
      for (const edge of this.readersOf(node)) {
        for (let lane = 0; lane < kinds.topics.partitions(node); lane++) {
          const unread = kinds.topics.logEnd(node, lane) - kinds.topics.position(edge, lane);
          const expected = this.unread.get(`${edge}/${lane}`) ?? 0;
          hold(unread === expected, 'I4: unread records', node, edge, lane, unread, expected);
        }
      }
    }
  }

  private add(edge: number, lane: number, change: number): void {
    const place = `${edge}/${lane}`;
    this.unread.set(place, (this.unread.get(place) ?? 0) + change);
  }

  private readersOf(topic: number): Int32Array {
    const { outEdges, outStart } = this.scene.sim.plan;
    return outEdges.subarray(outStart[topic], outStart[topic + 1]);
  }

  private isRead(edge: number): boolean {
    return this.scene.kindOf[this.scene.sim.plan.edgeFrom[edge]] === TOPIC;
  }
}
