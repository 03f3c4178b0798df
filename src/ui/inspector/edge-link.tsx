import { compileMachine } from '../../machines/compile-machine.ts';
import { diagramOf } from '../../machines/diagram.ts';
import { linkMachine } from '../../machines/link.machine.ts';
import { HEADER } from '../../simulation/frame/frame-layout.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { LiveMachine } from './machines/live-machine.tsx';
import { readEdge } from './figures/node-reading.ts';

const STATES = compileMachine(linkMachine).states;
const DIAGRAM = diagramOf(linkMachine);
const ROWS = [
  ['up', 'catching-up'],
  ['slow', 'lossy', 'cut'],
];

/** The network under an edge as its live statechart, once it has been in trouble. */
export default function EdgeLink({ edge }: { edge: string }) {
  const frame = useFrameTick(4);
  const reading = frame && readEdge(frame, edge);
  if (!frame || !reading || (STATES[reading.link] === 'up' && reading.linkSinceMs === 0)) return null;
  return (
    <LiveMachine
      label="Network"
      diagram={DIAGRAM}
      rows={ROWS}
      current={STATES[reading.link]}
      usual="up"
      forMs={frame.data[HEADER.simulatedMs] - reading.linkSinceMs}
    />
  );
}
