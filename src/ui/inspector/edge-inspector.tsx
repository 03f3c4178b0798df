import { lazy, Suspense } from 'react';
import type { FieldDefinition } from '../../design/fields.ts';
import type { DesignEdge, Json } from '../../design/types.ts';
import { visibleEdgeFields, type EdgeEnds } from '../../kinds/edge-fields.ts';
import { edgeSite } from '../../kinds/fault-site.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { count, perSecond } from '../look/figures.ts';
import { BreakMenu } from './break-menu.tsx';
import { FieldRow } from './fields/field-row.tsx';
import { readEdge } from './figures/node-reading.ts';
import { NowTable } from './figures/now-table.tsx';
import { useDraft } from './use-draft.ts';
import { EdgeWhy } from './why/why-block.tsx';

/** Draws a machine, which the page does not need before somebody looks at an edge. */
const EdgeGuards = lazy(() => import('./edge-guards.tsx'));
const EdgeLink = lazy(() => import('./edge-link.tsx'));

/** One edge: where from and to, its label, what passes and what stands. */
export function EdgeInspector({ edge }: { edge: DesignEdge }) {
  const studio = useStudio();
  const nodes = useDesign((state) => state.design.nodes);
  const from = nodes.find((node) => node.id === edge.from);
  const to = nodes.find((node) => node.id === edge.to);
  const port = kindDefinition(from?.kind ?? '')?.ports.find((candidate) => candidate.id === edge.fromPort);
  const label = useDraft({
    text: edge.label ?? '',
    commit: (text) => {
      const wanted = text.trim();
      studio.edit.dispatch({ type: 'set-edge-label', edge: edge.id, ...(wanted ? { label: wanted } : {}) });
      return null;
    },
  });
  return (
    <>
      <header>
        <div className="what">
          <h1>
            {from?.name ?? edge.from} → {to?.name ?? edge.to}
          </h1>
          <p className="kind">{port?.label ?? 'Edge'}</p>
        </div>
        <BreakMenu site={edgeSite(edge, nodes)} />
      </header>
      <EdgeWhy edge={edge.id} />
      <EdgeNow edge={edge} />
      <Suspense fallback={null}>
        <EdgeLink edge={edge.id} />
        <EdgeGuards edge={edge.id} />
      </Suspense>
      <section>
        <h2>Fields</h2>
        <EdgeFields edge={edge} ends={{ from, to }} />
        <div className="field">
          <label htmlFor="edge-label">Label</label>
          <span className="box">
            <input id="edge-label" maxLength={200} {...label.input} />
          </span>
        </div>
      </section>
      <div className="actions">
        {from && (
          <button type="button" className="btn line" onClick={() => studio.edit.select([from.id])}>
            Go to {from.name}
          </button>
        )}
        {to && (
          <button type="button" className="btn line" onClick={() => studio.edit.select([to.id])}>
            Go to {to.name}
          </button>
        )}
        <button type="button" className="btn line" onClick={() => studio.edit.deleteSelection()}>
          Delete
        </button>
      </div>
    </>
  );
}

/** What the ports at its ends give the edge: the binding key of an exchange, the guards of a call. */
function EdgeFields({ edge, ends }: { edge: DesignEdge; ends: EdgeEnds }) {
  const studio = useStudio();
  const messageTypes = useDesign((state) => state.design.messageTypes);
  const underWay = useRun((run) => run.session === 'running' || run.session === 'paused');
  const change = (field: FieldDefinition) => (value: Json) => {
    const isDefault = JSON.stringify(value) === JSON.stringify(field.default);
    studio.edit.dispatch(
      { type: 'set-edge-field', edge: edge.id, field: field.name, ...(isDefault ? {} : { value }) },
      `edge field ${edge.id} ${field.name}`,
    );
  };
  return visibleEdgeFields(edge, ends).map((field) => (
    <FieldRow
      key={field.name}
      definition={field}
      value={edge.fields?.[field.name] ?? field.default}
      changed={edge.fields?.[field.name] !== undefined}
      restarts={underWay && !field.live}
      messageTypes={messageTypes}
      onChange={change(field)}
    />
  ));
}

function EdgeNow({ edge }: { edge: DesignEdge }) {
  const frame = useFrameTick(4);
  const reading = frame && readEdge(frame, edge.id);
  if (!reading) return null;
  const rows = [
    { label: 'Passes', value: perSecond(reading.perSecond) },
    { label: 'Passed', value: count(reading.total), beside: 'since the start' },
    { label: 'Stands at the sender', value: count(reading.waiting), bad: reading.waiting > 0 },
    ...(reading.lost > 0
      ? [{ label: 'Lost on the way', value: count(reading.lost), beside: 'since the start', bad: true }]
      : []),
    ...(reading.late > 0
      ? [{ label: 'Came late', value: count(reading.late), beside: 'since the start', bad: true }]
      : []),
    ...(reading.throttled > 0
      ? [
          {
            label: 'Calls refused by shards',
            value: count(reading.throttled),
            beside: 'since the start',
            bad: true,
            title:
              'A shard answers 5 calls and gives 2 MiB a second to all who share it; then the call is made again.',
          },
        ]
      : []),
    ...(reading.blocked > 0 ? [{ label: 'Blocked', value: 'the target takes nothing', bad: true }] : []),
  ];
  return <NowTable title="Now" rows={rows} />;
}
