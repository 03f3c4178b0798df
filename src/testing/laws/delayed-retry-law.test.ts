import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { RETRY_DUE } from '../../kinds/queue/delayed-retries.ts';
import type { RunParts } from '../../simulation/live-run.ts';
import { designOf } from '../metamorphic/run-figures.ts';
import { saidOf } from './meddled-run.ts';

const QUEUE = kindIndex('queue');

/** Consumers that fail at half of all, before a quorum queue that delays retries. */
function busy(): Design {
  const plain = designOf(
    {
      p: ['producer', { rate: 100 }],
      q: [
        'queue',
        { queueType: 'quorum', delayedRetryType: 'all', delayedRetryMin: 40, delayedRetryMax: 100 },
      ],
      g: ['consumer-group', { members: 3, failureProbability: 0.5, onFailure: 'requeue' }],
    },
    ['p > q', 'q > g'],
  );
  return { ...plain, scenario: { ...plain.scenario, horizonMs: 4000, warmUpMs: 0 } };
}

const said = (meddle: (inside: RunParts) => void) => saidOf(busy(), 'delayedRetries', meddle);

/** Lets every delay of a retry be another. */
const withDelays =
  (change: (delay: number) => number) =>
  ({ sim }: RunParts): void => {
    const { after } = sim;
    sim.after = (delay, node, type, arg) => {
      const isRetry = sim.plan.kindOf[node] === QUEUE && type === RETRY_DUE;
      return after.call(sim, isRetry ? change(delay) : delay, node, type, arg);
    };
  };

describe('the law of delayed retries', () => {
  it('has nothing to say of a run that keeps it', () => {
    expect(said(() => {})).toBeNull();
  });

  it('sees a message that is delivered before its time', () => {
    expect(said(withDelays((delay) => delay - 1))).toMatch(/^I15: retried before its time/);
  });

  it('sees one that is not ready when it is due', () => {
    expect(said(withDelays((delay) => delay + 10))).toMatch(/^I15: messages that wait for their retry/);
  });

  it('sees one that is ready at once', () => {
    const forget = ({ kinds }: RunParts) => void (kinds.queues.stock.delayed!.hold = () => false);
    expect(said(forget)).toMatch(/^I15/);
  });
});
