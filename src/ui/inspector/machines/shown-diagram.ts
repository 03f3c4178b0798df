import type { AnyStateMachine } from 'xstate';
import { ANY_STATE, diagramOf, type MachineDiagram } from '../../../machines/diagram.ts';

interface Shown {
  /** States that are drawn; all, unless it says. */
  only?: readonly string[];
  /** Names that fit into a pill, for those that are too long or begin alike. */
  labels?: Readonly<Record<string, string>>;
}

/** The diagram of a machine as the inspector draws it. */
export function shownDiagram(machine: AnyStateMachine, { only, labels = {} }: Shown = {}): MachineDiagram {
  const whole = diagramOf(machine);
  const isShown = (name: string) => name === ANY_STATE || only === undefined || only.includes(name);
  return {
    ...whole,
    states: whole.states
      .filter(({ name }) => isShown(name))
      .map((state) => ({ ...state, label: labels[state.name] ?? state.label })),
    transitions: whole.transitions.filter(({ from, to }) => isShown(from) && isShown(to)),
  };
}
