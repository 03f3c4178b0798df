import './dialogs.css';
import '../../inspector/fields/fields.css';
import { useState } from 'react';
import { useStore } from 'zustand/react';
import type { FieldDefinition } from '../../../design/fields.ts';
import { freshId } from '../../../design/names.ts';
import type { Json, ScheduledFault } from '../../../design/types.ts';
import { edgeSite, nodeSite, type FaultSite } from '../../../kinds/fault-site.ts';
import type { FaultDefinition } from '../../../kinds/kind.ts';
import type { FaultPlace } from '../../../store/run-store.ts';
import type { Studio } from '../../../store/studio.ts';
import { placeOf } from '../../canvas/break-entries.ts';
import { Modal } from '../../controls/modal.tsx';
import { breakRequest } from '../../inspector/break-request.ts';
import { FieldRow } from '../../inspector/fields/field-row.tsx';
import { useDesign, useRun, useStudio } from '../studio-context.tsx';

const AT: FieldDefinition = {
  name: 'atMs',
  label: 'At',
  help: 'Simulated time at which it happens in every run.',
  value: { type: 'duration', min: 0, max: 31_536_000_000 },
  default: 60_000,
  live: false,
};

const FOR: FieldDefinition = {
  name: 'forMs',
  label: 'For',
  help: 'How long it lasts. 0 means until you heal it.',
  value: { type: 'duration', min: 0, max: 31_536_000_000, zeroMeans: 'until you heal it' },
  default: 0,
  live: true,
};

/** Breaks a node or an edge on purpose: now by hand, or at a set time in every run of this scenario. */
export default function BreakDialog() {
  const studio = useStudio();
  const request = useStore(breakRequest);
  const nodes = useDesign((state) => state.design.nodes);
  const edges = useDesign((state) => state.design.edges);
  const selection = useDesign((state) => state.selection);
  const sites = [...nodes.map(nodeSite), ...edges.map((edge) => edgeSite(edge, nodes))];
  const breakable = sites.filter(({ faults }) => faults.length > 0);
  const isSelected = ({ node, edge }: FaultSite) =>
    node ? selection.nodes.has(node.id) : selection.edges.has(edge!.id);
  const asked = request.place === null ? breakable.find(isSelected) : undefined;
  const [key, setKey] = useState(asked ? keyOf(asked) : requestedKey(request.place));
  const site = breakable.find((candidate) => keyOf(candidate) === key) ?? breakable[0];
  const close = () => {
    breakRequest.setState({ place: null, fault: null });
    studio.view.setState({ panel: 'none' });
  };
  if (!site) {
    return (
      <Modal title="Break…" onClose={close}>
        <p>
          There is nothing to break yet. Producers, consumer groups, databases and services can be broken.
        </p>
      </Modal>
    );
  }
  return <BreakForm key={keyOf(site)} site={site} breakable={breakable} onSite={setKey} onClose={close} />;
}

/** Nodes and edges may have the same ids. */
function keyOf({ node, edge }: FaultSite): string {
  return node ? `node ${node.id}` : `edge ${edge!.id}`;
}

function requestedKey(place: FaultPlace | null): string {
  return typeof place === 'string' ? `node ${place}` : `edge ${place?.edge}`;
}

interface BreakFormProps {
  site: FaultSite;
  breakable: readonly FaultSite[];
  onSite: (key: string) => void;
  onClose: () => void;
}

