import type { Scene } from './law.ts';
import { wantedBy } from './wanted-subjects.ts';

/**
 * Which message of a managed broker each delivery is of, told from outside: a life begins with an offer, or with a copy
 * for a further subscription, and all copies for consumers share it.
 */
export class CloudLives {
  private readonly scene: Scene;
  private readonly isCloud: (node: number) => boolean;
  private readonly lifeOf = new Map<number, number>();
  private readonly lifeOfReceipt = new Map<number, number>();
  /** Copies whose receipt is not written yet. */
  private unread: number[] = [];
  private lives = 0;
  private offered = { message: -1, fansLeft: 0 };

  constructor(scene: Scene, isCloud: (node: number) => boolean) {
    this.scene = scene;
    this.isCloud = isCloud;
  }

  offer(edge: number, message: number): void {
    const node = this.scene.sim.plan.edgeTo[edge];
    if (!this.isCloud(node)) return;
    this.readReceipts();
    const { outEdges, outStart } = this.scene.sim.plan;
    const { profile } = this.scene.fields[node];
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    const readers = edges.filter((each) => this.scene.kinds.clouds.waitingFor(each) !== undefined).length;
    const isFanned = profile === 'jetstream' || profile === 'pulsar';
    const wanted = wantedBy(this.scene, node, this.scene.sim.messages.address[message]);
    const takers = wanted === null ? readers : wanted.takers.length;
    this.offered = { message, fansLeft: isFanned ? Math.max(1, takers) - 1 : 0 };
    this.lifeOf.set(message, ++this.lives);
  }

  /** A dead letter leaves its broker. */
  leaves(edge: number, message: number): void {
    if (this.isCloud(this.scene.sim.plan.edgeFrom[edge])) this.lifeOf.delete(message);
  }

  copied(original: number, copy: number): void {
    const life = this.lifeOf.get(original);
    if (life === undefined) return;
    if (original === this.offered.message && this.offered.fansLeft-- > 0) {
      this.lifeOf.set(copy, ++this.lives);
    } else {
      this.unread.push(copy, life);
    }
  }

  freed(message: number): void {
    this.readReceipts();
    this.lifeOf.delete(message);
  }

  /** The life that a receipt is of. */
  ofReceipt(receipt: number): number | undefined {
    this.readReceipts();
    return this.lifeOfReceipt.get(receipt);
  }

  private readReceipts(): void {
    const { receipt } = this.scene.sim.messages;
    for (let at = 0; at < this.unread.length; at += 2) {
      this.lifeOfReceipt.set(receipt[this.unread[at]], this.unread[at + 1]);
    }
    this.unread = [];
  }
}
