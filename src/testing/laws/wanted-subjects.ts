import { readSubjects } from '../../kinds/cloud-broker/subjects.ts';
import type { Address } from '../../kinds/shared/addresses.ts';
import type { Scene } from './law.ts';

/** What becomes of a message that is published to a stream with subjects. */
export interface Wanted {
  /** Edges to consumers whose filter takes it. */
  takers: number[];
  /** Whether it is of a subject of the stream, and whether that keeps it. */
  isStored: boolean;
  isKept: boolean;
}

/** Who wants a message of an address, told by expressions of its own; null for a broker without subjects. */
export function wantedBy({ sim, kinds, fields }: Scene, node: number, address: number): Wanted | null {
  const { profile, subjects, retention } = fields[node];
  if (profile !== 'jetstream' || readSubjects(subjects as string).length === 0) return null;
  const addresses = Reflect.get(kinds.clouds, 'addresses') as { list: readonly Address[] };
  const filters = Reflect.get(kinds.clouds, 'filters') as readonly string[];
  const { routingKey } = addresses.list[address];
  const isStored = readSubjects(subjects as string).some((subject) => expressionOf(subject).test(routingKey));
  const { outEdges, outStart } = sim.plan;
  const readers = [...outEdges.subarray(outStart[node], outStart[node + 1])].filter(
    (edge) => kinds.clouds.waitingFor(edge) !== undefined,
  );
  const takers = readers.filter(
    (edge) => filters[edge] === '' || expressionOf(filters[edge]).test(routingKey),
  );
  return {
    takers: isStored ? takers : [],
    isStored,
    isKept: isStored && (takers.length > 0 || retention !== 'interest'),
  };
}

function expressionOf(subject: string): RegExp {
  const tokens = subject.split('.').map((token) => {
    if (token === '>') return '.+';
    return token === '*' ? '[^.]+' : token.replace(/[^a-z0-9]/gi, '\\$&');
  });
  return new RegExp(`^${tokens.join('\\.')}$`);
}
