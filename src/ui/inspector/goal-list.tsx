import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import type { FieldDefinition } from '../../design/fields.ts';
import { freshId } from '../../design/names.ts';
import type { Design, Goal } from '../../design/types.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { count, duration, perSecond } from '../look/figures.ts';
import { TextValue } from './fields/text-value.tsx';

const FIGURES: readonly { figure: Goal['figure']; label: string; most: boolean; bound: number }[] = [
  { figure: 'latencyMsP50', label: 'p50 latency', most: true, bound: 500 },
  { figure: 'latencyMsP95', label: 'p95 latency', most: true, bound: 1000 },
  { figure: 'latencyMsP99', label: 'p99 latency', most: true, bound: 2000 },
  { figure: 'lag', label: 'lag', most: true, bound: 1000 },
  { figure: 'deadLettered', label: 'dead letters', most: true, bound: 0 },
  { figure: 'throughputPerSecond', label: 'throughput', most: false, bound: 100 },
];

/** Sentences that a run keeps or breaks; drawn as dotted lines in the charts. */
export function GoalList() {
  const studio = useStudio();
  const design = useDesign((state) => state.design);
  const { goals } = design;
  const replace = (next: readonly Goal[]) =>
    studio.edit.dispatch({ type: 'set-goals', goals: next }, 'goals');
  const change = (id: string, goal: Goal) => replace(goals.map((other) => (other.id === id ? goal : other)));
  const add = () => {
    const id = freshId(new Set(goals.map((goal) => goal.id)), 'goal', 'goal');
    replace([...goals, { id, figure: 'latencyMsP99', atMost: 2000 }]);
  };
  return (
    <section aria-label="Goals">
      <h2>Goals</h2>
      {goals.map((goal) => (
        <GoalRow
          key={goal.id}
          goal={goal}
          design={design}
          onChange={(next) => change(goal.id, next)}
          onRemove={() => replace(goals.filter((other) => other.id !== goal.id))}
        />
      ))}
      <button type="button" className="btn small" onClick={add}>
        <Plus size={14} aria-hidden /> Add a goal
      </button>
    </section>
  );
}

interface GoalRowProps {
  goal: Goal;
  design: Design;
  onChange: (goal: Goal) => void;
  onRemove: () => void;
}

function GoalRow({ goal, design, onChange, onRemove }: GoalRowProps) {
  const bound = goal.atMost ?? goal.atLeast ?? 0;
  const isLatency = goal.figure.startsWith('latency');
  const setFigure = (figure: Goal['figure']) => {
    const usual = FIGURES.find((option) => option.figure === figure);
    const { atMost: _most, atLeast: _least, ...rest } = goal;
    onChange(
      usual?.most === false
        ? { ...rest, figure, atLeast: usual.bound }
        : { ...rest, figure, atMost: usual?.bound ?? bound },
    );
  };
  const setNode = (node: string) => {
    const { node: _node, ...rest } = goal;
    onChange(node ? { ...rest, node } : rest);
  };
  return (
    <div className="goal" role="group" aria-label={goalText(goal, design)}>
      <span className="box select">
        <select
          aria-label="Figure"
          value={goal.figure}
          onChange={(event) => setFigure(event.target.value as Goal['figure'])}
        >
          {FIGURES.map((option) => (
            <option key={option.figure} value={option.figure}>
              {option.label}
            </option>
          ))}
        </select>
      </span>
      <span className="box select">
        <select aria-label="Of" value={goal.node ?? ''} onChange={(event) => setNode(event.target.value)}>
          <option value="">whole design</option>
          {design.nodes.map((node) => (
            <option key={node.id} value={node.id}>
              {node.name}
            </option>
          ))}
        </select>
      </span>
      <span className="quiet">{goal.atLeast === undefined ? 'at most' : 'at least'}</span>
      <TextValue
        definition={boundField(isLatency)}
        value={bound}
        onChange={(value) =>
          onChange(
            goal.atLeast === undefined
              ? { ...goal, atMost: Number(value) }
              : { ...goal, atLeast: Number(value) },
          )
        }
        suffix={<span className="unit">{unitOf(goal.figure)}</span>}
      />
      <button type="button" className="btn icon small" aria-label="Remove the goal" onClick={onRemove}>
        <X size={14} aria-hidden />
      </button>
    </div>
  );
}

function unitOf(figure: Goal['figure']): string {
  if (figure.startsWith('latency')) return '';
  return figure === 'throughputPerSecond' ? '/s' : 'messages';
}

function boundField(isLatency: boolean): FieldDefinition {
  return {
    name: 'bound',
    label: 'Bound',
    help: '',
    value: isLatency
      ? { type: 'duration', min: 0, max: 86_400_000 }
      : { type: 'number', min: 0, max: 1e12, unit: '' },
    default: 0,
    live: true,
  };
}

/** A goal as a sentence: "p99 latency at most 2 s", "lag of billing at most 1,000". */
export function goalText(goal: Goal, design: Design): string {
  const label = FIGURES.find((option) => option.figure === goal.figure)?.label ?? goal.figure;
  const node =
    goal.node === undefined ? '' : ` of ${design.nodes.find((n) => n.id === goal.node)?.name ?? goal.node}`;
  const bound = goal.atMost ?? goal.atLeast ?? 0;
  const amount = goal.figure.startsWith('latency')
    ? duration(bound)
    : goal.figure === 'throughputPerSecond'
      ? perSecond(bound)
      : count(bound);
  return `${label}${node} ${goal.atLeast === undefined ? 'at most' : 'at least'} ${amount}`;
}
