import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const EXCHANGE = kindIndex('exchange');
const TOPIC = kindIndex('topic');

/**
 * Senders before a full target: first come, first served, nobody overtakes, nobody is forgotten, and the time that
 * an edge was blocked is the sum of the times that somebody stood in its line. A stream asks all who stand there, each
 * for its own shard: whoever is refused goes to the end.
 */
export function lineLaw(scene: Scene): Law {
  const { sim, kinds, kindOf } = scene;
  const { transfers } = sim;
  const lines = Array.from({ length: sim.plan.nodeCount + sim.plan.edgeCount }, (): string[] => []);
  const passed = Float64Array.from(transfers.passed);
  const blocked = new Float64Array(sim.plan.edgeCount);
  let since = sim.now;
  /** Sends that are under way, one within the other: the edge of each, and how long the line was when it began. */
  const sends: { edge: number; before: number }[] = [];
  const name = (edge: number, tag: number) => `${edge}/${tag}`;
  const remove = (edge: number, tag: number) => {
    const line = lines[transfers.target[edge]];
    const at = line.indexOf(name(edge, tag));
    if (at >= 0) line.splice(at, 1);
  };
  return {
    beforeSend: (edge) =>
      void sends.push({ edge, before: countInLine(lines[transfers.target[edge]], sends) }),
    sent(edge, _message, tag, accepted, again) {
      const line = lines[transfers.target[edge]];
      // What this message set going may have brought others, who came after it.
      const { before } = sends.pop()!;
      const asksAll = isStream(scene, transfers.target[edge]);
      if (again) hold(line[0] === name(edge, tag), 'I22: called out of turn', line[0], edge, tag);
      else if (accepted) hold(before === 0 || asksAll, 'I22: overtakes those in line', line, edge, tag);
      else line.push(name(edge, tag));
      if (again) goOn(line, accepted, asksAll);
      if (accepted) passed[edge]++;
    },
    lineMoved(edge, before, after) {
      const isOf = (entry: string) => entry.startsWith(`${edge}/`);
      lines[after].push(...lines[before].filter(isOf));
      lines[before] = lines[before].filter((entry) => !isOf(entry));
    },
    deposited(edge) {
      sends.pop();
      passed[edge]++;
    },
    waitCancelled: remove,
    taken(edge, _lane, message) {
      if (message >= 0) passed[edge]++;
    },
    afterEvent() {
      for (let edge = 0; edge < sim.plan.edgeCount; edge++) {
        const waiting = transfers.waiting[edge];
        hold(waiting >= 0, 'I10: fewer than nobody waits', edge, waiting);
        // What passes from exchange to exchange stands in no line, and `invariants.ts` counts it.
        if (kindOf[transfers.from[edge]] === EXCHANGE && kindOf[transfers.to[edge]] === EXCHANGE) continue;
        hold(transfers.passed[edge] === passed[edge], 'I3: messages that passed an edge', edge, passed[edge]);
      }
      lines.forEach((line, node) => {
        // What is under way and finds no room stands there beside the senders.
        const stuck = sim.plan.edgeTo.filter((to, edge) => to === node && kinds.links.isStuck(edge));
        const count = transfers.waiters.count[node] - stuck.length;
        hold(count === line.length, 'I46: senders in line', node, count, line.length);
        const isKnown = line.every((entry) => transfers.waiting[Number(entry.split('/')[0])] > 0);
        hold(isKnown, 'I5: an edge forgets who waits', node, line);
      });
    },
    lasted(until) {
      // The state is that of before this event: it lasted from the last one until now.
      for (let edge = 0; edge < blocked.length; edge++) {
        if (transfers.waiting[edge] > 0) blocked[edge] += until - since;
      }
      since = until;
    },
    atEnd() {
      for (let edge = 0; edge < blocked.length; edge++) {
        const open = transfers.waiting[edge] > 0 ? sim.now - since : 0;
        const time = transfers.blockedTime(edge, sim.now);
        hold(time === blocked[edge] + open, 'I37: time that an edge was blocked', edge, time, blocked[edge]);
      }
    },
  };
}

/** Who was called stands in a line no more, also while what it offers pushes out what comes round again. */
function countInLine(line: readonly string[], sends: readonly { edge: number }[]): number {
  const isCalled = sends.some(({ edge }) => line[0]?.startsWith(`${edge}/`));
  return line.length - Number(isCalled);
}

function isStream({ kindOf, fields }: Scene, node: number): boolean {
  return kindOf[node] === TOPIC && fields[node].service === 'kinesis';
}

/** The first was called: it leaves if there was room, and before a stream it goes to the end if there was none. */
function goOn(line: string[], accepted: boolean, asksAll: boolean): void {
  if (!accepted && !asksAll) return;
  const first = line.shift()!;
  if (!accepted) line.push(first);
}
