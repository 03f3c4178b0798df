import './group-frames.css';
import { ViewportPortal } from '@xyflow/react';
import { useState } from 'react';
import { groupMembers, renameGroupEdit } from '../../design/grouping.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import type { CardNode } from './flow-elements.ts';
import { groupFrames, type GroupFrame } from './group-geometry.ts';

/** A frame with its name round the cards of each group; a click on the name selects them all. */
export function GroupFrames({ cards }: { cards: readonly CardNode[] }) {
  const groups = useDesign((state) => state.design.groups);
  const nodes = useDesign((state) => state.design.nodes);
  if (groups.length === 0) return null;
  return (
    <ViewportPortal>
      {groupFrames(groups, nodes, cards).map((frame) => (
        <Frame key={frame.id} frame={frame} />
      ))}
    </ViewportPortal>
  );
}

function Frame({ frame }: { frame: GroupFrame }) {
  const studio = useStudio();
  const [renaming, setRenaming] = useState(false);
  const { id, name, x, y, width, height } = frame;
  const end = (text: string | null) => {
    setRenaming(false);
    const wanted = text?.trim();
    const { design } = studio.designs.getState();
    if (wanted && wanted !== name) studio.edit.dispatch(renameGroupEdit(design, id, wanted));
  };
  return (
    <div className="group-frame" style={{ transform: `translate(${x}px, ${y}px)`, width, height }}>
      {renaming ? (
        <input
          className="group-name nodrag nopan"
          aria-label={`Name of the group ${name}`}
          defaultValue={name}
          maxLength={200}
          spellCheck={false}
          ref={(field) => field?.select()}
          onBlur={(event) => end(event.target.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Enter') end(event.currentTarget.value);
            if (event.key === 'Escape') end(null);
          }}
        />
      ) : (
        <button
          type="button"
          className="group-name nodrag nopan"
          title="Click to select what is in it, double-click to rename"
          onClick={() => studio.edit.select(groupMembers(studio.designs.getState().design, id))}
          onDoubleClick={() => setRenaming(true)}
        >
          {name}
        </button>
      )}
    </div>
  );
}
