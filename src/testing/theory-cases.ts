import type { Json, Design } from '../design/types.ts';
import { newDesign } from '../design/new-design.ts';
import type { RunResults } from '../simulation/results.ts';
import { md1WaitMean, mm1kLossShare, mm1SojournMean, mmcSojournMean } from './closed-forms.ts';

/** A design whose figures queueing theory knows, with how to read the figure off a run. */
export interface TheoryCase {
  name: string;
  design: Design;
  exact: number;
  figure(results: RunResults): number;
  /** What the figure is, such as "time in system, s". */
  what: string;
  arrivalRate: number;
}

/** Mean service time in all cases: a second, so that whole microseconds round off nothing that matters. */
const SERVICE_SECONDS = 1;
const PLACES = 5;

export const THEORY_LOADS = [0.3, 0.6, 0.9];

/** M/M/1, M/M/4, M/D/1 and M/M/1/K at each load. */
export function theoryCases(): TheoryCase[] {
  return THEORY_LOADS.flatMap((load) => [mm1(load), mm4(load), md1(load), mm1k(load)]);
}

function mm1(load: number): TheoryCase {
  return {
    name: `M/M/1 at ${load}`,
    design: stationDesign({ rate: load, service: { shape: 'exponential', mean: 1000 } }),
    exact: mm1SojournMean(load, SERVICE_SECONDS),
    figure: sojournSeconds,
    what: 'time in system, s',
    arrivalRate: load,
  };
}

function mm4(load: number): TheoryCase {
  const servers = 4;
  const rate = load * servers;
  return {
    name: `M/M/4 at ${load}`,
    design: stationDesign({ rate, servers, service: { shape: 'exponential', mean: 1000 } }),
    exact: mmcSojournMean(servers, rate, SERVICE_SECONDS),
    figure: sojournSeconds,
    what: 'time in system, s',
    arrivalRate: rate,
  };
}

function md1(load: number): TheoryCase {
  return {
    name: `M/D/1 at ${load}`,
    design: stationDesign({ rate: load, service: { shape: 'constant', mean: 1000 } }),
    exact: md1WaitMean(load, SERVICE_SECONDS) + SERVICE_SECONDS,
    figure: sojournSeconds,
    what: 'time in system, s',
    arrivalRate: load,
  };
}

function mm1k(load: number): TheoryCase {
  const service = { shape: 'exponential', mean: 1000 };
  return {
    name: `M/M/1/${PLACES} at ${load}`,
    design: stationDesign({ rate: load, service, capacity: PLACES - 1 }),
    exact: mm1kLossShare(load, SERVICE_SECONDS, PLACES),
    figure: ({ totals }) => totals.dropped / totals.produced,
    what: 'share lost',
    arrivalRate: load,
  };
}

function sojournSeconds(results: RunResults): number {
  return results.latency.latencyMsMean! / 1000;
}

/** Producer → queue → workers. */
export function stationDesign(station: {
  rate: number;
  service: Json;
  servers?: number;
  /** Places in the queue, those in service not counted; what does not fit is lost. */
  capacity?: number;
}): Design {
  const { rate, service, servers = 1, capacity = 0 } = station;
  return {
    ...newDesign('Station'),
    nodes: [
      { id: 'source', kind: 'producer', name: 'source', fields: { rate } },
      { id: 'line', kind: 'queue', name: 'line', fields: { capacity, overflow: 'drop-newest' } },
      {
        id: 'station',
        kind: 'consumer-group',
        name: 'station',
        fields: { members: servers, serviceTime: service },
      },
    ],
    edges: [
      { id: 'source-to-line', from: 'source', fromPort: 'out', to: 'line', toPort: 'in' },
      { id: 'line-to-station', from: 'line', fromPort: 'out', to: 'station', toPort: 'in' },
    ],
  };
}
