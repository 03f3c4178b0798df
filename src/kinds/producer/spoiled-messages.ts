import type { Json } from '../../design/types.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';

/** What is wrong with the messages that producers make: a share is poison, or all are of a schema that nobody reads. */
export class SpoiledMessages {
  /** Called when the last of so many poison messages is made. */
  onSpent: (node: number) => void = () => {};
  /** Of each producer: the share that is poison, how many are still to be (Infinity for no end), and 1 for a broken schema. */
  private poison = new Float64Array();
  private left = new Float64Array();
  private breaks = new Uint8Array();

  constructor(columns: Columns, nodes: number) {
    columns.f64(this, 'poison', nodes);
    columns.f64(this, 'left', nodes);
    columns.u8(this, 'breaks', nodes);
  }

  begin(node: number, args: Readonly<Record<string, Json>>): void {
    this.poison[node] = args.share as number;
    this.left[node] = (args.count as number) || Infinity;
  }

  end(node: number): void {
    this.poison[node] = 0;
  }

  breakSchema(node: number, breaks: 0 | 1): void {
    this.breaks[node] = breaks;
  }

  /** Share of the messages that `draw` is to be asked about; 0 for none. */
  share(node: number): number {
    return this.breaks[node] === 1 ? 1 : this.poison[node];
  }

  /** The flags of a new message. */
  draw(sim: Simulation, node: number): number {
    const isPoison =
      this.poison[node] > 0 && sim.random.uniform(sim.stream(node, PURPOSE.fault)) < this.poison[node];
    if (isPoison && --this.left[node] === 0) {
      this.poison[node] = 0;
      this.onSpent(node);
    }
    if (this.breaks[node] === 1) return MESSAGE_FLAG.poison | MESSAGE_FLAG.unreadable;
    return isPoison ? MESSAGE_FLAG.poison : 0;
  }
}
