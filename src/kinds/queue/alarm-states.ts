import { compileMachine } from '../../machines/compile-machine.ts';
import { brokerAlarmMachine } from '../../machines/broker-alarm.machine.ts';

/** The alarms of a broker as a table, and their states and events by name. */
export const ALARM = compileMachine(brokerAlarmMachine);
