import type { AnyStateMachine } from 'xstate';
import { groupCoordinatorMachine } from './group-coordinator.machine.ts';
import { groupMemberMachine } from './group-member.machine.ts';

/** Machines that nodes of a design run, compiled to tables; every one is walked by a test and drawn in DIAGRAMS.md. */
export const NODE_MACHINES: readonly AnyStateMachine[] = [groupCoordinatorMachine, groupMemberMachine];
