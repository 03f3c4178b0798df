import AlignCenterHorizontal from 'lucide-react/icons/align-center-horizontal';
import AlignCenterVertical from 'lucide-react/icons/align-center-vertical';
import AlignEndHorizontal from 'lucide-react/icons/align-end-horizontal';
import AlignEndVertical from 'lucide-react/icons/align-end-vertical';
import AlignHorizontalSpaceBetween from 'lucide-react/icons/align-horizontal-space-between';
import AlignStartHorizontal from 'lucide-react/icons/align-start-horizontal';
import AlignStartVertical from 'lucide-react/icons/align-start-vertical';
import AlignVerticalSpaceBetween from 'lucide-react/icons/align-vertical-space-between';
import { groupEdit } from '../../design/grouping.ts';
import type { Studio } from '../../store/studio.ts';
import { useStudio } from '../app/studio-context.tsx';

const ALIGNMENTS = [
  { how: 'left', label: 'Align left edges', Icon: AlignStartVertical },
  { how: 'center', label: 'Align centres across', Icon: AlignCenterVertical },
  { how: 'right', label: 'Align right edges', Icon: AlignEndVertical },
  { how: 'spread-across', label: 'Spread evenly across', Icon: AlignHorizontalSpaceBetween },
  { how: 'top', label: 'Align top edges', Icon: AlignStartHorizontal },
  { how: 'middle', label: 'Align middles', Icon: AlignCenterHorizontal },
  { how: 'bottom', label: 'Align bottom edges', Icon: AlignEndHorizontal },
  { how: 'spread-down', label: 'Spread evenly down', Icon: AlignVerticalSpaceBetween },
] as const;

/** Several at once: how many, and what can be done to all of them. */
export function SelectionInspector({ nodes, edges }: { nodes: number; edges: number }) {
  const studio = useStudio();
  return (
    <>
      <header>
        <div className="what">
          <h1>{selectionText(nodes, edges)}</h1>
          <p className="kind">Selected</p>
        </div>
      </header>
      {nodes > 1 && (
        <section>
          <h2>Align</h2>
          <div className="align-grid">
            {ALIGNMENTS.map(({ how, label, Icon }) => (
              <button
                key={how}
                type="button"
                className="btn line icon"
                aria-label={label}
                title={label}
                onClick={() => studio.edit.align(how)}
              >
                <Icon size={18} strokeWidth={1.75} aria-hidden />
              </button>
            ))}
          </div>
        </section>
      )}
      <div className="actions">
        {nodes > 0 && (
          <button type="button" className="btn line" onClick={() => studio.edit.duplicateSelection()}>
            Duplicate
          </button>
        )}
        {nodes > 1 && (
          <button type="button" className="btn line" onClick={() => groupSelection(studio)}>
            Group
          </button>
        )}
        <button type="button" className="btn line" onClick={() => studio.edit.deleteSelection()}>
          Delete
        </button>
      </div>
    </>
  );
}

/** "3 nodes and 1 edge". */
export function selectionText(nodes: number, edges: number): string {
  const parts = [
    nodes > 0 ? `${nodes} ${nodes === 1 ? 'node' : 'nodes'}` : '',
    edges > 0 ? `${edges} ${edges === 1 ? 'edge' : 'edges'}` : '',
  ];
  return parts.filter(Boolean).join(' and ');
}

function groupSelection(studio: Studio): void {
  const { design, selection } = studio.designs.getState();
  const edit = groupEdit(design, selection.nodes);
  if (edit) studio.edit.dispatch(edit);
}
