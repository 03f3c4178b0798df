import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { CONSUMER_TIMEOUT } from '../../kinds/consumer-group/consumer-timeouts.ts';
import { LATE, WORKER, WORKER_SHIFT } from '../../kinds/consumer-group/workers.ts';
import { kindIndex } from '../../kinds/registry.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { saidOf } from './meddled-run.ts';

const GROUP = kindIndex('consumer-group');

/** Consumers that are now and then slower than their quorum queue lets them. */
function busy(): Design {
  const serviceTime = { shape: 'exponential', mean: 30 };
  const plain = designOf(
    {
      p: ['producer', { rate: 60 }],
      q: ['queue', { queueType: 'quorum', consumerTimeout: 60 }],
      g: ['consumer-group', { members: 3, prefetchMode: 'count', prefetch: 4, serviceTime }],
    },
    ['p > q', 'q > g'],
  );
  return { ...plain, scenario: { ...plain.scenario, horizonMs: 4000, warmUpMs: 0 } };
}

const said = (meddle: (inside: RunParts) => void) => saidOf(busy(), 'consumerTimeouts', meddle);

/** Lets the event of the timeouts come at another time. */
const withTimes =
  (change: (time: number) => number) =>
  ({ sim }: RunParts): void => {
    const { at } = sim;
    sim.at = (time, node, type, arg) => {
      const isTimeout = sim.plan.kindOf[node] === GROUP && type === CONSUMER_TIMEOUT;
      return at.call(sim, isTimeout ? change(time) : time, node, type, arg);
    };
  };

describe('the law of consumer timeouts', () => {
  it('has nothing to say of a run in order, in which messages are taken back', () => {
    let takenBack = 0;
    const result = said(({ kinds }) => {
      kinds.consumers.timeouts!.onBack = () => takenBack++;
    });
    expect(result).toBeNull();
    expect(takenBack).toBeGreaterThan(20);
  });

  it('sees what is kept for too long', () => {
    expect(said(withTimes((time) => time + 1))).toMatch(/^I15: (kept|settled|taken back)/);
  });

  it('sees what a consumer settles that had it too long', () => {
    // The queue hears of the timeout, and the worker does not.
    const result = said(({ kinds }) => {
      const { timeouts, workers } = kinds.consumers;
      timeouts!.onBack = (_sim, group) => {
        const first = workers.firstWorker[group];
        for (let worker = first; worker < first + kinds.consumers.workerCount(group); worker++) {
          const row = (worker << WORKER_SHIFT) | WORKER.row;
          if (workers.cells[row] === LATE) workers.cells[row] = -1;
        }
      };
    });
    expect(result).toMatch(/^I14: settled what is not its own any more/);
  });

  it('sees a consumer that gets more though it is late', () => {
    const result = said(({ kinds }) => {
      const prefetch = kinds.consumers.prefetch!;
      const { deliver } = prefetch;
      const timeouts = kinds.consumers.timeouts!;
      const { lateOf } = timeouts;
      // Who asks within a delivery hears that nobody is late; the law asks between two events.
      let isWithin = false;
      timeouts.lateOf = (...args) => (isWithin ? 0 : lateOf.apply(timeouts, args));
      prefetch.deliver = (...args) => {
        isWithin = true;
        const isTaken = deliver.apply(prefetch, args);
        isWithin = false;
        return isTaken;
      };
    });
    expect(result).toMatch(/^I14: more for a consumer that is over its time/);
  });
});
