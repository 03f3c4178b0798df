import { designVerdict } from '../../simulation/verdict/verdict.ts';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { brokerTroubles, edgeTroubles, readLoads } from '../inspector/figures/load-reading.ts';
import { useNewestFrame } from './use-frame-tick.ts';

/** Load against capacity of the whole design, in one quiet sentence that leads to the node it is about. */
export function DesignLoad() {
  const studio = useStudio();
  const frame = useNewestFrame(1);
  const design = useDesign((state) => state.design);
  const faults = useRun((run) => run.activeFaults);
  if (!frame) return null;
  const brokers = brokerTroubles(frame, design);
  const troubles = [...edgeTroubles(design, faults), ...brokers.map(({ trouble }) => trouble)];
  const verdict = designVerdict(readLoads(frame, design), frame.layout.shape.edges, troubles);
  if (verdict.state === 'unknown') return null;
  const node = frame.layout.shape.nodes[verdict.cause >= 0 ? verdict.cause : verdict.node].id;
  const about = faults.find(({ edge }) => edge !== undefined)?.edge ?? brokers[0]?.topic ?? node;
  if (verdict.state === 'stable' && troubles.length === 0) {
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
