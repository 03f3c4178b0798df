import { fc, test as property } from '../testing/property.ts';
import { describe, expect, it } from 'vitest';
import { createMachine, initialTransition, transition, type AnyStateMachine } from 'xstate';
import { compileMachine, nextState } from './compile-machine.ts';
import { groupMemberMachine } from './group-member.machine.ts';
import { NODE_MACHINES } from './machines.ts';

const nested = createMachine({
  id: 'nested',
  initial: 'off',
  states: {
    off: { on: { ON: 'on' } },
    on: {
      initial: 'slow',
      on: { OFF: 'off' },
      states: {
        slow: { on: { MORE: 'fast' } },
        fast: { on: { MORE: 'over' } },
        over: { always: '#nested.done' },
      },
    },
    done: { type: 'final' },
  },
});

describe.each([...NODE_MACHINES, nested].map((machine) => ({ name: machine.id, machine })))(
  'the table of $name',
  ({ machine }) => {
    const table = compileMachine(machine);

    property.prop([fc.array(fc.nat(table.events.length - 1), { maxLength: 200 })])(
      'walks side by side with XState',
      (walk) => {
        let [snapshot] = initialTransition(machine);
        let state = table.initial;
        for (const event of walk) {
          [snapshot] = transition(machine, snapshot, { type: table.events[event] });
          state = nextState(table, state, event);
          expect(snapshot.matches(asValue(table.states[state]))).toBe(true);
        }
      },
    );

    it('reaches every state of the machine from the initial one', () => {
      const declared = leaves(machine).filter((name) => name !== 'on.over');
      expect(new Set(table.states)).toEqual(new Set(declared));
    });
  },
);

describe('compileMachine', () => {
  it('gives the index of each state and event by name', () => {
    const table = compileMachine(groupMemberMachine);
    const reading = table.state.reading;
    expect(table.states[reading]).toBe('reading');
    expect(table.states[nextState(table, reading, table.event.CRASH)]).toBe('crashed');
    expect(nextState(table, reading, table.event.RESTORE)).toBe(reading);
  });

  it.each<[string, Parameters<typeof createMachine>[0]]>([
    ['context', { context: { tries: 0 } }],
    ['a guard on GO in state (root)', { on: { GO: { target: '.b', guard: () => true } } }],
    ['an action on GO in state (root)', { on: { GO: { actions: () => undefined } } }],
    ['a delayed transition in state (root)', { after: { 1000: '.b' } }],
    ['an invoke in state (root)', { invoke: { src: 'fetch' } }],
    ['entry or exit actions in state (root)', { entry: () => undefined }],
    ['a wildcard on * in state (root)', { on: { '*': '.b' } }],
  ])('refuses %s with a sentence', (found, config) => {
    const machine = createMachine({ id: 'bad', initial: 'a', states: { a: {}, b: {} }, ...config } as never);
    expect(() => compileMachine(machine)).toThrow(
      `Machine bad cannot be compiled to a table: it has ${found}`,
    );
  });

  it('refuses parallel regions and history', () => {
    const parallel = createMachine({ id: 'p', type: 'parallel', states: { a: {}, b: {} } });
    expect(() => compileMachine(parallel)).toThrow('parallel regions');
    const history = createMachine({ id: 'h', initial: 'a', states: { a: {}, b: { type: 'history' } } });
    expect(() => compileMachine(history)).toThrow('a history state in state b');
  });
});

function asValue(name: string): never {
  const [outer, inner] = name.split('.');
  return (inner ? { [outer]: inner } : outer) as never;
}

function leaves(machine: AnyStateMachine): string[] {
  const walk = (node: AnyStateMachine['root']): string[] => {
    const children = Object.values(node.states);
    return children.length === 0 ? [node.path.join('.')] : children.flatMap(walk);
  };
  return walk(machine.root);
}
