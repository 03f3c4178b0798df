import type { DesignNode } from '../../design/types.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { diagramOf } from '../../machines/diagram.ts';
import { kafkaClientMachine } from '../../machines/kafka-client.machine.ts';
import { queueMachine } from '../../machines/queue.machine.ts';
import { serviceMachine } from '../../machines/service.machine.ts';
import { transactionMachine } from '../../machines/transaction.machine.ts';
import { HEADER } from '../../simulation/frame-layout.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { LiveMachine } from './live-machine.tsx';
import { readNode } from './node-reading.ts';

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
const CLIENT = {
  label: 'Client state',
  usual: 'sending',
  rows: [['sending', 'retrying', 'blocked']],
  states: compileMachine(kafkaClientMachine).states,
  diagram: diagramOf(kafkaClientMachine),
};
const OF_KIND: Readonly<Record<string, typeof QUEUE | typeof SERVICE | typeof CLIENT>> = {
  queue: QUEUE,
  service: SERVICE,
  producer: CLIENT,
};

const TRANSACTION_STATES = compileMachine(transactionMachine).states;
const WHOLE = diagramOf(transactionMachine);
const TRANSACTION = {
  ...WHOLE,
  states: WHOLE.states.map((state) =>
    state.name === 'in-transaction' ? { ...state, label: 'Open' } : state,
  ),
};
const TRANSACTION_ROWS = [
  ['ready', 'in-transaction', 'flushing'],
  ['committing', 'aborting', 'leaving'],
];

/** The machine of a queue, a service or a Kafka client as its live statechart, and that of a producer's transactions. */
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
      {reading.transaction >= 0 && (
        <LiveMachine
          label="Transaction"
          diagram={transactionNow(TRANSACTION_STATES[reading.transaction])}
          rows={TRANSACTION_ROWS}
          current={TRANSACTION_STATES[reading.transaction]}
          usual={TRANSACTION_STATES[reading.transaction]}
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
