import './dialogs.css';
import '../../inspector/fields.css';
import { useState } from 'react';
import { useStore } from 'zustand/react';
import type { FieldDefinition } from '../../../design/fields.ts';
import { freshId } from '../../../design/names.ts';
import type { DesignNode, Json, ScheduledFault } from '../../../design/types.ts';
import type { FaultDefinition } from '../../../kinds/kind.ts';
import { kindDefinition } from '../../../kinds/registry.ts';
import type { Studio } from '../../../store/studio.ts';
import { Modal } from '../../controls/modal.tsx';
import { breakRequest } from '../../inspector/break-request.ts';
import { FieldRow } from '../../inspector/field-row.tsx';
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

/** Breaks a node on purpose: now by hand, or at a set time in every run of this scenario. */
export default function BreakDialog() {
  const studio = useStudio();
  const request = useStore(breakRequest);
  const nodes = useDesign((state) => state.design.nodes);
  const selected = useDesign((state) => state.selection.nodes);
  const breakable = nodes.filter((node) => (kindDefinition(node.kind)?.faults.length ?? 0) > 0);
  const asked = request.node ?? [...selected].find((id) => breakable.some((node) => node.id === id));
  const [nodeId, setNodeId] = useState(asked ?? breakable[0]?.id ?? '');
  const node = breakable.find((candidate) => candidate.id === nodeId);
  const close = () => {
    breakRequest.setState({ node: null, fault: null });
    studio.view.setState({ panel: 'none' });
  };
  if (!node) {
    return (
      <Modal title="Break…" onClose={close}>
        <p>There is nothing to break yet. Producers, consumer groups and databases can be broken.</p>
      </Modal>
    );
  }
  return <BreakForm key={node.id} node={node} breakable={breakable} onNode={setNodeId} onClose={close} />;
}

interface BreakFormProps {
  node: DesignNode;
  breakable: readonly DesignNode[];
  onNode: (id: string) => void;
  onClose: () => void;
}

function BreakForm({ node, breakable, onNode, onClose }: BreakFormProps) {
  const studio = useStudio();
  const messageTypes = useDesign((state) => state.design.messageTypes);
  const nowMs = useRun((run) => run.simulatedMs);
  const faults = kindDefinition(node.kind)?.faults ?? [];
  const [faultId, setFaultId] = useState(breakRequest.getState().fault ?? faults[0].id);
  const fault = faults.find((candidate) => candidate.id === faultId) ?? faults[0];
  const [values, setValues] = useState<Record<string, Json>>({});
  const [atMs, setAtMs] = useState(Math.max(10_000, Math.ceil(nowMs / 10_000) * 10_000));
  const [forMs, setForMs] = useState(0);
  const args = argsOf(fault, values);

  const breakNow = () => {
    studio.run.inject(node.id, fault.id, args, forMs > 0 ? forMs : undefined);
    onClose();
  };
  const schedule = () => {
    const lasts = forMs > 0 ? { forMs } : {};
    planFault(studio, `${node.name} ${fault.id}`, { atMs, ...lasts, node: node.id, fault: fault.id, args });
    onClose();
  };

  return (
    <Modal
      title={`Break ${node.name}`}
      onClose={onClose}
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
      {breakable.length > 1 && <NodeChoice node={node} breakable={breakable} onNode={onNode} />}
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
          <FieldRow
            definition={FOR}
            value={forMs}
            messageTypes={[]}
            onChange={(value) => setForMs(Number(value))}
          />
        </div>
        <div>
          <h3>Only when planned for every run</h3>
          <div className="inline-fields">
            <FieldRow
              definition={AT}
              value={atMs}
              messageTypes={[]}
              onChange={(value) => setAtMs(Number(value))}
            />
          </div>
        </div>
      </div>
    </Modal>
  );
}

function planFault(studio: Studio, name: string, fault: Omit<ScheduledFault, 'id'>): void {
  const { faults } = studio.designs.getState().design.scenario;
  const id = freshId(new Set(faults.map((other) => other.id)), name, 'fault');
  studio.edit.dispatch({ type: 'set-faults', faults: [...faults, { id, ...fault }] });
}

function NodeChoice({ node, breakable, onNode }: Omit<BreakFormProps, 'onClose'>) {
  return (
    <div className="field">
      <label htmlFor="break-node">Node</label>
      <span className="box select">
        <select id="break-node" value={node.id} onChange={(event) => onNode(event.target.value)}>
          {breakable.map((other) => (
            <option key={other.id} value={other.id}>
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
