import X from 'lucide-react/icons/x';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { clockTime, duration } from '../look/figures.ts';
import { faultLabel } from './fault-text.ts';

/** Faults that the scenario brings by itself, in order of time. */
export function ScheduledFaultList() {
  const studio = useStudio();
  const faults = useDesign((state) => state.design.scenario.faults);
  const nodes = useDesign((state) => state.design.nodes);
  const edges = useDesign((state) => state.design.edges);
  if (faults.length === 0) return null;
  return (
    <section aria-label="Scheduled faults">
      <h2>Scheduled faults</h2>
      <ul>
        {faults
          .toSorted((a, b) => a.atMs - b.atMs)
          .map((fault) => {
            const label = faultLabel({ nodes, edges }, fault);
            return (
              <li className="list-row yours" key={fault.id}>
                <span>{clockTime(fault.atMs)}</span>
                <span className="grow">
                  {label}
                  {fault.forMs !== undefined && `, for ${duration(fault.forMs)}`}
                </span>
                <button
                  type="button"
                  className="btn icon small"
                  aria-label={`Remove ${label} at ${clockTime(fault.atMs)}`}
                  onClick={() =>
                    studio.edit.dispatch({
                      type: 'set-faults',
                      faults: faults.filter((other) => other.id !== fault.id),
                    })
                  }
                >
                  <X size={14} aria-hidden />
                </button>
              </li>
            );
          })}
      </ul>
    </section>
  );
}
