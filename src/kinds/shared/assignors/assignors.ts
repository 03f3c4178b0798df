import type { Assignor } from './assignment.ts';
import { assignRange } from './range-assignor.ts';
import { assignRoundRobin } from './round-robin-assignor.ts';
import { assignCooperativeSticky, assignSticky } from './sticky-assignor.ts';
import { assignUniform } from './uniform-assignor.ts';

/** An assignor by the place of its name in the options of a field. */
export interface NamedAssignor {
  name: string;
  assign: Assignor;
}

/** Assignors that the leader of a classic group runs: the options of the field `assignor`. */
export const ASSIGNORS: readonly NamedAssignor[] = [
  { name: 'range', assign: assignRange },
  { name: 'roundrobin', assign: assignRoundRobin },
  { name: 'sticky', assign: assignSticky },
  { name: 'cooperative-sticky', assign: assignCooperativeSticky },
];

/** Assignors of the broker, for the consumer protocol: the options of the field `remoteAssignor`. */
export const REMOTE_ASSIGNORS: readonly NamedAssignor[] = [
  { name: 'uniform', assign: assignUniform },
  { name: 'range', assign: assignRange },
];
