import type { Design, DesignEdge, DesignNode, Json } from '../design/types.ts';
import { newDesign } from '../design/new-design.ts';

/** A service time that is exponential with a mean of so many seconds. */
export function exponential(seconds: number): Json {
  return { shape: 'exponential', mean: seconds * 1000 };
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

/**
 * Two producers of one rate, `high` and `low`, before one worker whose queue tells two priorities apart. Behind it an
 * exchange lets only `high` through to the end, so that the time from birth to acknowledgement is that of `high`.
 */
export function priorityDesign(ratePerClass: number, service: Json): Design {
  const producer = (id: string, priority: number): DesignNode => {
    return { id, kind: 'producer', name: id, fields: { rate: ratePerClass, priority, routingKey: id } };
  };
  const atOnce: Json = { shape: 'constant', mean: 0 };
  const edge = (from: string, to: string): DesignEdge => {
    return { id: `${from}-to-${to}`, from, fromPort: 'out', to, toPort: 'in' };
  };
  return {
    ...newDesign('Two classes'),
    nodes: [
      producer('high', 1),
      producer('low', 0),
      { id: 'line', kind: 'queue', name: 'line', fields: { maxPriority: 1 } },
      {
        id: 'station',
        kind: 'consumer-group',
        name: 'station',
        fields: { members: 1, serviceTime: service },
      },
      { id: 'sieve', kind: 'exchange', name: 'sieve', fields: { type: 'direct' } },
      { id: 'end-line', kind: 'queue', name: 'end-line', fields: {} },
      { id: 'end', kind: 'consumer-group', name: 'end', fields: { members: 1, serviceTime: atOnce } },
    ],
    edges: [
      edge('high', 'line'),
      edge('low', 'line'),
      edge('line', 'station'),
      edge('station', 'sieve'),
      { ...edge('sieve', 'end-line'), fields: { bindingKey: 'high' } },
      edge('end-line', 'end'),
    ],
  };
}

/** A station of a network; its queue has the id of the station with `-line` behind it. */
interface NetworkStation {
  id: string;
  service: Json;
  servers?: number;
  /** Further fields of the workers, such as those of the retries. */
  fields?: Readonly<Record<string, Json>>;
  /** The station where messages go that were handled; they leave the network if there is none. */
  next?: string;
  /** The station where messages go that failed, or `DEAD_LETTERS`. */
  failed?: string;
}

/** Where a network keeps its dead letters. */
export const DEAD_LETTERS = 'dead-letters';

/** Stations, each a queue with its workers. Messages arrive at the first; those that fail take another way. */
export function networkDesign(rate: number, stations: readonly NetworkStation[]): Design {
  const nodes: DesignNode[] = [{ id: 'source', kind: 'producer', name: 'source', fields: { rate } }];
  const edges: DesignEdge[] = [];
  const join = (from: string, fromPort: string, to: string) =>
    edges.push({ id: `${from}-${fromPort}-${to}`, from, fromPort, to, toPort: 'in' });
  join('source', 'out', lineOf(stations[0].id));
  for (const { id, service, servers = 1, fields, next, failed } of stations) {
    nodes.push(
      { id: lineOf(id), kind: 'queue', name: lineOf(id), fields: {} },
      {
        id,
        kind: 'consumer-group',
        name: id,
        fields: { members: servers, serviceTime: service, ...fields },
      },
    );
    join(lineOf(id), 'out', id);
    if (next !== undefined) join(id, 'out', lineOf(next));
    if (failed !== undefined) join(id, 'failed', failed === DEAD_LETTERS ? failed : lineOf(failed));
    if (failed === DEAD_LETTERS) {
      nodes.push({ id: DEAD_LETTERS, kind: 'dead-letter-queue', name: DEAD_LETTERS, fields: {} });
    }
  }
  return { ...newDesign('Network'), nodes, edges };
}

/** The queue before a station of a network. */
export function lineOf(station: string): string {
  return `${station}-line`;
}
