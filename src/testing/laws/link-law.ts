import { TRACE } from '../../engine/trace.ts';
import { LOST_ON_THE_WAY } from '../../kinds/shared/links/troubles.ts';
import { LINK_COUNT } from '../../kinds/shared/links/troubles.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const PRODUCER = kindIndex('producer');

/**
 * The network: nothing crosses an edge while it is cut, what is under way arrives in the order in which it was sent
 * unless the order is what is broken, and what a producer lost on the way is what its edges say.
 */
export class LinkLaw implements Law {
  private readonly scene: Scene;
  /** By edge, the messages that were sent while there was a gate, in order, and by their numbers of birth. */
  private readonly underWay = new Map<number, number[]>();
  private readonly lost = new Map<number, number>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  sent(edge: number, message: number, _tag: number, accepted: boolean): void {
    const { sim, kinds } = this.scene;
    if (!accepted || !kinds.links.isGated(sim, edge) || kinds.links.isHandedOver(edge)) return;
    // What is lost at once is nowhere any more, and its slot may be another's.
    if (!this.underWay.has(edge)) this.underWay.set(edge, []);
    this.underWay.get(edge)!.push(message);
  }

  reaching(edge: number, message: number): void {
    const { kinds } = this.scene;
    if (kinds.links.isHandedOver(edge)) return;
    hold(!kinds.links.troubles.isCut(edge), 'I29: a message crosses an edge that is cut', edge);
    const line = this.underWay.get(edge) ?? [];
    const at = line.indexOf(message);
    const mayOvertake = kinds.links.troubles.counted(edge, LINK_COUNT.reordered) > 0 || this.mayLose(edge);
    hold(at <= 0 || mayOvertake, 'I21: the network changes the order', edge, at);
  }

  reached(edge: number, message: number, accepted: boolean): void {
    if (!accepted) return;
    const line = this.underWay.get(edge) ?? [];
    const at = line.indexOf(message);
    if (at >= 0) line.splice(at, 1);
  }

  taken(edge: number, _lane: number, message: number): void {
    const isCut = this.scene.kinds.links.troubles.isCut(edge);
    hold(message < 0 || !isCut, 'I29: a message crosses an edge that is cut', edge);
  }

  replied(edge: number): void {
    hold(!this.scene.kinds.links.troubles.isCut(edge), 'I29: an answer crosses an edge that is cut', edge);
  }

  traced({ code, node, b: reason, c: edge }: TracedStep): void {
    if (code !== TRACE.dropped || this.scene.kindOf[node] !== PRODUCER || reason !== LOST_ON_THE_WAY) return;
    this.lost.set(edge, (this.lost.get(edge) ?? 0) + 1);
  }

  afterEvent(thorough: boolean): void {
    if (!thorough) return;
    const { troubles } = this.scene.kinds.links;
    for (const [edge, lost] of this.lost) {
      const says = troubles.counted(edge, LINK_COUNT.lost);
      hold(says === lost, 'I6: lost on the way', edge, says, lost);
    }
  }

  /** Whether single messages of an edge may be gone, so that a slot says nothing about order. */
  private mayLose(edge: number): boolean {
    return this.scene.kinds.links.troubles.counted(edge, LINK_COUNT.lost) > 0;
  }
}
