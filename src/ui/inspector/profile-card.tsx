import type { DesignNode } from '../../design/types.ts';
import { PROFILE_NOTES } from '../../kinds/cloud-broker/profile-notes.ts';
import { ROUTER_NOTES } from '../../kinds/event-router/profile-notes.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { KINESIS_NOTES } from '../../kinds/topic/stream-notes.ts';
import { plainJson } from './plain-json.ts';

interface Notes {
  label: string;
  modelled: readonly string[];
  notModelled: readonly string[];
}

/** By kind: the notes of each service that it may be, and the field that says which. */
const NOTES: Readonly<Record<string, { field: string; of: Readonly<Record<string, Notes>> }>> = {
  'cloud-broker': { field: 'profile', of: PROFILE_NOTES },
  'event-router': { field: 'profile', of: ROUTER_NOTES },
  topic: { field: 'service', of: { kinesis: KINESIS_NOTES } },
};

/** What is modelled of the managed service that a node stands for, and what is not; folded until asked for. */
export function ProfileCard({ node }: { node: DesignNode }) {
  const known = NOTES[node.kind];
  const notes = known?.of[plainJson(resolveFields(node)[known.field])];
  if (!notes) return null;
  return (
    <details className="profile-card">
      <summary>{notes.label}: what is modelled</summary>
      <ul>
        {notes.modelled.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p>Not modelled:</p>
      <ul>
        {notes.notModelled.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
