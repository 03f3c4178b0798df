import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import type { FieldDefinition, ScheduleStep } from '../../../design/fields.ts';
import type { Json } from '../../../design/types.ts';
import { TextValue } from './text-value.tsx';

interface ScheduleValueProps {
  value: Json;
  onChange: (value: Json) => void;
  id: string;
  helpId: string;
}

const AT: FieldDefinition = {
  name: 'atMs',
  label: 'From',
  help: '',
  value: { type: 'duration', min: 0, max: 31_536_000_000 },
  default: 0,
  live: false,
};

const RATE: FieldDefinition = {
  name: 'ratePerSecond',
  label: 'Rate',
  help: '',
  value: { type: 'rate', min: 0, max: 10_000_000 },
  default: 0,
  live: false,
};

/** Steps of a rate over time, kept in order of time. */
export function ScheduleValue({ value, onChange, id, helpId }: ScheduleValueProps) {
  const steps = asSteps(value);
  const replace = (next: readonly ScheduleStep[]) =>
    onChange(next.toSorted((a, b) => a.atMs - b.atMs).map((step) => ({ ...step })));
  const change = (index: number, part: Partial<ScheduleStep>) =>
    replace(steps.map((step, at) => (at === index ? { ...step, ...part } : step)));
  const last = steps.at(-1) ?? { atMs: -60_000, ratePerSecond: 100 };
  return (
    <div className="schedule" role="group" id={id} aria-describedby={helpId} aria-label="Schedule">
      {steps.map((step, index) => (
        // A step has no identity beyond its place: the list is replaced as a whole.
        // eslint-disable-next-line react/no-array-index-key
        <div className="schedule-step" key={index}>
          <span aria-hidden>from</span>
          <TextValue
            definition={AT}
            value={step.atMs}
            onChange={(atMs) => change(index, { atMs: Number(atMs) })}
            suffix={<span />}
          />
          <TextValue
            definition={RATE}
            value={step.ratePerSecond}
            onChange={(rate) => change(index, { ratePerSecond: Number(rate) })}
            suffix={<span className="unit">/s</span>}
          />
          <button
            type="button"
            className="btn icon small"
            aria-label={`Remove step ${index + 1}`}
            disabled={steps.length === 1}
            onClick={() => replace(steps.filter((_, at) => at !== index))}
          >
            <X size={14} aria-hidden />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="btn small"
        onClick={() => replace([...steps, { atMs: last.atMs + 60_000, ratePerSecond: last.ratePerSecond }])}
      >
        <Plus size={14} aria-hidden /> Add a step
      </button>
    </div>
  );
}

function asSteps(value: Json): ScheduleStep[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((step) =>
    step && typeof step === 'object' && !Array.isArray(step)
      ? [{ atMs: Number(step.atMs) || 0, ratePerSecond: Number(step.ratePerSecond) || 0 }]
      : [],
  );
}
