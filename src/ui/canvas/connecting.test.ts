import { describe, expect, it } from 'vitest';
import type { Design } from '../../design/types.ts';
import { connectRole } from './connecting.ts';

const design = {
  nodes: [
    { id: 'shop', kind: 'producer', name: 'shop', fields: {} },
    { id: 'billing', kind: 'consumer-group', name: 'billing', fields: {} },
  ],
} as unknown as Design;

describe('the role of a card while a connection is made', () => {
  it('is none while none is made', () => {
    expect(connectRole(design, null, { id: 'x', kind: 'topic' })).toBeNull();
  });

  it('tells start, allowed and refused apart', () => {
    const from = { node: 'shop' };
    expect(connectRole(design, from, { id: 'shop', kind: 'producer' })).toBe('start');
    expect(connectRole(design, from, { id: 'x', kind: 'topic' })).toBe('allowed');
    expect(connectRole(design, from, { id: 'x', kind: 'consumer-group' })).toBe('refused');
  });

  it('asks the port that was grabbed, not only the kind', () => {
    const dead = { id: 'x', kind: 'dead-letter-queue' };
    expect(connectRole(design, { node: 'billing', port: 'failed' }, dead)).toBe('allowed');
    expect(connectRole(design, { node: 'billing', port: 'out' }, dead)).toBe('refused');
  });

  it('is none when the start has been deleted meanwhile', () => {
    expect(connectRole(design, { node: 'gone' }, { id: 'x', kind: 'topic' })).toBeNull();
  });
});
