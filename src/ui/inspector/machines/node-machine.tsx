import type { DesignNode } from '../../../design/types.ts';
import { compileMachine } from '../../../machines/compile-machine.ts';
import { diagramOf } from '../../../machines/diagram.ts';
import { brokerAlarmMachine } from '../../../machines/broker-alarm.machine.ts';
import { databaseMachine } from '../../../machines/database.machine.ts';
import { kafkaClientMachine } from '../../../machines/kafka-client.machine.ts';
import { queueMachine } from '../../../machines/queue.machine.ts';
import { serviceMachine } from '../../../machines/service.machine.ts';
import { transactionMachine } from '../../../machines/transaction.machine.ts';
import { HEADER } from '../../../simulation/frame/frame-layout.ts';
import { useFrameTick } from '../../controls/use-frame-tick.ts';
import { LiveMachine } from './live-machine.tsx';
import { shownDiagram } from './shown-diagram.ts';
import { readNode } from '../figures/node-reading.ts';

const QUEUE = {
  label: 'Queue state',
  usual: 'open',
  rows: [['open'], ['blocking', 'refusing', 'pushing-out']],
  states: compileMachine(queueMachine).states,
  diagram: diagramOf(queueMachine),
};
const SERVICE = {
  label: 'Service state',
  usual: 'up',
  rows: [
    ['up', 'limited', 'overloaded'],
    ['refusing', 'silent'],
  ],
  states: compileMachine(serviceMachine).states,
  diagram: diagramOf(serviceMachine),
};
const DATABASE = {
  label: 'Database state',
  usual: 'up',
  rows: [['up', 'full', 'stopped']],
  states: compileMachine(databaseMachine).states,
  diagram: diagramOf(databaseMachine),
};
const CLIENT = {
  label: 'Client state',
  usual: 'sending',
  rows: [['sending', 'retrying', 'blocked']],
  states: compileMachine(kafkaClientMachine).states,
  diagram: diagramOf(kafkaClientMachine),
};
const OF_KIND: Readonly<Record<string, typeof QUEUE | typeof SERVICE | typeof DATABASE | typeof CLIENT>> = {
  queue: QUEUE,
  service: SERVICE,
  database: DATABASE,
  producer: CLIENT,
};

const TRANSACTION_STATES = compileMachine(transactionMachine).states;
const TRANSACTION = shownDiagram(transactionMachine, { labels: { 'in-transaction': 'Open' } });
const TRANSACTION_ROWS = [
  ['ready', 'in-transaction', 'flushing'],
  ['committing', 'aborting', 'leaving'],
];

const ALARM = {
  states: compileMachine(brokerAlarmMachine).states,
  rows: [['clear'], ['memory', 'disk'], ['both']],
  diagram: diagramOf(brokerAlarmMachine),
};

/** The machine of a queue, a service, a database or a Kafka client as its live statechart, and those of a broker's alarms and a producer's transactions. */
export default function NodeMachine({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const reading = frame && readNode(frame, node.id);
  if (!frame || !reading) return null;
  const nowMs = frame.data[HEADER.simulatedMs];
  const machine = reading.machineState >= 0 ? OF_KIND[node.kind] : undefined;
  return (
    <>
      {machine && (
        <LiveMachine
          label={machine.label}
          diagram={machine.diagram}
          rows={machine.rows}
          current={machine.states[reading.machineState]}
          usual={machine.usual}
          forMs={nowMs - reading.machineSinceMs}
        />
      )}
      {reading.alarm >= 0 && (
        <LiveMachine
          label="Alarms of the broker"
          diagram={ALARM.diagram}
          rows={ALARM.rows}
          current={ALARM.states[reading.alarm]}
          usual="clear"
          forMs={nowMs - reading.alarmSinceMs}
        />
      )}
      {reading.transaction >= 0 && (
        <LiveMachine
          label="Transaction"
          diagram={transactionNow(TRANSACTION_STATES[reading.transaction])}
          rows={TRANSACTION_ROWS}
          current={TRANSACTION_STATES[reading.transaction]}
          usual="ready"
          calm={['in-transaction', 'flushing', 'committing']}
          forMs={nowMs - reading.transactionSinceMs}
        />
      )}
    </>
  );
}

/** All three ends lead back to the beginning, of which only the one that comes next is drawn. */
function transactionNow(current: string): typeof TRANSACTION {
  const transitions = TRANSACTION.transitions.filter(({ from, to }) => to !== 'ready' || from === current);
  return { ...TRANSACTION, transitions };
}
