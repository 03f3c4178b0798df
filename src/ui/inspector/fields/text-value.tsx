import MoveHorizontal from 'lucide-react/icons/move-horizontal';
import { useId, type PointerEvent, type ReactNode } from 'react';
import type { FieldDefinition, FieldType } from '../../../design/fields.ts';
import type { Json } from '../../../design/types.ts';
import { formatFieldValue, parseFieldText } from '../../../kinds/validate-fields.ts';
import { nudgeNumber } from './nudge.ts';
import { useDraft } from '../use-draft.ts';

interface TextValueProps {
  definition: FieldDefinition;
  value: Json;
  onChange: (value: Json) => void;
  /** Ids for the box and its help, when a label outside names it; else the definition's label does. */
  id?: string;
  describedBy?: string;
  /** Shown at the right inside the box instead of the unit. */
  suffix?: ReactNode;
}

/** A box for one number, duration, rate or probability, with its unit inside. */
export function TextValue({ definition, value, onChange, id, describedBy, suffix }: TextValueProps) {
  const problemId = useId();
  const type = definition.value;
  const commit = (text: string) => {
    const read = parseFieldText(definition, text);
    if ('refused' in read) return read.refused;
    onChange(read.value);
    return null;
  };
  const nudge = (text: string, direction: 1 | -1, big: boolean) => {
    const read = parseFieldText(definition, text);
    if ('refused' in read || typeof read.value !== 'number') return null;
    return formatFieldValue(definition, nudgeNumber(read.value, direction, { big, ...boundsOf(type) }));
  };
  const draft = useDraft({ text: formatFieldValue(definition, value), commit, nudge });
  const drag = useDragNudge((direction) => {
    const next = nudge(draft.input.value, direction, false);
    if (next !== null) draft.settle(next);
  });
  return (
    <div className="value">
      <span className={draft.problem ? 'box bad' : 'box'}>
        <input
          {...draft.input}
          id={id}
          aria-label={id ? undefined : definition.label}
          aria-describedby={
            [describedBy, draft.problem ? problemId : ''].filter(Boolean).join(' ') || undefined
          }
          inputMode="text"
          autoComplete="off"
          spellCheck={false}
        />
        {suffix ?? (
          <span className="unit" {...drag} title="Drag to change">
            {unitOf(type, value) || <MoveHorizontal size={13} strokeWidth={1.75} aria-hidden />}
          </span>
        )}
      </span>
      {draft.problem && (
        <p className="refused" id={problemId} role="alert">
          {draft.problem}
        </p>
      )}
    </div>
  );
}

/** Pixels of dragging that make one step. */
const DRAG_STEP_PX = 5;

/** Dragging the unit to the right nudges up, to the left down; a slider without the room one takes. */
function useDragNudge(onStep: (direction: 1 | -1) => void) {
  let from: number | null = null;
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.preventDefault();
      const target = event.currentTarget;
      target.setPointerCapture(event.pointerId);
      target.dataset.from = String(event.clientX);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const target = event.currentTarget;
      from = target.dataset.from === undefined ? null : Number(target.dataset.from);
      if (from === null || Math.abs(event.clientX - from) < DRAG_STEP_PX) return;
      target.dataset.from = String(event.clientX);
      onStep(event.clientX > from ? 1 : -1);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      delete event.currentTarget.dataset.from;
    },
    onLostPointerCapture: (event: PointerEvent<HTMLElement>) => {
      delete event.currentTarget.dataset.from;
    },
  };
}

function boundsOf(type: FieldType): { min?: number; max?: number; smallest?: number } {
  switch (type.type) {
    case 'integer':
      return { min: type.min, max: type.max, smallest: 1 };
    case 'number':
    case 'rate':
      return { min: type.min, max: type.max, smallest: type.type === 'rate' ? 1 : 0.1 };
    case 'duration':
      return { min: type.min, max: type.max, smallest: 1 };
    case 'probability':
      return { min: 0, max: 1, smallest: 0.01 };
    default:
      return {};
  }
}

/** Durations, rates and shares carry their unit in the text itself: "40 ms", "200/s", "2 %". */
function unitOf(type: FieldType, value: Json): string {
  if (type.type === 'integer') return value === 0 && type.zeroMeans ? type.zeroMeans : type.unit;
  if (type.type === 'number') return type.unit;
  return '';
}
