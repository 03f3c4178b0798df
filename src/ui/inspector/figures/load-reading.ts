import type { Design } from '../../../design/types.ts';
import { HEADER, NODE } from '../../../simulation/frame/frame-layout.ts';
import { logTroubles, type KeptPartition } from '../../../simulation/verdict/log-troubles.ts';
import { LOAD_STATES, type JudgedNode, type Trouble } from '../../../simulation/verdict/verdict.ts';
import type { Frame } from '../../../store/frames.ts';
import type { ActiveFault } from '../../../store/run-store.ts';
import { isQueue } from '../../../kinds/kind-roles.ts';
import { HINDRANCES } from '../../../kinds/node-behavior.ts';
import { siteOf } from '../../../kinds/fault-site.ts';
import { badgeText } from '../fault-text.ts';
import { readPartitions } from './replica-reading.ts';

/** How every node of a frame stands under its load, in the order of the frame. */
export function readLoads({ layout, data }: Frame, design: Design): JudgedNode[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  return layout.shape.nodes.map(({ id }, index) => {
    const at = layout.node(index);
    const state = LOAD_STATES[data[at + NODE.loadState]] ?? 'unknown';
    return {
      name: nodes.get(id)?.name || id,
      isQueue: isQueue(nodes.get(id)?.kind ?? ''),
      verdict: {
        state,
        isSaturated: data[at + NODE.isSaturated] === 1,
        inMs: data[at + NODE.fullOrDrainedInMs],
      },
      offeredPerSecond: data[at + NODE.offeredPerSecond],
      capacityPerSecond: data[at + NODE.capacityPerSecond],
      waitsFor: data[at + NODE.loadWaitsFor],
      sinceMs: data[at + NODE.loadSinceMs],
      hindrance: HINDRANCES[data[at + NODE.loadHindrance]] ?? 'none',
      notReady: { retries: data[at + NODE.delayed], letters: data[at + NODE.lettersWaiting] },
    };
  });
}

/** The edges in trouble now, as the verdict on the design names them. */
export function edgeTroubles(design: Design, faults: readonly ActiveFault[]): Trouble[] {
  return faults
    .filter(({ edge }) => edge !== undefined)
    .map(({ edge, fault, args, sinceMs }) => {
      const site = siteOf({ edge }, design);
      const known = site?.faults.find(({ id }) => id === fault);
      const badge = known ? badgeText(known, args) : fault;
      return {
        of: 'Network',
        name: site?.name ?? edge!,
        says: badge.charAt(0).toLowerCase() + badge.slice(1),
        sinceMs,
      };
    });
}

/** The topics with partitions that their brokers do not serve now, and what is to be said of them. */
export function brokerTroubles(frame: Frame, design: Design): { topic: string; trouble: Trouble }[] {
  return design.nodes
    .filter(({ kind }) => kind === 'topic')
    .flatMap(({ id, name }) => {
      const kept = readPartitions(frame, id).flatMap(({ state, ...rest }): KeptPartition[] =>
        state === 'none' ? [] : [{ ...rest, state }],
      );
      return logTroubles(name, kept, frame.data[HEADER.simulatedMs]).map((trouble) => ({
        topic: id,
        trouble,
      }));
    });
}
