import type { DesignNode } from '../../../design/types.ts';
import { resolveFields } from '../../../kinds/field-values.ts';
import { retryMachine } from '../../../machines/retry.machine.ts';
import { useFrameTick } from '../../controls/use-frame-tick.ts';
import { count, duration } from '../../look/figures.ts';
import { nodeIndex, readNode, readStages, type NodeReading } from '../figures/node-reading.ts';
import { NowTable } from '../figures/now-table.tsx';
import { shownDiagram } from './shown-diagram.ts';
import { Statechart } from './statechart.tsx';
import type { Frame } from '../../../store/frames.ts';

const SHORT_LABELS: Readonly<Record<string, string>> = {
  attempting: 'Trying',
  'in-retry-topic': 'Retry topic',
};

/** Where the messages of a group are on their way through their tries, once one has failed; and its retry topics. */
export default function RetryMachine({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const reading = frame && readNode(frame, node.id);
  if (!frame || !reading) return null;
  const stages = readStages(frame, node.id);
  return (
    <>
      {reading.failedTotal > 0 && <Tries waits={waitingState(frame, node)} reading={reading} />}
      {stages.length > 0 && (
        <NowTable
          title="Retry topics"
          rows={stages.map(({ suffix, delayMs, waiting, came }) => ({
            label: `…${suffix}`,
            value: `${count(waiting)} wait`,
            beside: `${duration(delayMs)} each, ${count(came)} came`,
          }))}
        />
      )}
    </>
  );
}

function Tries({ waits, reading }: { waits: string; reading: NodeReading }) {
  const { states, transitions } = shownDiagram(retryMachine, {
    only: [waits, 'attempting', 'dead', 'done'],
    labels: SHORT_LABELS,
  });
  const counts = {
    attempting: reading.attempting,
    dead: reading.deadLettered + reading.dropped,
    ...(waits === 'backing-off' ? { [waits]: reading.backingOff } : {}),
    ...(waits === 'set-aside' || waits === 'in-retry-topic' ? { [waits]: reading.setAside } : {}),
  };
  return (
    <section aria-label="Tries of its messages">
      <h2>Tries of its messages</h2>
      <Statechart
        states={states}
        transitions={transitions}
        rows={[
          [waits, 'attempting'],
          ['dead', 'done'],
        ]}
        current={null}
        exceptional={false}
        width={272}
        counts={counts}
      />
    </section>
  );
}

/** Where a message of this group waits for its next try. */
function waitingState(frame: Frame, node: DesignNode): string {
  const { nodes, edges } = frame.layout.shape;
  const self = nodeIndex(frame, node.id);
  const readsQueue = edges.some(({ from, to }) => to === self && nodes[from].kind === 'queue');
  const { onFailure, retryMode } = resolveFields(node);
  if (readsQueue && onFailure !== 'retry') return 'handed-back';
  if (retryMode === 'topics') return 'in-retry-topic';
  return retryMode === 'later' ? 'set-aside' : 'backing-off';
}
