import { diagramOf } from '../../machines/diagram.ts';
import { publisherConnectionMachine } from '../../machines/publisher-connection.machine.ts';
import { CONNECTION_STATES } from '../../kinds/producer/connection-states.ts';
import { HEADER } from '../../simulation/frame-layout.ts';
import type { DesignNode } from '../../design/types.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { duration } from '../look/figures.ts';
import { readNode } from './node-reading.ts';
import { Statechart } from './statechart.tsx';

const DIAGRAM = diagramOf(publisherConnectionMachine);
const ROWS = [['running', 'flow'], ['blocked']];

/** The connection of a publisher as its live statechart; nothing for a producer without one. */
export default function PublisherMachine({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const reading = frame && readNode(frame, node.id);
  if (!frame || !reading || !(reading.connection >= 0)) return null;
  const current = CONNECTION_STATES[reading.connection];
  return (
    <section aria-label="Connection">
      <h2>Connection, for {duration(frame.data[HEADER.simulatedMs] - reading.connectionSinceMs)}</h2>
      <Statechart
        states={DIAGRAM.states}
        transitions={DIAGRAM.transitions}
        rows={ROWS}
        current={current}
        exceptional={current !== 'running'}
        width={272}
      />
      <p className="note">{DIAGRAM.states.find((state) => state.name === current)?.description}</p>
    </section>
  );
}
