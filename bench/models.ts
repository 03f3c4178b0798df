import type { Design, DesignEdge, DesignNode } from '../src/design/types.ts';
import { newDesign } from '../src/design/new-design.ts';
import { orders } from '../src/gallery/orders.ts';

/** A design whose running is timed. */
export interface Model {
  name: string;
  what: string;
  design: Design;
  /** Simulated milliseconds in which a message (of the smallest model's kind) is made on average. */
  msPerMessage: number;
}

const LANES = 500;

/** The models that `limit.cpp` has by the same names, and the gallery's first design. */
export const MODELS: readonly Model[] = [
  { name: 'mm1', what: 'M/M/1 at 0.8', design: stations(1, 1, 800), msPerMessage: 1000 },
  { name: 'mm4', what: 'M/M/4 at 0.8', design: stations(1, 4, 3200), msPerMessage: 1000 },
  { name: 'tandem', what: '3 stations in a row', design: stations(3, 1, 800), msPerMessage: 1000 },
  {
    name: 'pipe',
    what: `${LANES} producers, queues, workers; retries`,
    design: pipe(),
    msPerMessage: 1000 / LANES,
  },
  { name: 'orders', what: 'the gallery design orders', design: orders, msPerMessage: 5 },
];

/** One message a second into stations in a row, each a queue and its workers. */
function stations(count: number, members: number, serviceMs: number): Design {
  const nodes: DesignNode[] = [{ id: 'source', kind: 'producer', name: 'source', fields: { rate: 1 } }];
  const edges: DesignEdge[] = [];
  for (let i = 1; i <= count; i++) {
    nodes.push({ id: `line-${i}`, kind: 'queue', name: `line-${i}`, fields: {} });
    nodes.push({
      id: `station-${i}`,
      kind: 'consumer-group',
      name: `station-${i}`,
      fields: { members, serviceTime: { shape: 'exponential', mean: serviceMs } },
    });
    edges.push(edge(i === 1 ? 'source' : `station-${i - 1}`, 'out', `line-${i}`));
    edges.push(edge(`line-${i}`, 'out', `station-${i}`));
  }
  return { ...newDesign('Stations'), nodes, edges };
}

/** Lanes of producer, queue and worker; a tenth of the tries fail and come back later; one dead-letter queue. */
function pipe(): Design {
  const nodes: DesignNode[] = [{ id: 'dead', kind: 'dead-letter-queue', name: 'dead', fields: {} }];
  const edges: DesignEdge[] = [];
  for (let i = 0; i < LANES; i++) {
    const fields = {
      members: 1,
      serviceTime: { shape: 'exponential', mean: 700 },
      failureProbability: 0.1,
      retryMode: 'later',
      backoff: 100,
      backoffFactor: 2,
      backoffJitter: 0.5,
      maxAttempts: 5,
    };
    nodes.push({ id: `source-${i}`, kind: 'producer', name: `source-${i}`, fields: { rate: 1 } });
    nodes.push({ id: `line-${i}`, kind: 'queue', name: `line-${i}`, fields: {} });
    nodes.push({ id: `worker-${i}`, kind: 'consumer-group', name: `worker-${i}`, fields });
    edges.push(edge(`source-${i}`, 'out', `line-${i}`));
    edges.push(edge(`line-${i}`, 'out', `worker-${i}`));
    edges.push(edge(`worker-${i}`, 'failed', 'dead'));
  }
  return { ...newDesign('Pipe'), nodes, edges };
}

function edge(from: string, fromPort: string, to: string): DesignEdge {
  return { id: `${from}-${fromPort}-to-${to}`, from, fromPort, to, toPort: 'in' };
}
