import { Handle, Position, type NodeProps } from '@xyflow/react';
import { memo, type CSSProperties } from 'react';
import type { DesignNode } from '../../design/types.ts';
import type { PortDefinition } from '../../kinds/kind.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { useDesign, useStudio, useView } from '../app/studio-context.tsx';
import { KindTile } from '../look/glyph.tsx';
import { useCanvas, useCanvasStore } from './canvas-state.ts';
import { CardName } from './card-name.tsx';
import { LANES_MAX, laneCount, WORST_LANES } from '../../kinds/card-size.ts';
import { connectFrom, connectRole } from './connecting.ts';
import { ANY_SOURCE, ANY_TARGET, portPlace, type CardNode, type Place } from './flow-elements.ts';
import { restFigures } from './overlay/node-figures.ts';

const SIDES = { left: Position.Left, right: Position.Right, bottom: Position.Bottom } as const;

/**
 * A node as a card: everything about it that comes from the design. Gauge level, figures and badge are drawn over
 * it by the overlay while a run is there; its own figures show only at rest.
 */
export const Card = memo(function Card({ data, width = 0, height = 0 }: NodeProps<CardNode>) {
  const { node } = data;
  const definition = kindDefinition(node.kind);
  const connectingFrom = useView((view) => view.connectingFrom);
  const role = useDesign((state) => connectRole(state.design, connectingFrom, node));
  const down = useCanvas((state) => state.down.has(node.id));
  if (!definition) return <UnknownCard node={node} />;
  const style = { '--fam': `var(--fam-${definition.family})` } as CSSProperties;
  return (
    <div className="card" style={style} data-connect={role ?? undefined} data-down={down || undefined}>
      <Gauge />
      <span className="card-tile">
        <KindTile family={definition.family} glyph={definition.glyph} outlined={down} />
      </span>
      <CardName node={node} />
      <span className={definition.card.perLane ? 'card-rest upper' : 'card-rest'}>
        {restFigures(definition, node)}
      </span>
      {definition.card.perLane && <RestLanes lanes={laneCount(node)} />}
      {definition.ports.map((port) => (
        <PortHandle key={port.id} node={node} port={port} place={portPlace(port, width, height)} />
      ))}
      <EdgeEnds />
    </div>
  );
});

/** A kind that this version does not know: kept, dashed, with its kind's name, not simulated. */
function UnknownCard({ node }: { node: DesignNode }) {
  return (
    <div className="card unknown">
      <CardName node={node} />
      <span className="card-rest">{node.kind}, not known here</span>
      <EdgeEnds />
    </div>
  );
}

/** What React Flow ties every edge to, allowed by the kind or not; nobody can grab these. */
function EdgeEnds() {
  return (
    <>
      <Handle
        id={ANY_SOURCE}
        type="source"
        position={Position.Right}
        className="edge-end"
        isConnectable={false}
      />
      <Handle
        id={ANY_TARGET}
        type="target"
        position={Position.Left}
        className="edge-end"
        isConnectable={false}
      />
    </>
  );
}

/** The staff gauge at rest: an empty bed with its ticks at 25, 50 and 75 %. */
function Gauge() {
  return (
    <svg className="card-gauge" width="11" height="100%" aria-hidden>
      {['25%', '50%', '75%'].map((y) => (
        <line key={y} className="tick" x1="6" x2="10" y1={y} y2={y} />
      ))}
      <line className="side" x1="10.5" x2="10.5" y1="0" y2="100%" />
    </svg>
  );
}

/** Empty lanes of a topic that does not run. */
function RestLanes({ lanes }: { lanes: number }) {
  const shown = lanes > LANES_MAX ? WORST_LANES : lanes;
  return (
    <div className="card-lanes" aria-hidden>
      {Array.from({ length: shown }, (_unused, lane) => (
        <span className="card-lane" key={lane}>
          p{lane}
        </span>
      ))}
      {shown < lanes && <span className="card-lane rest-of-lanes">{lanes - shown} more</span>}
    </div>
  );
}

/** Where an edge can be drawn from or to: 32 px to hit, a small dot to see on hover and selection. */
function PortHandle({ node, port, place }: { node: DesignNode; port: PortDefinition; place: Place }) {
  const studio = useStudio();
  const store = useCanvasStore();
  const outgoing = port.direction === 'out';
  return (
    <Handle
      id={port.id}
      type={outgoing ? 'source' : 'target'}
      position={SIDES[port.side]}
      className={`port ${port.side}`}
      style={port.side === 'bottom' ? { left: place.x } : undefined}
      isConnectableStart={outgoing}
      title={outgoing ? `${port.label}…` : undefined}
      onClick={(event) => {
        if (!outgoing) return;
        event.stopPropagation();
        store.setState({ menu: null });
        connectFrom(studio, node.id, port.id);
      }}
    />
  );
}
