import type { ReactNode } from 'react';
import type { Distribution, FieldDefinition } from '../../../design/fields.ts';
import type { Json } from '../../../design/types.ts';
import {
  asDistribution,
  DISTRIBUTION_SHAPES,
  parametersOf,
  withShape,
  type Parameter,
} from './distribution-parameters.ts';
import { TextValue } from './text-value.tsx';
import { useDraft } from '../use-draft.ts';

interface DistributionValueProps {
  definition: FieldDefinition;
  value: Json;
  onChange: (value: Json) => void;
  id: string;
  helpId: string;
}

/** A random amount: its first parameter with the shape in one box, further parameters below it. */
export function DistributionValue({ definition, value, onChange, id, helpId }: DistributionValueProps) {
  const unit = definition.value.type === 'distribution' ? definition.value.unit : 'ms';
  const distribution = asDistribution(value);
  const [first, ...rest] = parametersOf(distribution.shape, unit);
  const shape = (
    <select
      className="shape"
      aria-label={`Shape of ${definition.label.toLowerCase()}`}
      value={distribution.shape}
      onChange={(event) =>
        onChange(withShape(distribution, event.target.value as Distribution['shape']) as unknown as Json)
      }
    >
      {DISTRIBUTION_SHAPES.map((option) => (
        <option key={option.shape} value={option.shape} title={option.help}>
          {option.label}
        </option>
      ))}
    </select>
  );
  if (distribution.shape === 'empirical') {
    return (
      <EmpiricalValues
        values={distribution.values}
        onChange={(values) => onChange({ shape: 'empirical', values: [...values] })}
        id={id}
        helpId={helpId}
        shape={shape}
        unit={unit}
      />
    );
  }
  const change = (parameter: Parameter) => (next: Json) =>
    onChange({ ...distribution, [parameter.name]: next } as unknown as Json);
  const valueOf = (parameter: Parameter) =>
    (distribution as unknown as Record<string, number>)[parameter.name] ?? parameter.definition.default;
  return (
    <div className="value stack">
      <TextValue
        definition={first.definition}
        value={valueOf(first)}
        onChange={change(first)}
        id={id}
        describedBy={helpId}
        suffix={shape}
      />
      {rest.map((parameter) => (
        <div className="sub-field" key={`${distribution.shape}-${parameter.name}`}>
          <span aria-hidden>{parameter.definition.label}</span>
          <TextValue
            definition={parameter.definition}
            value={valueOf(parameter)}
            onChange={change(parameter)}
            suffix={<span className="unit">{parameter.unit}</span>}
          />
        </div>
      ))}
    </div>
  );
}

interface EmpiricalProps {
  values: readonly number[];
  onChange: (values: number[]) => void;
  id: string;
  helpId: string;
  shape: ReactNode;
  unit: 'ms' | 'bytes';
}

/** Measured values, separated by blanks or commas; each is drawn equally often. */
function EmpiricalValues({ values, onChange, id, helpId, shape, unit }: EmpiricalProps) {
  const draft = useDraft({
    text: values.join(' '),
    commit: (text) => {
      const numbers = text
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number);
      if (numbers.length === 0) return `Give at least one value in ${unit}.`;
      if (numbers.some((number) => !Number.isFinite(number) || number < 0)) {
        return `Give numbers from 0 up in ${unit}, separated by blanks.`;
      }
      if (numbers.length > 10_000) return `${numbers.length} values; at most 10,000 fit.`;
      onChange(numbers);
      return null;
    },
  });
  return (
    <div className="value stack">
      <span className={draft.problem ? 'box bad' : 'box'}>
        <input {...draft.input} id={id} aria-describedby={helpId} spellCheck={false} />
        {shape}
      </span>
      {draft.problem && (
        <p className="refused" role="alert">
          {draft.problem}
        </p>
      )}
    </div>
  );
}
