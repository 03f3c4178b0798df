import { useStudio } from '../app/studio-context.tsx';
import { clockTime } from '../look/figures.ts';
import type { Flag } from './lanes.ts';

interface FaultLaneProps {
  flags: readonly Flag[];
  endMs: number;
  nowMs: number;
  onSeek: (ms: number) => void;
}

/** Room that a label takes, in percent of the lane for each letter; a label without room is left out. */
const LETTER_PERCENT = 0.95;

/** What a person did to the design, or planned to: a diamond each. A press removes a planned one, else goes there. */
export function FaultLane({ flags, endMs, nowMs, onSeek }: FaultLaneProps) {
  const studio = useStudio();
  const remove = (id: string) => {
    const { faults } = studio.designs.getState().design.scenario;
    studio.edit.dispatch({ type: 'set-faults', faults: faults.filter((fault) => fault.id !== id) });
  };
  const percent = (ms: number) => Math.min(100, (ms / endMs) * 100);
  return (
    <div className="lane">
      {flags.map((flag) => (
        <div
          key={`span ${flag.key}`}
          className="flag-span"
          hidden={flag.future}
          style={{
            left: `${percent(flag.atMs)}%`,
            width: `${percent(flag.untilMs ?? nowMs) - percent(flag.atMs)}%`,
          }}
        />
      ))}
      {flags.map((flag, index) => {
        const at = percent(flag.atMs);
        const place = labelPlace(
          flags.map((other) => percent(other.atMs)),
          index,
          flag.label,
        );
        const action = flag.scheduled ? 'Planned. Press to remove it.' : 'Press to go there.';
        return (
          <button
            key={flag.key}
            type="button"
            className={['flag', place, flag.future ? 'future' : ''].filter(Boolean).join(' ')}
            style={place === 'before' ? { right: `${100 - at}%` } : { left: `${at}%` }}
            title={`${flag.label} at ${clockTime(flag.atMs)}. ${action}`}
            aria-label={`${flag.label} at ${clockTime(flag.atMs)}. ${action}`}
            onClick={() => (flag.scheduled ? remove(flag.scheduled) : onSeek(flag.atMs))}
          >
            {place === 'bare' ? '' : flag.label}
          </button>
        );
      })}
    </div>
  );
}

/** After its diamond where there is room up to the next one, else before it, else nowhere. */
export function labelPlace(places: readonly number[], index: number, label: string): '' | 'before' | 'bare' {
  const needed = label.length * LETTER_PERCENT + 2;
  const next = places[index + 1] ?? 100;
  if (next - places[index] >= needed) return '';
  const previous = places[index - 1] ?? 0;
  return index === 0 && places[index] - previous >= needed ? 'before' : 'bare';
}
