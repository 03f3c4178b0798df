import type { AnyStateMachine } from 'xstate';
import { brokerAlarmMachine } from './broker-alarm.machine.ts';
import { circuitBreakerMachine } from './circuit-breaker.machine.ts';
import { databaseMachine } from './database.machine.ts';
import { groupCoordinatorMachine } from './group-coordinator.machine.ts';
import { groupMemberMachine } from './group-member.machine.ts';
import { groupTransactionMachine } from './group-transaction.machine.ts';
import { kafkaClientMachine } from './kafka-client.machine.ts';
import { linkMachine } from './link.machine.ts';
import { partitionMachine } from './partition.machine.ts';
import { publisherConnectionMachine } from './publisher-connection.machine.ts';
import { queueMachine } from './queue.machine.ts';
import { retryMachine } from './retry.machine.ts';
import { serviceMachine } from './service.machine.ts';
import { sessionMachine } from './session.machine.ts';
import { transactionMachine } from './transaction.machine.ts';

/** Machines that nodes of a design run, compiled to tables. */
export const NODE_MACHINES: readonly AnyStateMachine[] = [
  groupCoordinatorMachine,
  groupMemberMachine,
  circuitBreakerMachine,
  partitionMachine,
  publisherConnectionMachine,
  brokerAlarmMachine,
  kafkaClientMachine,
  transactionMachine,
  groupTransactionMachine,
  queueMachine,
  retryMachine,
  serviceMachine,
  databaseMachine,
  linkMachine,
];

/** Machines of the app itself, run as actors. */
export const APP_MACHINES: readonly AnyStateMachine[] = [sessionMachine];
