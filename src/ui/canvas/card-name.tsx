import { useEffect, useRef } from 'react';
import type { DesignNode } from '../../design/types.ts';
import { useStudio } from '../app/studio-context.tsx';
import { useCanvas, useCanvasStore } from './canvas-state.ts';

/** The name on a card; a double click or F2 turns it into a field. */
export function CardName({ node }: { node: DesignNode }) {
  const store = useCanvasStore();
  const renaming = useCanvas((state) => state.renaming === node.id);
  if (renaming) return <NameField node={node} />;
  return (
    <span
      className="card-name"
      title={node.name}
      onDoubleClick={(event) => {
        event.stopPropagation();
        store.setState({ renaming: node.id });
      }}
    >
      {node.name}
    </span>
  );
}

function NameField({ node }: { node: DesignNode }) {
  const studio = useStudio();
  const store = useCanvasStore();
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);
  const end = (keep: boolean) => {
    if (done.current) return;
    done.current = true;
    const name = field.current?.value.trim() ?? '';
    const card = field.current?.closest<HTMLElement>('.react-flow__node');
    if (keep && name && name !== node.name)
      studio.edit.dispatch({ type: 'rename-node', node: node.id, name });
    store.setState({ renaming: null });
    if (document.activeElement === field.current) card?.focus();
  };
  return (
    <input
      ref={field}
      className="card-name name-field nodrag nopan"
      aria-label={`Name of ${node.name}`}
      defaultValue={node.name}
      maxLength={200}
      spellCheck={false}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') end(true);
        if (event.key === 'Escape') end(false);
      }}
    />
  );
}
