import { useState } from 'react';
import type { DesignNode } from '../../../design/types.ts';
import { partitionMachine } from '../../../machines/partition.machine.ts';
import { HEADER } from '../../../simulation/frame/frame-layout.ts';
import { useFrameTick } from '../../controls/use-frame-tick.ts';
import { LiveMachine } from './live-machine.tsx';
import { shownDiagram } from './shown-diagram.ts';
import { readPartitions, worstFirst, type PartitionReading } from '../figures/replica-reading.ts';

const DIAGRAM = shownDiagram(partitionMachine, {
  labels: { 'under-replicated': 'Under-repl.', 'under-min-isr': 'Below min' },
});
const ROWS = [
  ['online', 'under-replicated', 'under-min-isr'],
  ['leaderless', 'offline'],
];
/** Most partitions listed one by one; of more, those in trouble come first. */
const SHOWN = 12;

/** A partition of a replicated topic as its live statechart, and who leads each partition and is in sync. */
export default function PartitionMachine({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const [chosen, choose] = useState<number | null>(null);
  const partitions = frame ? readPartitions(frame, node.id) : [];
  if (!frame || partitions.length === 0) return null;
  const worst = worstFirst(partitions);
  const shown = partitions.find(({ partition }) => partition === chosen) ?? worst[0];
  const listed = partitions.length <= SHOWN ? partitions : worst.slice(0, SHOWN);
  return (
    <>
      <LiveMachine
        label="Partition state"
        heading={`p${shown.partition}`}
        diagram={DIAGRAM}
        rows={ROWS}
        current={shown.state}
        usual="online"
        forMs={frame.data[HEADER.simulatedMs] - shown.sinceMs}
      />
      <section aria-label="Replicas">
        <h2>Replicas</h2>
        <ul className="members">
          {listed.map((partition) => (
            <Partition
              key={partition.partition}
              partition={partition}
              onChoose={() => choose(partition.partition)}
            />
          ))}
        </ul>
        {partitions.length > listed.length && (
          <p className="note">{partitions.length - listed.length} more partitions</p>
        )}
      </section>
    </>
  );
}

function Partition({ partition, onChoose }: { partition: PartitionReading; onChoose: () => void }) {
  const { state, leader, holders, inSync } = partition;
  const mark = state === 'online' ? 'alive' : leader === 0 ? 'dead' : 'moving';
  const behind = holders.filter((broker) => !inSync.includes(broker));
  const led = leader === 0 ? 'no leader' : `leader b${leader}`;
  return (
    <li>
      <span className={`mark ${mark}`} aria-hidden>
        {mark === 'alive' ? '●' : mark === 'dead' ? '×' : '⟲'}
      </span>
      <b>p{partition.partition}</b>
      <span className="grow">
        {led}, in sync {inSync.map((broker) => `b${broker}`).join(' ')}
        {behind.length > 0 && `, not ${behind.map((broker) => `b${broker}`).join(' ')}`}
      </span>
      <button
        type="button"
        className="link small"
        onClick={onChoose}
        aria-label={`Show p${partition.partition}`}
      >
        Show
      </button>
    </li>
  );
}
