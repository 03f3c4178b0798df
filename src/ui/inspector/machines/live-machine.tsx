import { ANY_STATE, type DiagramTransition, type MachineDiagram } from '../../../machines/diagram.ts';
import { duration } from '../../look/figures.ts';
import { Statechart } from './statechart.tsx';

interface LiveMachineProps {
  /** Names the section; the heading, where that is to say more. */
  label: string;
  heading?: string;
  diagram: MachineDiagram;
  /** Names of the states to draw, row by row. */
  rows: readonly (readonly string[])[];
  current: string;
  /** The state of a calm day, and others that are none out of the ordinary. */
  usual: string;
  calm?: readonly string[];
  forMs: number;
}

/** A machine with the state it is in, for how long, and what that means. */
export function LiveMachine(props: LiveMachineProps) {
  const { label, heading, diagram, rows, current, usual, calm = [], forMs } = props;
  return (
    <section aria-label={label}>
      <h2>
        {heading ?? label}, for {duration(forMs)}
      </h2>
      <Statechart
        states={diagram.states}
        transitions={diagram.transitions.map((way) => fromUsual(way, usual))}
        rows={rows}
        current={current}
        exceptional={current !== usual && !calm.includes(current)}
        width={272}
      />
      <p className="note">{diagram.states.find((state) => state.name === current)?.description}</p>
    </section>
  );
}

/** What can happen in any state is drawn from the one of a calm day: an arrow from each would hide the others. */
function fromUsual(way: DiagramTransition, usual: string): DiagramTransition {
  return way.from === ANY_STATE ? { ...way, from: usual } : way;
}
