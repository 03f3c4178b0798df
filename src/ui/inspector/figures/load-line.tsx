import { verdictText } from '../../../simulation/verdict/verdict.ts';
import { useDesign } from '../../app/studio-context.tsx';
import { useNewestFrame } from '../../controls/use-frame-tick.ts';
import { readLoads } from './load-reading.ts';

/** Load against capacity of one node, in a sentence; nothing while it is not known or says nothing. */
export function LoadLine({ nodeId }: { nodeId: string }) {
  const frame = useNewestFrame(2);
  const design = useDesign((state) => state.design);
  const at = frame?.layout.shape.nodes.findIndex(({ id }) => id === nodeId) ?? -1;
  if (!frame || at < 0) return null;
  const loads = readLoads(frame, design);
  const node = loads[at];
  const { state } = node.verdict;
  // What has no capacity to compare with, such as a topic, is not calm because nothing arrives.
  if (state === 'unknown' || (state === 'stable' && Number.isNaN(node.capacityPerSecond))) return null;
  return (
    <p className="note" data-testid="load">
      {node.name} {verdictText(node, loads)}.
    </p>
  );
}
