import '@xyflow/react/dist/base.css';
import './canvas.css';
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { lazy, Suspense, useRef, useState } from 'react';
import { kindDefinition } from '../../kinds/registry.ts';
import { useDesign, useStudio, useView } from '../app/studio-context.tsx';
import { CanvasContext, createCanvasStore, useCanvas } from './canvas-state.ts';
import { Card } from './card.tsx';
import { ArrowHeads, Channel } from './channel-edge.tsx';
import { connectTo } from './connecting.ts';
import { ConnectionLine } from './connection-line.tsx';
import { EmptyCanvas } from './empty-canvas.tsx';
import { ZOOM_MAX, ZOOM_MIN } from './fit-view.ts';
import { GroupFrames } from './group-frames.tsx';
import { MessageKey } from './message-key.tsx';
import { NextGhost } from './next-ghost.tsx';
import { Overlay } from './overlay/overlay.tsx';
import { useCanvasKeys } from './use-canvas-keys.ts';
import { useFit } from './use-fit.ts';
import { useFlowElements } from './use-flow-elements.ts';
import { useFlowEvents } from './use-flow-events.ts';
import { usePlacing } from './use-placing.ts';
import { ZoomButtons } from './zoom-buttons.tsx';
import { ZoomStyle } from './zoom-style.tsx';

const CardMenu = lazy(() => import('./card-menu.tsx'));
const NODE_TYPES = { card: Card };
const EDGE_TYPES = { channel: Channel };
const SNAP: [number, number] = [8, 8];
const MULTI_SELECT_KEYS = ['Meta', 'Control'];
/** From this many cards on only those in view are in the page: 1,000 cards went from 7 to 59 frames a second. */
const MANY_CARDS = 150;

/** The canvas: React Flow for structure, one overlay for what lives, and the ways to place and to connect. */
export function DesignCanvas() {
  const [store] = useState(createCanvasStore);
  return (
    <CanvasContext value={store}>
      <ReactFlowProvider>
        <FlowPane />
      </ReactFlowProvider>
    </CanvasContext>
  );
}

function FlowPane() {
  const studio = useStudio();
  const pane = useRef<HTMLDivElement>(null);
  const elements = useFlowElements();
  const events = useFlowEvents(studio, elements.setDragged);
  const fit = useFit(studio, pane);
  useCanvasKeys(studio, pane);
  const place = usePlacing(studio);
  const placing = useView((view) => view.placing !== null);
  const connecting = useView((view) => view.connectingFrom !== null);
  const live = useCanvas((state) => state.live);
  const empty = useDesign((state) => state.design.nodes.length === 0);

  return (
    <div
      ref={pane}
      className="design-canvas"
      data-live={live || undefined}
      data-placing={placing || undefined}
      data-connecting={connecting || undefined}
      onDrop={place.onDrop}
      onDragOver={place.onDragOver}
    >
      <ReactFlow
        nodes={elements.nodes}
        edges={elements.edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        {...events}
        onNodeClick={(_event, node) => connectTo(studio, node.id)}
        onPaneClick={place.onPaneClick}
        connectionLineComponent={ConnectionLine}
        connectionRadius={28}
        connectOnClick={false}
        snapToGrid
        snapGrid={SNAP}
        minZoom={ZOOM_MIN}
        maxZoom={ZOOM_MAX}
        nodeDragThreshold={3}
        multiSelectionKeyCode={MULTI_SELECT_KEYS}
        deleteKeyCode={null}
        // Space is Play; the library would take it to move the view.
        panActivationKeyCode={null}
        zoomOnDoubleClick={false}
        elevateNodesOnSelect={false}
        disableKeyboardA11y
        onlyRenderVisibleElements={elements.nodes.length > MANY_CARDS}
        attributionPosition="top-right"
        aria-label="Design canvas"
      >
        <Background variant={BackgroundVariant.Cross} gap={64} size={7} lineWidth={1} />
        <ArrowHeads />
        <GroupFrames cards={elements.nodes} />
        <ZoomStyle pane={pane} />
      </ReactFlow>
      <Overlay scene={elements.scene} />
      {empty ? <EmptyCanvas /> : <NextGhost />}
      <MessageKey />
      <ZoomButtons onFit={() => fit()} />
      <Suspense>
        <CardMenu />
      </Suspense>
      <CanvasHint />
    </div>
  );
}

/** What the next click does while a kind or a connection is in hand. */
function CanvasHint() {
  const placing = useView((view) => (view.placing ? kindDefinition(view.placing) : undefined));
  const connecting = useView((view) => view.connectingFrom !== null);
  const name = placing?.name.toLowerCase();
  const text = name
    ? `Click where the ${name} should stand, or press Enter for the middle. Escape cancels.`
    : 'Click the card to connect to. Escape cancels.';
  if (!name && !connecting) return null;
  return (
    <p className="canvas-hint" role="status">
      {text}
    </p>
  );
}
