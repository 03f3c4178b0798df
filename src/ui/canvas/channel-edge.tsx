import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { useCanvas } from './canvas-state.ts';
import { captionLift } from './edge-geometry.ts';
import { fittingCaption, type ChannelEdge } from './flow-elements.ts';

/** An edge at rest: its line, arrowhead and label. While a run is drawn only the selection halo remains of it. */
export const Channel = memo(function Channel({ id, data, selected }: EdgeProps<ChannelEdge>) {
  const way = useCanvas((state) => state.edges.get(id));
  if (!way) return null;
  const label = fittingCaption(data?.caption ?? '', way.room);
  const lift = data ? captionLift(data.edge) : 0;
  return (
    <g className={`channel ${way.course}`}>
      {selected && <path className="channel-halo" d={way.d} />}
      <path
        className="channel-line"
        d={way.d}
        markerEnd={`url(#arrow-${way.course === 'flow' || way.course === 'request' ? 'flow' : way.course})`}
      />
      <path className="react-flow__edge-interaction channel-hit" d={way.d} />
      {label && (
        <text className="channel-label" x={way.middle.x} y={way.middle.y + 4 - lift}>
          {label}
          {label !== data?.caption && <title>{data?.caption}</title>}
        </text>
      )}
    </g>
  );
});

/** Arrowheads of the edges, one a colour. Rendered once a page. */
export function ArrowHeads() {
  return (
    <svg className="arrowheads" width="0" height="0" aria-hidden>
      <defs>
        {['flow', 'retry', 'dead'].map((course) => (
          <marker
            key={course}
            id={`arrow-${course}`}
            className={`arrowhead ${course}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M1 1 7 4 1 7" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
