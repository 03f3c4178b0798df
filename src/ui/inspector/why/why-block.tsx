import { useDesign, useRun, useStudio } from '../../app/studio-context.tsx';
import { useFrameTick } from '../../controls/use-frame-tick.ts';
import { clockTime } from '../../look/figures.ts';
import { explainEdge } from './explain-edge.ts';
import { explainNode, type Explanation } from './explain-node.ts';
import type { Part } from './explanation-parts.ts';

/** Why the node stands as it does; nothing when there is nothing to explain. */
export function WhyBlock({ nodeId }: { nodeId: string }) {
  const studio = useStudio();
  const frame = useFrameTick(2);
  const design = useDesign((state) => state.design);
  const activeFaults = useRun((run) => run.activeFaults);
  const trace = useRun((run) => run.trace);
  if (!frame) return null;
  const explanation = explainNode(
    { design, frame, activeFaults, trace, samples: studio.frames.samples },
    nodeId,
  );
  return explanation && <Why explanation={explanation} self={nodeId} />;
}

/** Why nothing passes an edge, or less than should; nothing for one in order. */
export function EdgeWhy({ edge }: { edge: string }) {
  const frame = useFrameTick(2);
  const design = useDesign((state) => state.design);
  const activeFaults = useRun((run) => run.activeFaults);
  const explanation = frame && explainEdge({ design, frame, activeFaults }, edge);
  return explanation && <Why explanation={explanation} self={edge} />;
}

function Why({ explanation, self }: { explanation: Explanation; self: string }) {
  const studio = useStudio();
  const { question, sentences, sinceMs } = explanation;
  return (
    <section className="why">
      <h2>{question}</h2>
      <p>
        {sentences.map((parts) => (
          <Sentence key={parts.map(textOf).join('')} parts={parts} self={self} />
        ))}
      </p>
      {sinceMs !== null && (
        <button type="button" className="link" onClick={() => studio.run.seek(sinceMs)}>
          Jump to {clockTime(sinceMs)}
        </button>
      )}
    </section>
  );
}

function Sentence({ parts, self }: { parts: readonly Part[]; self: string }) {
  const studio = useStudio();
  return (
    <>
      {parts.map((part, index) => {
        if (typeof part === 'string') return part;
        if (part.node === self) return <b key={part.node}>{part.name}</b>;
        return (
          <button
            type="button"
            className="name-link"
            key={`${part.node} ${index}`}
            onClick={() => studio.edit.select([part.node])}
          >
            {part.name}
          </button>
        );
      })}{' '}
    </>
  );
}

function textOf(part: Part): string {
  return typeof part === 'string' ? part : part.name;
}
