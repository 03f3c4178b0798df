import { describe, expect, it } from 'vitest';
import type { DesignEdge, DesignNode, Json } from '../design/types.ts';
import { edgeCaption, resolveEdgeFields, visibleEdgeFields } from './edge-fields.ts';

const nodeOf = (kind: string, fields: Record<string, Json> = {}): DesignNode => ({
  id: kind,
  kind,
  name: kind,
  fields,
});
const from = (type: string) => ({ from: nodeOf('exchange', { type }), to: nodeOf('queue') });
const edge = (fields?: Record<string, Json>, more: Partial<DesignEdge> = {}): DesignEdge => ({
  id: 'e',
  from: 'x',
  fromPort: 'out',
  to: 'q',
  toPort: 'in',
  ...(fields ? { fields } : {}),
  ...more,
});

describe('the fields of an edge', () => {
  it('come from the port it leaves by, and count as the node says', () => {
    const names = (type: string) => visibleEdgeFields(edge(), from(type)).map(({ name }) => name);
    expect(names('topic')).toEqual(['bindingKey']);
    expect(names('headers')).toEqual(['match', 'headers']);
    expect(names('fanout')).toEqual([]);
    expect(visibleEdgeFields(edge(), { from: nodeOf('queue'), to: nodeOf('consumer-group') })).toEqual([]);
  });

  it('come from the port it enters by too, and count as the edge itself says', () => {
    const call = { from: nodeOf('consumer-group'), to: nodeOf('database') };
    const names = (fields?: Record<string, Json>) =>
      visibleEdgeFields(edge(fields), call).map(({ name }) => name);
    expect(names()).toEqual(['fallback', 'retry', 'breaker', 'limiter', 'timeout', 'bulkhead']);
    expect(names({ limiter: 'bucket' })).toContain('limiterPermits');
    expect(names({ retry: 'decorrelated' })).not.toContain('retryFactor');
    expect(visibleEdgeFields(edge(), { from: nodeOf('producer'), to: nodeOf('queue') })).toEqual([]);
  });

  it('count only where those count on which they depend', () => {
    const log = (service: string) => ({ from: nodeOf('topic', { service }), to: nodeOf('consumer-group') });
    const names = (service: string, fields?: Record<string, Json>) =>
      visibleEdgeFields(edge(fields), log(service)).map(({ name }) => name);
    expect(names('kinesis')).toEqual(['reads', 'readInterval']);
    expect(names('kinesis', { reads: 'fan-out' })).toEqual(['reads']);
    expect(names('kafka')).toEqual([]);
    expect(edgeCaption(edge({ reads: 'fan-out' }), log('kinesis'))).toBe('fan-out');
  });

  it('have their defaults where the design is silent', () => {
    expect(resolveEdgeFields(edge({ bindingKey: 'a' }), from('topic'))).toEqual({
      bindingKey: 'a',
      match: 'all',
      headers: {},
    });
  });
});

describe('the caption of an edge', () => {
  it('is its label, else what it says of itself', () => {
    expect(edgeCaption(edge({ bindingKey: '*.error' }), from('topic'))).toBe('*.error');
    expect(edgeCaption(edge({ bindingKey: '*.error' }, { label: 'mine' }), from('topic'))).toBe('mine');
    expect(edgeCaption(edge({ match: 'any', headers: { format: 'pdf' } }), from('headers'))).toBe(
      'any format: pdf',
    );
    expect(edgeCaption(edge({}, { fromPort: 'alternate' }), from('topic'))).toBe('unroutable');
  });

  it('names the guards of a call', () => {
    const call = { from: nodeOf('producer'), to: nodeOf('database') };
    const fields = { breaker: 'count', breakerWindow: 20, timeout: 1000, bulkhead: 'off' };
    expect(edgeCaption(edge(fields), call)).toBe('breaker, timeout');
  });

  it('says nothing of what does not count or is refused', () => {
    expect(edgeCaption(edge({ bindingKey: 'a' }), from('fanout'))).toBe('');
    expect(edgeCaption(edge({ bindingKey: 3 }), from('topic'))).toBe('');
    expect(edgeCaption(edge(), { from: undefined, to: undefined })).toBe('');
  });
});
