import type { Design } from '../../../design/types.ts';
import { siteOf } from '../../../kinds/fault-site.ts';
import type { Frame } from '../../../store/frames.ts';
import type { ActiveFault } from '../../../store/run-store.ts';
import { clockTime, count } from '../../look/figures.ts';
import type { Explanation } from './explain-node.ts';
import { counted, type Part } from './explanation-parts.ts';
import { badgeText } from '../fault-text.ts';
import { readEdge, type EdgeReading } from '../figures/node-reading.ts';

interface Evidence {
  design: Design;
  frame: Frame;
  activeFaults: readonly ActiveFault[];
}

/** Why an edge is as it is: the faults of its network, and what they do to what passes. Null without one. */
export function explainEdge({ design, frame, activeFaults }: Evidence, id: string): Explanation | null {
  const edge = design.edges.find((candidate) => candidate.id === id);
  const faults = activeFaults.filter((fault) => fault.edge === id);
  const reading = readEdge(frame, id);
  if (!edge || !reading || faults.length === 0) return null;
  const part = (node: string): Part => ({
    node,
    name: design.nodes.find((candidate) => candidate.id === node)?.name ?? node,
  });
  const isCut = faults.some(({ fault }) => fault === 'partition');
  const struck = siteOf({ edge: id }, design);
  const causes = faults.map(({ fault, args, sinceMs }): Part[] => {
    if (fault === 'partition') {
      return [
        'The network from ',
        part(edge.from),
        ' to ',
        part(edge.to),
        ` is cut since ${clockTime(sinceMs)}.`,
      ];
    }
    const known = struck?.faults.find((candidate) => candidate.id === fault);
    return [`${known ? badgeText(known, args) : fault} since ${clockTime(sinceMs)}.`];
  });
  return {
    question: isCut ? 'Why does nothing pass?' : 'What is broken?',
    sentences: [...causes, ...effects(reading, part(edge.from))].slice(0, 3),
    sinceMs: Math.min(...faults.map(({ sinceMs }) => sinceMs)),
  };
}

function effects({ waiting, lost, late }: EdgeReading, from: Part): Part[][] {
  const troubles = [
    ...(lost > 0 ? [`${count(lost)} lost`] : []),
    ...(late > 0 ? [`${count(late)} late`] : []),
  ];
  return [
    ...(waiting > 0 ? [[`${counted(waiting, 'message stands', 'messages stand')} at `, from, '.']] : []),
    ...(troubles.length > 0 ? [[`On this edge since the start: ${troubles.join(', ')}.`]] : []),
  ];
}
