import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { ALARM } from '../../kinds/queue/alarm-states.ts';
import { compile } from '../../simulation/compile.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

const constant = (mean: number) => ({ shape: 'constant', mean });

/** A queue with a limit in bytes, and a quorum queue whose letters go to another that is full, at least once. */
function limited(): Design {
  const safe = { queueType: 'quorum', ttl: 5, deadLetterStrategy: 'at-least-once', deadLetterTimeout: 300 };
  const plain = designOf(
    {
      p: ['producer', { rate: 200, client: 'rabbitmq', size: constant(100) }],
      q: ['queue', { capacityBytes: 900, overflow: 'drop-oldest', memoryWatermark: 1_000_000 }],
      g: ['consumer-group', { members: 1, serviceTime: constant(9) }],
      source: ['producer', { rate: 50 }],
      safe: ['queue', safe],
      parked: ['queue', { capacity: 4, overflow: 'drop-newest', ttl: 400 }],
    },
    ['p > q', 'q > g', 'source > safe', 'safe.dead > parked'],
  );
  return { ...plain, scenario: { ...plain.scenario, horizonMs: 4000, warmUpMs: 0 } };
}

/** A letter for two queues: the copy for one of them is larger than it may hold and dies there, the other is full. */
function passedOn(): Design {
  const safe = { queueType: 'quorum', ttl: 5, deadLetterStrategy: 'at-least-once', deadLetterTimeout: 300 };
  return designOf(
    {
      source: ['producer', { rate: 50 }],
      safe: ['queue', safe],
      x: ['exchange', { type: 'fanout' }],
      small: ['queue', { capacityBytes: 3, overflow: 'dead-letter' }],
      full: ['queue', { capacity: 1, overflow: 'drop-newest' }],
      dlq: ['dead-letter-queue', {}],
    },
    ['source > safe', 'safe.dead > x', 'x > small', 'x > full', 'small.dead > dlq'],
  );
}

/** What the law says of the run when somebody meddles with it after 200 events; null for nothing. */
function said(meddle: (inside: RunParts) => void, design = limited()): string | null {
  const { run } = compile(design);
  const watch = watchRun(run!, [], [LAWS.broker, LAWS.routing]);
  try {
    for (let event = 0; event < 2500 && run!.advance(Infinity, 1) === 1; event++) {
      if (event === 200) meddle(insideOf(run!));
      watch.check(event > 200);
      run!.drainMessages();
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the law of the broker', () => {
  const column = (owner: unknown, name: string) => Reflect.get(owner as object, name) as Float64Array;
  const limits = ({ kinds }: RunParts) => kinds.queues.limits;

  it('has nothing to say of a run that keeps it', () => {
    expect(said(() => {})).toBeNull();
    expect(said(() => {}, passedOn())).toBeNull();
  });

  it('sees bytes that are not there, and more of them than may be', () => {
    const more = (inside: RunParts) => column(Reflect.get(limits(inside), 'stock'), 'bytes').fill(7);
    expect(said(more)).toMatch(/^I5: bytes of a queue/);
    const larger = (inside: RunParts) => {
      const { mostBytes } = limits(inside) as unknown as { mostBytes: Float64Array };
      mostBytes.fill(5000);
      const { bytes } = limits(inside);
      limits(inside).bytes = (node) => {
        const found = bytes.call(limits(inside), node);
        return found && { ...found, most: 900 };
      };
    };
    expect(said(larger)).toMatch(/^I10: more bytes/);
  });

  it('sees a letter that is lost, though it goes at least once', () => {
    const careless = ({ kinds }: RunParts) => {
      const letters = Reflect.get(kinds.queues, 'deadLetters') as object;
      const targets = Reflect.get(Reflect.get(letters, 'safe') as object, 'targets') as object;
      Reflect.set(targets, 'refuses', () => false);
    };
    expect(said(careless)).toMatch(/^I16: a letter that goes at least once is lost/);
    const forgetful = ({ kinds, sim }: RunParts) => {
      const letters = Reflect.get(kinds.queues, 'deadLetters') as object;
      const safe = Reflect.get(letters, 'safe') as { add(run: unknown, node: number, letter: number): void };
      safe.add = (_run, _node, letter) => {
        sim.messages.flags[letter] &= ~MESSAGE_FLAG.dying;
        sim.messages.free(letter);
      };
    };
    expect(said(forgetful)).toMatch(/^I16: a dead letter came from nowhere or is gone/);
  });

  it('sees an alarm without a reason, and a reason without an alarm', () => {
    const raise = (state: number) => (inside: RunParts) => {
      column(Reflect.get(inside.kinds.queues.broker, 'alarms'), 'state').fill(state);
    };
    expect(said(raise(ALARM.state.disk))).toMatch(/^I47: a disk alarm without a full disk/);
    const blind = ({ kinds }: RunParts) => {
      Reflect.set(kinds.queues.broker, 'bytes', 5_000_000);
      kinds.queues.broker.look = () => {};
    };
    expect(said(blind)).toMatch(/^I47: the memory alarm is late/);
  });
});
