// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { newDesign } from '../../design/new-design.ts';
import { renderStudio } from '../../testing/render-studio.tsx';
import { useDesign } from '../app/studio-context.tsx';
import { EdgeInspector } from './edge-inspector.tsx';

function Form() {
  const edge = useDesign((state) => state.design.edges[0]);
  return <EdgeInspector edge={edge} />;
}

function renderEdge(type: string) {
  return renderStudio(<Form />, {
    ...newDesign('Routing'),
    nodes: [
      { id: 'x', kind: 'exchange', name: 'logs', fields: { type } },
      { id: 'q', kind: 'queue', name: 'errors', fields: {} },
    ],
    edges: [{ id: 'e', from: 'x', fromPort: 'out', to: 'q', toPort: 'in' }],
    layout: { nodes: ['x', 'q'].map((id) => ({ id, x: 0, y: 0 })) },
  });
}

describe('The form of an edge', () => {
  it('sets the binding key, and leaves nothing behind when it is empty again', async () => {
    const { studio, user } = await renderEdge('topic');
    const fields = () => studio.designs.getState().design.edges[0].fields;
    const box = screen.getByLabelText(/^Binding key/);
    await user.type(box, '*.error{Enter}');
    expect(fields()).toEqual({ bindingKey: '*.error' });
    await user.clear(box);
    await user.type(box, '{Enter}');
    expect(fields()).toBeUndefined();
  });

  it('asks for headers where the exchange compares headers, and refuses what is none', async () => {
    const { studio, user } = await renderEdge('headers');
    expect(screen.queryByLabelText(/^Binding key/)).toBeNull();
    const box = screen.getByLabelText(/^Headers/);
    await user.type(box, 'format: pdf, pages: 3{Enter}');
    expect(studio.designs.getState().design.edges[0].fields).toEqual({
      headers: { format: 'pdf', pages: 3 },
    });
    await user.clear(box);
    await user.type(box, ': 3{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Found ": 3", expected headers such as "format: pdf, pages: 3".',
    );
  });

  it('offers the guards of a call, and the settings of those that are on', async () => {
    const { studio, user } = await renderStudio(<Form />, {
      ...newDesign('Calls'),
      nodes: [
        { id: 'g', kind: 'consumer-group', name: 'workers', fields: {} },
        { id: 'db', kind: 'database', name: 'stock', fields: {} },
      ],
      edges: [{ id: 'e', from: 'g', fromPort: 'out', to: 'db', toPort: 'in' }],
      layout: { nodes: ['g', 'db'].map((id) => ({ id, x: 0, y: 0 })) },
    });
    expect(screen.queryByLabelText(/^Trial calls/)).toBeNull();
    await user.selectOptions(screen.getByLabelText(/^Circuit breaker/), 'count');
    expect(studio.designs.getState().design.edges[0].fields).toEqual({ breaker: 'count' });
    expect(screen.getByLabelText(/^Trial calls/)).toBeInTheDocument();
  });
});
