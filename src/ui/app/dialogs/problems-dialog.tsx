import './dialogs.css';
import { Modal } from '../../controls/modal.tsx';
import { problemPlace, problemText } from '../problem-words.ts';
import { useDesign, useStudio } from '../studio-context.tsx';
import { useAllProblems } from '../use-all-problems.ts';

/** Each problem with its place and reason; a press goes to the place. */
export default function ProblemsDialog() {
  const studio = useStudio();
  const design = useDesign((state) => state.design);
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
                <b>{problemPlace(design, problem)}</b>
                <small>{problemText(design, problem)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
