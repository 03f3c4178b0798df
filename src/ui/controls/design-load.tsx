import { designVerdict } from '../../simulation/verdict.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { readLoads } from '../inspector/load-reading.ts';
import { useNewestFrame } from './use-frame-tick.ts';

/** Load against capacity of the whole design, in one quiet sentence that leads to the node it is about. */
export function DesignLoad() {
  const studio = useStudio();
  const frame = useNewestFrame(1);
  const design = useDesign((state) => state.design);
  if (!frame) return null;
  const verdict = designVerdict(readLoads(frame, design));
  if (verdict.state === 'unknown') return null;
  const about = frame.layout.shape.nodes[verdict.cause >= 0 ? verdict.cause : verdict.node].id;
  if (verdict.state === 'stable') {
    return (
      <span className="design-load" title={verdict.text}>
        Stable
      </span>
    );
  }
  return (
    <button
      type="button"
      className="design-load"
      title={verdict.text}
      onClick={() => studio.edit.select([about])}
    >
      {verdict.text}
    </button>
  );
}
