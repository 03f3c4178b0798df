import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const DEAD_LETTERS = kindIndex('dead-letter-queue');

/**
 * Dead-letter queues: what lies there is what came, less what was sent back and what went for lack of room, and both
 * take the oldest first. What is sent back is marked, and its tries start anew.
 */
export class LetterLaw implements Law {
  private readonly scene: Scene;
  /** Serial numbers of the letters of each queue, oldest first. */
  private readonly letters: number[][];
  private readonly redriven: Float64Array;

  constructor(scene: Scene) {
    this.scene = scene;
    this.letters = Array.from(scene.kindOf, () => []);
    this.redriven = new Float64Array(scene.kindOf.length);
  }

  traced({ code, node, a: serial }: TracedStep): void {
    if (this.scene.kindOf[node] !== DEAD_LETTERS) return;
    if (code === TRACE.deadLettered) this.letters[node].push(serial);
    if (code !== TRACE.redriven) return;
    this.forget(node);
    const oldest = this.letters[node].shift();
    hold(serial === oldest, 'I22: a redrive passes over an older letter', node, serial, oldest);
    this.redriven[node]++;
  }

  beforeSend(edge: number, message: number): void {
    const { plan, messages } = this.scene.sim;
    const from = plan.edgeFrom[edge];
    if (this.scene.kindOf[from] !== DEAD_LETTERS) return;
    const isMarked = (messages.flags[message] & MESSAGE_FLAG.redriven) !== 0;
    hold(isMarked, 'I16: a letter goes back without a mark', from);
    hold(messages.attempts[message] === 0, 'I15: a letter goes back with its tries', from);
  }

  afterEvent(): void {
    const { sim, kinds, kindOf } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== DEAD_LETTERS) continue;
      this.forget(node);
      const { deadLetters } = kinds;
      const stored = deadLetters.stored(sim, node);
      const came = sim.metrics.of(node, METRIC.deadLettered);
      const [redriven, forgotten] = [deadLetters.redriven(node), deadLetters.forgotten(node)];
      hold(redriven === this.redriven[node], 'I5: redriven', node, redriven, this.redriven[node]);
      hold(stored === came - redriven - forgotten, 'I5: letters', node, [stored, came, redriven, forgotten]);
      hold(stored === this.letters[node].length, 'I5: letters that lie here', node, stored);
      const gone = sim.metrics.of(node, METRIC.out) + kinds.held(sim, node);
      hold(gone === redriven, 'I3: letters sent back', node, gone, redriven);
    }
  }

  /** Those beyond what the queue keeps went as soon as they were too many. */
  private forget(node: number): void {
    const most = Number(this.scene.fields[node].keeps);
    while (this.letters[node].length > most) this.letters[node].shift();
  }
}
