import './dialogs.css';
import '../../inspector/fields/fields.css';
import { useState } from 'react';
import type { DesignNode } from '../../../design/types.ts';
import { possibleConnections, refusalSentence, type Connection } from '../../../kinds/connections.ts';
import { kindDefinition } from '../../../kinds/registry.ts';
import { Modal } from '../../controls/modal.tsx';
import { KindTile } from '../../look/glyph.tsx';
import { useDesign, useStudio, useView } from '../studio-context.tsx';

/** "Connect to…": where the selected node may lead, and why it may not lead elsewhere. */
export default function ConnectDialog() {
  const studio = useStudio();
  const design = useDesign((state) => state.design);
  const selection = useDesign((state) => state.selection.nodes);
  const started = useView((view) => view.connectingFrom);
  const [query, setQuery] = useState('');
  const close = () => studio.view.setState({ panel: 'none', connectingFrom: null });
  const fromId = started?.node ?? [...selection][0];
  const from = design.nodes.find((node) => node.id === fromId);
  if (!from) {
    return (
      <Modal title="Connect to…" onClose={close}>
        <p>Select the node to connect from first.</p>
      </Modal>
    );
  }
  const targets = design.nodes
    .filter((node) => node.id !== from.id && node.name.toLowerCase().includes(query.trim().toLowerCase()))
    .map((node) => {
      const ways = possibleConnections(from.kind, node.kind).filter(
        (way) => started?.port === undefined || way.fromPort === started.port,
      );
      const already = design.edges.some((edge) => edge.from === from.id && edge.to === node.id);
      return { node, ways, already };
    })
    .toSorted((a, b) => Number(b.ways.length > 0 && !b.already) - Number(a.ways.length > 0 && !a.already));
  return (
    <Modal title={`Connect ${from.name} to…`} onClose={close}>
      {design.nodes.length > 8 && (
        <span className="box">
          <input
            autoFocus
            aria-label="Find a node"
            placeholder="Find a node"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </span>
      )}
      <ul className="choice-list">
        {targets.map(({ node, ways, already }) =>
          (ways.length > 0 ? ways : [null]).map((way) => (
            <li key={`${node.id} ${way?.fromPort}`}>
              <Target
                from={from}
                to={node}
                way={way}
                already={already}
                onConnect={(port) => {
                  if (studio.edit.connect(from.id, node.id, port)) close();
                }}
              />
            </li>
          )),
        )}
      </ul>
      {design.nodes.length < 2 && <p>There is nothing to connect to yet. Add a node first.</p>}
    </Modal>
  );
}

interface TargetProps {
  from: DesignNode;
  to: DesignNode;
  /** Null when there is no way to join the two. */
  way: Connection | null;
  already: boolean;
  onConnect: (port: string) => void;
}

function Target({ from, to, way, already, onConnect }: TargetProps) {
  const kind = kindDefinition(to.kind);
  const port = kindDefinition(from.kind)?.ports.find((candidate) => candidate.id === way?.fromPort);
  return (
    <button
      type="button"
      className="choice"
      disabled={way === null}
      onClick={() => way && onConnect(way.fromPort)}
    >
      {kind && <KindTile family={kind.family} glyph={kind.glyph} outlined={way === null} />}
      <span>
        <b>{to.name}</b>
        <small>
          {way === null
            ? refusalSentence(from.kind, to.kind)
            : `${port?.label ?? way.fromPort}${already ? ' · already connected' : ''}`}
        </small>
      </span>
    </button>
  );
}
