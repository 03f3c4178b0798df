import { describe, expect, it } from 'vitest';
import { nodeSite } from '../../kinds/fault-site.ts';
import { breakEntries } from './break-entries.ts';

const node = (kind: string, fields = {}) => ({ id: 'n', kind, name: 'n', fields });
const active = (fault: string, args = {}) => ({ id: `f-${fault}`, node: 'n', fault, args, sinceMs: 0 });

describe('the Break menu', () => {
  it('lists the members of a group one by one', () => {
    const labels = breakEntries(nodeSite(node('consumer-group', { members: 2 })), []).map((one) => one.label);
    expect(labels).toEqual([
      'Crash m1',
      'Crash m2',
      'End a member by an error…',
      'Stop a member in good order…',
      'Restart all, one by one…',
      'Hang a member…',
      'Cut a member off…',
      'Slow it down…',
      'Set a member’s clock wrong…',
      'Slow a member down…',
    ]);
  });

  it('offers the way back of a fault in force first, and not the same fault again', () => {
    const entries = breakEntries(nodeSite(node('consumer-group', { members: 2 })), [
      active('crash', { member: 2 }),
    ]);
    expect(entries[0]).toEqual({
      type: 'heal',
      label: 'Restore the member (m2 crashed)',
      faultId: 'f-crash',
    });
    expect(entries.map((one) => one.label)).not.toContain('Crash m2');
  });

  it('asks for the member where there are too many to list', () => {
    const [first] = breakEntries(nodeSite(node('consumer-group', { members: 40 })), []);
    expect(first).toEqual({ type: 'ask', label: 'Crash a member…', fault: 'crash' });
  });

  it('injects at once what has no values to ask for', () => {
    expect(breakEntries(nodeSite(node('database')), [])[0]).toEqual({
      type: 'inject',
      label: 'Stop it',
      fault: 'stop',
      args: {},
    });
  });
});