function BreakForm({ site, breakable, onSite, onClose }: BreakFormProps) {
  const studio = useStudio();
  const messageTypes = useDesign((state) => state.design.messageTypes);
  const nowMs = useRun((run) => run.simulatedMs);
  const { faults } = site;
  const [faultId, setFaultId] = useState(breakRequest.getState().fault ?? faults[0].id);
  const fault = faults.find((candidate) => candidate.id === faultId) ?? faults[0];
  const [values, setValues] = useState<Record<string, Json>>({});
  const [atMs, setAtMs] = useState(Math.max(10_000, Math.ceil(nowMs / 10_000) * 10_000));
  const [chosenMs, setForMs] = useState(0);
  const forMs = fault.endsItself === true ? 0 : chosenMs;
  const args = argsOf(fault, values);

  const breakNow = () => {
    studio.run.inject(placeOf(site), fault.id, args, forMs > 0 ? forMs : undefined);
    onClose();
  };
  const schedule = () => {
    const lasts = forMs > 0 ? { forMs } : {};
    planFault(studio, `${site.name} ${fault.id}`, {
      atMs,
      ...lasts,
      ...struckOf(site),
      fault: fault.id,
      args,
    });
    onClose();
  };

  return (
    <Modal
      title={`Break ${site.name}`}
      onClose={onClose}
      isChosen={breakRequest.getState().fault !== null}
      foot={
        <>
          <button type="button" className="btn line" onClick={schedule}>
            Plan it for every run
          </button>
          <button type="button" className="btn line primary" onClick={breakNow}>
            {fault.doItNow ?? 'Break it now'}
          </button>
        </>
      }
    >
      {breakable.length > 1 && <SiteChoice site={site} breakable={breakable} onSite={onSite} />}
      <FaultChoice faults={faults} chosen={fault.id} onChoose={setFaultId} />
      <div className="break-form">
        <div className="inline-fields">
          {fault.fields.map((field) => (
            <FieldRow
              key={`${fault.id} ${field.name}`}
              definition={field}
              value={args[field.name]}
              messageTypes={messageTypes}
              onChange={(value) => setValues({ ...values, [field.name]: value })}
            />
          ))}
          {fault.endsItself !== true && (
            <FieldRow
              definition={FOR}
              value={forMs}
              messageTypes={[]}
              onChange={(value) => setForMs(Number(value))}
            />
          )}
        </div>
        <WhenPlanned atMs={atMs} onChange={setAtMs} />
      </div>
    </Modal>
  );
}

function WhenPlanned({ atMs, onChange }: { atMs: number; onChange: (ms: number) => void }) {
  return (
    <div>
      <h3>Only when planned for every run</h3>
      <div className="inline-fields">
        <FieldRow
          definition={AT}
          value={atMs}
          messageTypes={[]}
          onChange={(value) => onChange(Number(value))}
        />
      </div>
    </div>
  );
}

function struckOf({ node, edge }: FaultSite): Pick<ScheduledFault, 'node' | 'edge'> {
  return node ? { node: node.id } : { edge: edge!.id };
}

function planFault(studio: Studio, name: string, fault: Omit<ScheduledFault, 'id'>): void {
  const { faults } = studio.designs.getState().design.scenario;
  const id = freshId(new Set(faults.map((other) => other.id)), name, 'fault');
  studio.edit.dispatch({ type: 'set-faults', faults: [...faults, { id, ...fault }] });
}

function SiteChoice({ site, breakable, onSite }: Omit<BreakFormProps, 'onClose'>) {
  return (
    <div className="field">
      <label htmlFor="break-site">Node or edge</label>
      <span className="box select">
        <select id="break-site" value={keyOf(site)} onChange={(event) => onSite(event.target.value)}>
          {breakable.map((other) => (
            <option key={keyOf(other)} value={keyOf(other)}>
              {other.name}
            </option>
          ))}
        </select>
      </span>
    </div>
  );
}

interface FaultChoiceProps {
  faults: readonly FaultDefinition[];
  chosen: string;
  onChoose: (fault: string) => void;
}

function FaultChoice({ faults, chosen, onChoose }: FaultChoiceProps) {
  return (
    <div className="choice-list" role="radiogroup" aria-label="What happens">
      {faults.map((option) => (
        <label className="choice radio" key={option.id}>
          <input
            type="radio"
            name="fault"
            checked={option.id === chosen}
            onChange={() => onChoose(option.id)}
          />
          <b>{option.label}</b>
          <small>{option.help}</small>
        </label>
      ))}
    </div>
  );
}

function argsOf(fault: FaultDefinition, values: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(fault.fields.map((field) => [field.name, values[field.name] ?? field.default]));
}
