import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { APP_MACHINES, NODE_MACHINES } from './machines.ts';

/** A machine as it is drawn: the live statechart of the page and DIAGRAMS.md show the same. */
export interface MachineDiagram {
  name: string;
  description: string;
  initial: string;
  /** In the order of the machine's definition. */
  states: readonly DiagramState[];
  transitions: readonly DiagramTransition[];
}

export interface DiagramState {
  /** As in the compiled table. */
  name: string;
  /** In words: `Preparing rebalance`. */
  label: string;
  /** One sentence. */
  description: string;
}

export interface DiagramTransition {
  /** Name of a state, or `ANY_STATE`. */
  from: string;
  to: string;
  event: string;
  /** In words: `member joined`, with the condition in brackets if there is one. */
  label: string;
}

/** `from` of a transition that every state has. */
export const ANY_STATE = '*';

/** The diagram of a machine by name; undefined for a name that no machine has. */
export function machineDiagram(name: string): MachineDiagram | undefined {
  const machine = [...NODE_MACHINES, ...APP_MACHINES].find(({ id }) => id === name);
  return machine && diagramOf(machine);
}

/** The diagram of any machine without states inside states. */
export function diagramOf(machine: AnyStateMachine): MachineDiagram {
  const nodes = Object.values(machine.root.states);
  return {
    name: machine.id,
    description: machine.root.description ?? '',
    initial: machine.root.initial.target?.[0]?.key ?? '',
    states: nodes.map((node) => ({
      name: node.key,
      label: sentenceCase(node.key.replaceAll('-', ' ')),
      description: node.description ?? '',
    })),
    transitions: [
      ...transitionsOf(machine.root, ANY_STATE),
      ...nodes.flatMap((node) => transitionsOf(node, node.key)),
    ],
  };
}

/** Mermaid text of a diagram (`stateDiagram-v2`), the same for the same machine. */
export function mermaidOf(diagram: MachineDiagram): string {
  const lines = ['stateDiagram-v2', '  direction LR'];
  for (const state of diagram.states) lines.push(`  state "${state.label}" as ${mermaidId(state.name)}`);
  lines.push(`  [*] --> ${mermaidId(diagram.initial)}`);
  if (diagram.transitions.some(({ from }) => from === ANY_STATE)) {
    lines.push(`  state "Any state" as ${mermaidId(ANY_STATE)}`);
  }
  for (const { from, to, label } of diagram.transitions) {
    lines.push(`  ${mermaidId(from)} --> ${mermaidId(to)} : ${label}`);
  }
  return lines.join('\n');
}

/** The text of DIAGRAMS.md: every machine with its diagram and what each state means. */
export function diagramsDocument(): string {
  const parts = [
    '# Machines',
    'Written by the machines themselves; do not edit. To write it anew: `UPDATE_DIAGRAMS=1 npx vitest run src/machines`.',
    '## Of nodes',
    'A run keeps one byte for each instance and looks the next state up in a compiled table.',
    ...NODE_MACHINES.map(section),
    '## Of the app',
    'Run as actors.',
    ...APP_MACHINES.map(section),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(machine: AnyStateMachine): string {
  const diagram = diagramOf(machine);
  const states = diagram.states.map(({ label, description }) => `- **${label}**: ${description}`);
  return [
    `### ${diagram.name}`,
    diagram.description,
    `\`\`\`mermaid\n${mermaidOf(diagram)}\n\`\`\``,
    states.join('\n'),
  ].join('\n\n');
}

function transitionsOf(node: AnyStateNode, from: string): DiagramTransition[] {
  return [...node.transitions.values()].flat().map((found) => {
    const words = found.eventType.toLowerCase().replaceAll('_', ' ');
    const guard = typeof found.guard === 'string' ? ` [${inWords(found.guard)}]` : '';
    // Without a target the machine does something and stays.
    return { from, to: found.target?.[0]?.key ?? from, event: found.eventType, label: words + guard };
  });
}

/** `playsOn` as `plays on`. */
function inWords(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Mermaid reads a hyphen in an id as the start of an arrow. */
function mermaidId(name: string): string {
  return name === ANY_STATE ? 'any_state' : name.replaceAll('-', '_');
}
