import type { DesignNode } from '../../design/types.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { BADGE, HEADER } from '../../simulation/frame/frame-layout.ts';
import type { Frame } from '../../store/frames.ts';
import type { ActiveFault } from '../../store/run-store.ts';
import { badgeText, faultDefinition } from '../inspector/fault-text.ts';
import { readNode } from '../inspector/figures/node-reading.ts';
import { clockTime } from '../look/figures.ts';

/** A node is idle when nothing went in or out for this long, in simulated ms. */
const IDLE_AFTER_MS = 5000;

/** The state of a node in words: faults by hand first, then what the run made of it; empty when all is well. */
export function stateWords(
  node: DesignNode,
  nodes: readonly DesignNode[],
  frame: Frame,
  activeFaults: readonly ActiveFault[],
): string {
  const reading = readNode(frame, node.id);
  if (!reading) return 'not in the run';
  const faults = activeFaults
    .filter((fault) => fault.node === node.id)
    .map((fault) => {
      const definition = faultDefinition(node.kind, fault.fault);
      return definition ? badgeText(definition, fault.args) : fault.fault;
    });
  const blocker = frame.layout.shape.nodes[reading.blockedBy]?.id;
  const blockerName = nodes.find(({ id }) => id === blocker)?.name;
  const state = effectWord(node.kind, reading.badge, blockerName);
  if (faults.length > 0 || state) return [...faults, state].filter(Boolean).join(', ');
  const now = frame.data[HEADER.simulatedMs];
  if (reading.lastActiveMs >= 0 && now - reading.lastActiveMs > IDLE_AFTER_MS) {
    return `idle since ${clockTime(reading.lastActiveMs)}`;
  }
  return '';
}

function effectWord(kind: string, badge: number, blocker: string | undefined): string {
  switch (badge) {
    case BADGE.full:
      return kindDefinition(kind)?.fullBadge?.toLowerCase() ?? 'full';
    case BADGE.blocked:
      return blocker === undefined ? 'blocked' : `blocked by ${blocker}`;
    case BADGE.rebalancing:
      return 'rebalancing';
    case BADGE.failing:
      return 'failing';
    case BADGE.down:
      return 'down';
    default:
      return '';
  }
}

/** A sentence for each node that is in trouble, by its id: what the live region announces when it appears. */
export function exceptionSentences(
  nodes: readonly DesignNode[],
  frame: Frame,
  activeFaults: readonly ActiveFault[],
): Map<string, string> {
  const sentences = new Map<string, string>();
  for (const node of nodes) {
    const words = stateWords(node, nodes, frame, activeFaults);
    if (words && !words.startsWith('idle') && words !== 'not in the run') {
      sentences.set(node.id, `${node.name} is ${words[0].toLowerCase()}${words.slice(1)}.`);
    }
  }
  return sentences;
}
