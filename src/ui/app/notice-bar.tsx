import X from 'lucide-react/icons/x';
import { useDesign, useStudio } from './studio-context.tsx';

/** The one place where a refused edit, file or connection is told: a sentence over the canvas, until dismissed. */
export function NoticeBar() {
  const studio = useStudio();
  const told = useDesign((state) => state.notice);
  // Why a run started anew stands beside the clock, where the run is.
  const notice = told?.code === 'run-restarts' ? null : told;
  const saving = useDesign((state) => state.saving);
  const failed = saving.state === 'failed' ? saving.message : null;
  return (
    <div className="notices" role="status" aria-live="polite">
      {failed && <p className="notice error">{failed}</p>}
      {notice && (
        <p className={`notice ${notice.severity}`}>
          <span>{notice.message}</span>
          <button
            type="button"
            className="btn icon"
            aria-label="Dismiss"
            onClick={() => studio.edit.dismissNotice()}
          >
            <X size={16} aria-hidden />
          </button>
        </p>
      )}
    </div>
  );
}
