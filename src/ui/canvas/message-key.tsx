import { kindDefinition } from '../../kinds/registry.ts';
import type { Design } from '../../design/types.ts';
import { useDesign } from '../app/studio-context.tsx';
import { plain } from '../look/figures.ts';
import { DEAD_PATH } from '../look/particle-shapes.ts';
import { TypeShape } from '../look/type-shape.tsx';
import { useCanvas } from './canvas-state.ts';
import { edgeCourse } from './edge-geometry.ts';

/** More types than this would cover the canvas. */
const TYPES_SHOWN = 8;

/** The key of message types at the bottom left: shape and name, retries and dead letters where there are any. */
export function MessageKey() {
  const design = useDesign((state) => state.design);
  const worth = useCanvas((state) => state.dotWorth);
  const courses = useDesign((state) => coursesOf(state.design));
  const types = design.messageTypes.slice(0, TYPES_SHOWN);
  if (types.length === 0 && courses === '') return null;
  return (
    <ul className="message-key" aria-label="Key of messages">
      {types.map((type, index) => (
        <li key={type.id}>
          <TypeShape type={type} index={index} />
          <span className="name">{type.name}</span>
          {type.role && type.role !== 'event' && <span className="quiet">{type.role}</span>}
        </li>
      ))}
      {design.messageTypes.length > TYPES_SHOWN && (
        <li className="quiet">{design.messageTypes.length - TYPES_SHOWN} more</li>
      )}
      {courses.includes('retry') && (
        <li>
          <svg viewBox="-7 -7 14 14" aria-hidden>
            <circle className="retry-ring" r="4.2" />
            <circle className="retry-dot" r="1.4" />
          </svg>
          Retry
        </li>
      )}
      {courses.includes('dead') && (
        <li>
          <svg viewBox="-7 -7 14 14" aria-hidden>
            <path className="dead-cross" d={DEAD_PATH} />
          </svg>
          Dead letter
        </li>
      )}
      {worth > 1 && <li className="quiet">One dot is {plain(worth)} messages</li>}
    </ul>
  );
}

/** The courses other than plain flow in a design, as one string, which a selector can compare. */
function coursesOf(design: Design): string {
  const kinds = new Map(design.nodes.map((node) => [node.id, node.kind]));
  const found = new Set<string>();
  for (const edge of design.edges) {
    const from = kinds.get(edge.from);
    const to = kinds.get(edge.to);
    if (!from || !to || !kindDefinition(from)) continue;
    const course = edgeCourse(edge, from, to);
    if (course === 'retry' || course === 'dead') found.add(course);
  }
  return [...found].sort().join(' ');
}
