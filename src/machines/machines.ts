import type { AnyStateMachine } from 'xstate';
import { circuitBreakerMachine } from './circuit-breaker.machine.ts';
import { groupCoordinatorMachine } from './group-coordinator.machine.ts';
import { groupMemberMachine } from './group-member.machine.ts';
import { partitionMachine } from './partition.machine.ts';
import { publisherConnectionMachine } from './publisher-connection.machine.ts';
import { sessionMachine } from './session.machine.ts';

/** Machines that nodes of a design run, compiled to tables. */
export const NODE_MACHINES: readonly AnyStateMachine[] = [
  groupCoordinatorMachine,
  groupMemberMachine,
  circuitBreakerMachine,
  partitionMachine,
  publisherConnectionMachine,
];

/** Machines of the app itself, run as actors. */
export const APP_MACHINES: readonly AnyStateMachine[] = [sessionMachine];
