import type { DesignNode } from '../../design/types.ts';
import { PROFILE_NOTES } from '../../kinds/cloud-broker/profile-notes.ts';

/** What is modelled of the broker that a managed queue stands for, and what is not; folded until asked for. */
export function ProfileCard({ node }: { node: DesignNode }) {
  const { profile } = node.fields;
  const notes = PROFILE_NOTES[typeof profile === 'string' ? profile : 'sqs'];
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
