import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileMachine } from './compile-machine.ts';
import { ANY_STATE, diagramOf, diagramsDocument, machineDiagram, mermaidOf } from './diagram.ts';
import { APP_MACHINES, NODE_MACHINES } from './machines.ts';

const FILE = new URL('./DIAGRAMS.md', import.meta.url);

describe('DIAGRAMS.md', () => {
  it('is what the machines are now (UPDATE_DIAGRAMS=1 npx vitest run src/machines writes it anew)', () => {
    if (process.env.UPDATE_DIAGRAMS) writeFileSync(FILE, diagramsDocument());
    expect(readFileSync(FILE, 'utf8')).toBe(diagramsDocument());
  });
});

describe.each([...NODE_MACHINES, ...APP_MACHINES].map((machine) => ({ name: machine.id, machine })))(
  'the diagram of $name',
  ({ name, machine }) => {
    const diagram = diagramOf(machine);

    it('is found by name and has a sentence for the machine and each state', () => {
      expect(machineDiagram(name)).toEqual(diagram);
      expect(diagram.description).toMatch(/\.$/);
      for (const state of diagram.states) expect(state.description, state.name).toMatch(/\.$/);
    });

    it('only names states of the machine', () => {
      const states = diagram.states.map((state) => state.name);
      expect(states).toContain(diagram.initial);
      for (const { from, to } of diagram.transitions) {
        if (from !== ANY_STATE) expect(states).toContain(from);
        expect(states).toContain(to);
      }
    });
  },
);

describe.each(NODE_MACHINES.map((machine) => ({ name: machine.id, machine })))(
  'the diagram of $name',
  ({ machine }) => {
    it('has exactly the transitions of the compiled table', () => {
      const table = compileMachine(machine);
      const inTable: string[] = [];
      table.states.forEach((from, state) =>
        table.events.forEach((event, index) => {
          const to = table.states[table.next[state * table.events.length + index]];
          if (to !== from) inTable.push(`${from} ${event} ${to}`);
        }),
      );
      const drawn = diagramOf(machine).transitions.flatMap(({ from, event, to }) =>
        (from === ANY_STATE ? table.states : [from])
          .filter((state) => state !== to)
          .map((state) => `${state} ${event} ${to}`),
      );
      expect(new Set(drawn)).toEqual(new Set(inTable));
    });
  },
);

describe('the Mermaid text', () => {
  it('has a line for each state and transition, with words and safe ids', () => {
    const text = mermaidOf({
      name: 'm',
      description: '',
      initial: 'off',
      states: [
        { name: 'off', label: 'Off', description: '' },
        { name: 'warming-up', label: 'Warming up', description: '' },
      ],
      transitions: [
        { from: 'off', to: 'warming-up', event: 'TURNED_ON', label: 'turned on' },
        { from: ANY_STATE, to: 'off', event: 'CUT', label: 'cut' },
      ],
    });
    expect(text).toMatchInlineSnapshot(`
      "stateDiagram-v2
        direction LR
        state "Off" as off
        state "Warming up" as warming_up
        [*] --> off
        state "Any state" as any_state
        off --> warming_up : turned on
        any_state --> off : cut"
    `);
  });

  it('knows no machine of another name', () => {
    expect(machineDiagram('toString')).toBeUndefined();
  });
});
