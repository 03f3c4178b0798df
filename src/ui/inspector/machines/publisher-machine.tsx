import { diagramOf } from '../../../machines/diagram.ts';
import { publisherConnectionMachine } from '../../../machines/publisher-connection.machine.ts';
import { CONNECTION_STATES } from '../../../kinds/producer/connection-states.ts';
import { HEADER } from '../../../simulation/frame/frame-layout.ts';
import type { DesignNode } from '../../../design/types.ts';
import { useFrameTick } from '../../controls/use-frame-tick.ts';
import { LiveMachine } from './live-machine.tsx';
import { readNode } from '../figures/node-reading.ts';

const DIAGRAM = diagramOf(publisherConnectionMachine);
const ROWS = [['running', 'flow'], ['blocked']];

/** The connection of a publisher as its live statechart; nothing for a producer without one. */
export default function PublisherMachine({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const reading = frame && readNode(frame, node.id);
  if (!frame || !reading || !(reading.connection >= 0)) return null;
  return (
    <LiveMachine
      label="Connection"
      diagram={DIAGRAM}
      rows={ROWS}
      current={CONNECTION_STATES[reading.connection]}
      usual="running"
      forMs={frame.data[HEADER.simulatedMs] - reading.connectionSinceMs}
    />
  );
}
