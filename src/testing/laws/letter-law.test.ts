import { describe, expect, it } from 'vitest';
import type { Design, ScheduledFault } from '../../design/types.ts';
import type { MessageLists } from '../../engine/message-lists.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const constant = (mean: number) => ({ shape: 'constant', mean });

/** Everything fails, lies in a dead-letter queue that keeps twenty, and goes back five at a time. */
function dead(): Design {
  const plain = designOf(
    {
      source: ['producer', { rate: 150 }],
      q: ['queue'],
      g: ['consumer-group', { members: 2, serviceTime: constant(2), failureProbability: 1, maxAttempts: 1 }],
      dlq: ['dead-letter-queue', { keeps: 20 }],
    },
    ['source > q', 'q > g', 'g.failed > dlq'],
  );
  const faults = [400, 600, 900].map((atMs): ScheduledFault => ({
    id: `redrive at ${atMs}`,
    atMs,
    node: 'dlq',
    fault: 'redrive',
    args: { count: 5 },
  }));
  return { ...plain, scenario: { ...plain.scenario, faults, horizonMs: 4000, warmUpMs: 0 } };
}

/** What the law says of the run when somebody meddles with it after 60 events, until that has been done. */
function saidBy(meddle: (inside: RunParts, letters: MessageLists, dlq: number) => boolean): string | null {
  const { run } = compile(dead());
  const inside = insideOf(run!);
  const letters = Reflect.get(inside.kinds.deadLetters, 'letters') as MessageLists;
  const watch = watchRun(run!, [], [LAWS.letters]);
  let isDone = false;
  try {
    for (let event = 0; event < 1500 && run!.advance(Infinity, 1) === 1; event++) {
      if (event > 60 && !isDone) isDone = meddle(inside, letters, inside.indexOf.get('dlq')!);
      watch.check(false);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the law of letters', () => {
  it('says nothing of a run as it is', () => {
    expect(saidBy(() => true)).toBeNull();
  });

  it('sees a letter that is lost', () => {
    const lose = ({ sim }: RunParts, letters: MessageLists, dlq: number) => {
      if (letters.length(dlq) < 3) return false;
      sim.messages.free(letters.shift(dlq));
      return true;
    };
    expect(saidBy(lose)).toMatch(/^I5: letters/);
  });

  it('sees a letter that jumps the line', () => {
    const jump = (_inside: RunParts, letters: MessageLists, dlq: number) => {
      if (letters.length(dlq) < 3) return false;
      letters.push(dlq, letters.shift(dlq));
      return true;
    };
    expect(saidBy(jump)).toMatch(/^I22: a redrive passes over/);
  });

  it('sees a letter that goes back without a mark', () => {
    const unmark = ({ sim, kinds }: RunParts) => {
      const { fire } = kinds.deadLetters;
      kinds.deadLetters.fire = (...given) => {
        const { send } = sim;
        sim.send = (edge, message, tag) => {
          sim.messages.flags[message] = 0;
          return send.call(sim, edge, message, tag);
        };
        fire.call(kinds.deadLetters, ...given);
        sim.send = send;
      };
      return true;
    };
    expect(saidBy(unmark)).toMatch(/^I16: a letter goes back without a mark/);
  });
});
