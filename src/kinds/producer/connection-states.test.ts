import { expect, it } from 'vitest';
import { compileMachine } from '../../machines/compile-machine.ts';
import { publisherConnectionMachine } from '../../machines/publisher-connection.machine.ts';
import { CONNECTION_STATES } from './connection-states.ts';

it('the states of a connection are named in the order of its machine', () => {
  expect(compileMachine(publisherConnectionMachine).states).toEqual(CONNECTION_STATES);
});
