import './dialogs.css';
import type { Problem } from '../../../design/types.ts';
import { kindDefinition } from '../../../kinds/registry.ts';
import { Modal } from '../../controls/modal.tsx';
import { useDesign, useStudio } from '../studio-context.tsx';
import { useAllProblems } from '../use-all-problems.ts';

/** Each problem with its place and reason; a press goes to the place. */
export default function ProblemsDialog() {
  const studio = useStudio();
  const problems = useAllProblems();
  const close = () => studio.view.setState({ panel: 'none' });
  return (
    <Modal title={problems.length === 1 ? '1 problem' : `${problems.length} problems`} onClose={close}>
      {problems.length === 0 && <p>Nothing stands in the way of a run.</p>}
      <ul className="choice-list">
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.node} ${problem.edge} ${problem.field} ${problem.message}`}>
            <button
              type="button"
              className="choice"
              disabled={problem.node === undefined && problem.edge === undefined}
              onClick={() => {
                studio.edit.select(problem.node ? [problem.node] : [], problem.edge ? [problem.edge] : []);
                studio.view.setState({ panel: 'none', inspectorOpen: true });
              }}
            >
              <span className={`severity ${problem.severity}`} aria-label={problem.severity}>
                {problem.severity === 'error' ? '×' : '!'}
              </span>
              <span>
                <b>
                  <Place problem={problem} />
                </b>
                <small>{problem.message}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

/** "billing, Session timeout", in the words of the canvas and the form. */
function Place({ problem }: { problem: Problem }) {
  const design = useDesign((state) => state.design);
  const node = design.nodes.find((candidate) => candidate.id === problem.node);
  const edge = design.edges.find((candidate) => candidate.id === problem.edge);
  const nameOf = (id: string) => design.nodes.find((candidate) => candidate.id === id)?.name ?? id;
  if (node) {
    const field = kindDefinition(node.kind)?.fields.find((candidate) => candidate.name === problem.field);
    return field ? `${node.name}, ${field.label.toLowerCase()}` : node.name;
  }
  if (edge) return `${nameOf(edge.from)} → ${nameOf(edge.to)}`;
  return problem.path ?? 'The design';
}
