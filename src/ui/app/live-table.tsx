import './live-table.css';
import X from 'lucide-react/icons/x';
import type { DesignNode } from '../../design/types.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import type { Frame } from '../../store/frames.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { readNode } from '../inspector/figures/node-reading.ts';
import { count, duration, percent, rate } from '../look/figures.ts';
import { stateWords } from './state-words.ts';
import { useDesign, useRun, useStudio } from './studio-context.tsx';

/** All live figures as text: what the canvas shows, for reading, copying and assistive technology. */
export function LiveTable() {
  const studio = useStudio();
  const nodes = useDesign((state) => state.design.nodes);
  const frame = useFrameTick(2);
  const close = () =>
    studio.view.setState(({ panel }) => ({ tableOpen: false, panel: panel === 'table' ? 'none' : panel }));
  return (
    <section className="live-table" aria-label="Table of figures">
      <button
        type="button"
        className="btn icon small live-table-close"
        aria-label="Close the table"
        title="Close the table (F)"
        onClick={close}
      >
        <X size={16} strokeWidth={1.75} aria-hidden />
      </button>
      <div className="live-table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">State</th>
              <th scope="col">In, /s</th>
              <th scope="col">Out, /s</th>
              <th scope="col">Holds</th>
              <th scope="col">Busy</th>
              <th scope="col">Wait, mean</th>
              <th scope="col">Latency, p95</th>
              <th scope="col">Dead letters</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <Row key={node.id} node={node} frame={frame} />
            ))}
          </tbody>
        </table>
        {!frame && <p className="quiet">Press Play to see figures.</p>}
      </div>
    </section>
  );
}

function Row({ node, frame }: { node: DesignNode; frame: Frame | null }) {
  const studio = useStudio();
  const activeFaults = useRun((run) => run.activeFaults);
  const selected = useDesign((state) => state.selection.nodes.has(node.id));
  const reading = frame && readNode(frame, node.id);
  // These hold nothing: the amount of a producer is what it has sent, that of an exchange what it has returned.
  const held = node.kind === 'producer' || node.kind === 'exchange' ? null : reading;
  const nodes = useDesign((state) => state.design.nodes);
  const words = frame ? stateWords(node, nodes, frame, activeFaults) : '';
  return (
    <tr aria-selected={selected}>
      <th scope="row">
        <button type="button" onClick={() => studio.edit.select([node.id])}>
          {node.name}
        </button>
        <small>{kindDefinition(node.kind)?.name ?? node.kind}</small>
      </th>
      <td className="words">{words}</td>
      <td>{reading ? rate(reading.inPerSecond) : ''}</td>
      <td>{reading ? rate(reading.outPerSecond) : ''}</td>
      <td>
        {held ? count(held.amount) : ''}
        {held && held.limit > 0 ? <small> of {count(held.limit)}</small> : null}
      </td>
      <td>{reading && reading.servers > 0 ? percent(reading.busy / reading.servers) : ''}</td>
      <td>{reading ? figureOrBlank(reading.waitMsMean) : ''}</td>
      <td>{reading ? figureOrBlank(reading.latencyMsP95) : ''}</td>
      <td>{reading && reading.deadLettered > 0 ? count(reading.deadLettered) : ''}</td>
    </tr>
  );
}

function figureOrBlank(ms: number): string {
  return Number.isFinite(ms) && ms > 0 ? duration(ms) : '';
}
