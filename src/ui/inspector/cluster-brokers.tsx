import type { Design, DesignNode } from '../../design/types.ts';
import { saysWhereKept } from '../../kinds/connections.ts';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { readNode } from './figures/node-reading.ts';
import { brokersOf, readPartitions, type PartitionReading } from './figures/replica-reading.ts';

/** The brokers of a Kafka cluster: which run, what they lead and hold, and a way to lose each. */
export function ClusterBrokers({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const design = useDesign((state) => state.design);
  const reading = frame && readNode(frame, node.id);
  if (!frame || !reading || !(reading.limit > 0)) return null;
  const partitions = topicsOf(design, node.id).flatMap((topic) => readPartitions(frame, topic));
  const down = brokersOf(reading.brokersDown);
  return (
    <section aria-label="Brokers">
      <h2>Brokers</h2>
      <ul className="members">
        {Array.from({ length: reading.limit }, (_, place) => place + 1).map((broker) => (
          <Broker
            key={broker}
            node={node}
            broker={broker}
            isDown={down.includes(broker)}
            partitions={partitions}
          />
        ))}
      </ul>
    </section>
  );
}

interface BrokerProps {
  node: DesignNode;
  broker: number;
  isDown: boolean;
  partitions: readonly PartitionReading[];
}

function Broker({ node, broker, isDown, partitions }: BrokerProps) {
  const studio = useStudio();
  const lost = useRun((run) => run.activeFaults).find(
    (fault) => fault.node === node.id && fault.fault === 'lose-broker' && fault.args.broker === broker,
  );
  const mine = partitions.filter(({ holders }) => holders.includes(broker));
  const leads = mine.filter(({ leader }) => leader === broker).length;
  const behind = mine.filter(({ inSync }) => !inSync.includes(broker)).length;
  const says = isDown
    ? 'down'
    : `leads ${leads} of ${mine.length}${behind > 0 ? `, behind in ${behind}` : ''}`;
  return (
    <li className={lost ? 'yours' : undefined}>
      <span className={`mark ${isDown ? 'dead' : behind > 0 ? 'moving' : 'alive'}`} aria-hidden>
        {isDown ? '×' : behind > 0 ? '⟲' : '●'}
      </span>
      <b>b{broker}</b>
      <span className="grow">{says}</span>
      <button
        type="button"
        className="link small"
        aria-label={`${lost ? 'Restore' : 'Lose'} b${broker}`}
        onClick={() =>
          lost ? studio.run.heal(lost.id) : studio.run.inject(node.id, 'lose-broker', { broker })
        }
      >
        {lost ? 'Restore' : 'Lose'}
      </button>
    </li>
  );
}

function topicsOf(design: Design, cluster: string): string[] {
  const kindOf = new Map(design.nodes.map(({ id, kind }) => [id, kind]));
  return design.edges
    .filter(({ from, fromPort, to }) => to === cluster && saysWhereKept(kindOf.get(from) ?? '', fromPort))
    .map(({ from }) => from);
}
