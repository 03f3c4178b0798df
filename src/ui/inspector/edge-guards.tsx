import { circuitBreakerMachine } from '../../machines/circuit-breaker.machine.ts';
import { BREAKER_LIGHTS, HEADER } from '../../simulation/frame/frame-layout.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { count, plain } from '../look/figures.ts';
import { LiveMachine } from './machines/live-machine.tsx';
import type { FigureRow } from './figures/figure-row.ts';
import { readGuard, type GuardReading } from './figures/node-reading.ts';
import { shownDiagram } from './machines/shown-diagram.ts';
import { NowTable } from './figures/now-table.tsx';

/** What a breaker does by itself; the other states are for a hand that this page does not have. */
const ROW = ['closed', 'open', 'half-open'];
const DIAGRAM = shownDiagram(circuitBreakerMachine, { only: ROW });

/** What the guards of an edge do now: the breaker as its live statechart, and what became of the calls. */
export default function EdgeGuards({ edge }: { edge: string }) {
  const frame = useFrameTick(4);
  const reading = frame && readGuard(frame, edge);
  if (!frame || !reading) return null;
  const current = BREAKER_LIGHTS[reading.breaker];
  return (
    <>
      {current !== 'none' && (
        <LiveMachine
          label="Circuit breaker"
          diagram={DIAGRAM}
          rows={[ROW]}
          current={current}
          usual="closed"
          forMs={frame.data[HEADER.simulatedMs] - reading.breakerSinceMs}
        />
      )}
      <NowTable title="Calls" rows={callRows(reading)} />
    </>
  );
}

/** Figures of the guards; those that say that nothing happened are left out. */
function callRows(reading: GuardReading): FigureRow[] {
  const amplification = reading.calls > 0 ? reading.attempts / reading.calls : 0;
  const troubles: readonly [label: string, value: number, beside?: string][] = [
    ['Timed out', reading.timeouts],
    ['Refused by the breaker', reading.refusedByBreaker],
    ['Refused by the limiter', reading.refusedByLimiter],
    ['Refused by the bulkhead', reading.refusedByBulkhead],
    ['Failed', reading.failed, 'with no try left'],
    ['Fell back', reading.fellBack],
  ];
  return [
    { label: 'Calls', value: count(reading.calls), beside: 'since the start' },
    {
      label: 'Attempts a call',
      value: `${plain(Number(amplification.toPrecision(3)))}×`,
      beside: `${count(reading.attempts)} in all`,
      bad: amplification > 1.5,
    },
    { label: 'In progress', value: count(reading.running) },
    ...rateRows(reading),
    ...troubles
      .filter(([, value]) => value > 0)
      .map(([label, value, beside]) => ({ label, value: count(value), beside, bad: true })),
  ];
}

function rateRows({ failureRate, slowRate }: GuardReading): FigureRow[] {
  if (failureRate < 0) return [];
  return [
    { label: 'Failures in the window', value: `${plain(Math.round(failureRate))} %`, bad: failureRate > 0 },
    { label: 'Slow in the window', value: `${plain(Math.round(slowRate))} %`, bad: slowRate > 0 },
  ];
}
