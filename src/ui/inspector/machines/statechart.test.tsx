// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { retryMachine } from '../../../machines/retry.machine.ts';
import { transactionMachine } from '../../../machines/transaction.machine.ts';
import { LiveMachine } from './live-machine.tsx';
import { shownDiagram } from './shown-diagram.ts';
import { Statechart } from './statechart.tsx';

const TRANSACTION = shownDiagram(transactionMachine, { labels: { 'in-transaction': 'Open' } });

function transactionIn(current: string): string {
  return renderToStaticMarkup(
    <LiveMachine
      label="Transaction"
      diagram={TRANSACTION}
      rows={[['ready', 'in-transaction', 'flushing']]}
      current={current}
      usual="ready"
      calm={['in-transaction']}
      forMs={1000}
    />,
  );
}

it('says in words which state it is in, and how many are where many are', () => {
  expect(transactionIn('in-transaction')).toContain('aria-label="State: Open"');
  const diagram = shownDiagram(retryMachine, { only: ['attempting', 'dead'] });
  const many = renderToStaticMarkup(
    <Statechart
      states={diagram.states}
      transitions={diagram.transitions}
      rows={[['attempting', 'dead']]}
      current={null}
      exceptional={false}
      width={272}
      counts={{ attempting: 3, dead: 1200 }}
    />,
  );
  expect(many).toContain('aria-label="States: Attempting 3, Dead 1,200"');
});

it('tells an exception from what is usual and from what is calm', () => {
  expect(transactionIn('ready')).toContain('statechart flow');
  expect(transactionIn('in-transaction')).toContain('statechart flow');
  expect(transactionIn('aborting')).toContain('statechart pressure');
});

it('draws arrows of its own: two charts on a page share no marker', () => {
  const page = renderToStaticMarkup(
    <>
      {['ready', 'aborting'].map((current) => (
        <Statechart
          key={current}
          states={TRANSACTION.states}
          transitions={TRANSACTION.transitions}
          rows={[]}
          current={current}
          exceptional={current === 'aborting'}
          width={272}
        />
      ))}
    </>,
  );
  const ids = [...page.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(4);
  expect(ids).toHaveLength(4);
});

it('shows of a diagram what is asked for', () => {
  const { states, transitions } = shownDiagram(retryMachine, {
    only: ['attempting', 'dead'],
    labels: { dead: 'Given up' },
  });
  expect(states.map(({ label }) => label)).toEqual(['Attempting', 'Given up']);
  expect(transitions.length).toBeGreaterThan(0);
  expect(transitions.every(({ to }) => ['attempting', 'dead'].includes(to))).toBe(true);
});
