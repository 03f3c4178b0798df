import { expect, it } from 'vitest';
import { ALARM_STATES } from './alarm-names.ts';
import { ALARM } from './alarm-states.ts';

it('the states of the alarms are named in the order of their machine', () => {
  expect(ALARM.states).toEqual(ALARM_STATES);
});
