import { useId } from 'react';
import type { DiagramState, DiagramTransition } from '../../../machines/diagram.ts';
import { count } from '../../look/figures.ts';
import { layOutStatechart } from './statechart-layout.ts';

interface StatechartProps {
  states: readonly DiagramState[];
  transitions: readonly DiagramTransition[];
  /** Names of states row by row, from the top. */
  rows: readonly (readonly string[])[];
  /** Name of the state it is in; null where many instances are in several. */
  current: string | null;
  /** True while the state is not where the machine wants to be. */
  exceptional: boolean;
  width: number;
  /** Where many instances are at once: how many of them are in a state. Those without a number are not counted. */
  counts?: Readonly<Record<string, number>>;
}

/** A machine as its statechart: the current state filled, the ways out of it drawn stronger. */
export function Statechart(props: StatechartProps) {
  const { states, transitions, rows, current, exceptional, width, counts = {} } = props;
  const layout = layOutStatechart(states, transitions, rows, width, Object.keys(counts));
  const isOn = (state: string) => state === current || counts[state] > 0;
  const tone = exceptional ? 'pressure' : 'flow';
  const markers = useId();
  return (
    <svg
      className={`statechart ${tone}`}
      viewBox={`0 0 ${width} ${layout.height}`}
      width={width}
      height={layout.height}
      role="img"
      aria-label={spoken(states, current, counts)}
    >
      <defs>
        {['idle', 'hot'].map((kind) => (
          <marker
            key={kind}
            id={`${markers}${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="9"
            markerHeight="9"
            orient="auto"
          >
            <path className={kind === 'hot' ? 'head hot' : 'head'} d="M1 1 7 4 1 7" />
          </marker>
        ))}
      </defs>
      {layout.edges.map((edge) => {
        const hot = isOn(edge.from);
        return (
          <path
            key={`${edge.from} ${edge.to}`}
            className={hot ? 'way hot' : 'way'}
            d={edge.path}
            markerEnd={`url(#${markers}${hot ? 'hot' : 'idle'})`}
          >
            <title>{edge.events.join(', ')}</title>
          </path>
        );
      })}
      {layout.pills.map((pill) => (
        <g key={pill.name} className={isOn(pill.name) ? 'state on' : 'state'}>
          <title>{pill.description}</title>
          <rect x={pill.x} y={pill.y} width={pill.width} height={26} rx={13} />
          <text x={pill.x + pill.width / 2} y={pill.y + 17.3}>
            {pill.name in counts ? `${pill.label} ${count(counts[pill.name])}` : pill.label}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** "State: Open", or how many are in each state. */
function spoken(
  states: readonly DiagramState[],
  current: string | null,
  counts: Readonly<Record<string, number>>,
): string {
  const labelOf = (name: string) => states.find((state) => state.name === name)?.label ?? name;
  if (current !== null) return `State: ${labelOf(current)}`;
  const all = Object.entries(counts).map(([name, number]) => `${labelOf(name)} ${count(number)}`);
  return `States: ${all.join(', ')}`;
}
