import './fields/fields.css';
import './inspector.css';
import PanelRightClose from 'lucide-react/icons/panel-right-close';
import { lazy, Suspense, useEffect } from 'react';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { DesignInspector } from './design-inspector.tsx';

const loadNode = () => import('./node-inspector.tsx');
const loadEdge = () => import('./edge-inspector.tsx');
const loadSelection = () => import('./selection-inspector.tsx');
const NodeInspector = lazy(async () => ({ default: (await loadNode()).NodeInspector }));
const EdgeInspector = lazy(async () => ({ default: (await loadEdge()).EdgeInspector }));
const SelectionInspector = lazy(async () => ({ default: (await loadSelection()).SelectionInspector }));

/** What is selected, from what it is down to its fields; the design itself when nothing is. */
export function Inspector() {
  const studio = useStudio();
  // Nothing is selected at first: these come after the first load and before they are needed.
  useEffect(() => void Promise.all([loadNode(), loadEdge(), loadSelection()]), []);
  return (
    <aside className="inspector" aria-label="Inspector">
      <Suspense>
        <Selected />
      </Suspense>
      <button
        type="button"
        className="btn icon small close-inspector"
        aria-label="Close the inspector"
        title="Close the inspector (I)"
        onClick={() => studio.view.setState({ inspectorOpen: false })}
      >
        <PanelRightClose size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </aside>
  );
}

function Selected() {
  const { nodes, edges } = useDesign((state) => state.selection);
  const design = useDesign((state) => state.design);
  const selectedNodes = design.nodes.filter((node) => nodes.has(node.id));
  const selectedEdges = design.edges.filter((edge) => edges.has(edge.id));
  if (selectedNodes.length === 1 && selectedEdges.length === 0) {
    return <NodeInspector key={selectedNodes[0].id} node={selectedNodes[0]} />;
  }
  if (selectedNodes.length === 0 && selectedEdges.length === 1) {
    return <EdgeInspector key={selectedEdges[0].id} edge={selectedEdges[0]} />;
  }
  if (selectedNodes.length + selectedEdges.length > 1) {
    return <SelectionInspector nodes={selectedNodes.length} edges={selectedEdges.length} />;
  }
  return <DesignInspector />;
}
