import './dialogs.css';
import type { GalleryEntry } from '../../../gallery/gallery-entry.ts';
import { GALLERY } from '../../../gallery/gallery.ts';
import { MYTHS } from '../../../gallery/myths/myths.ts';
import { Modal } from '../../controls/modal.tsx';
import { useStudio } from '../studio-context.tsx';
import { useSavedDesigns } from './use-saved-designs.ts';

/** Designs to open: those that this browser keeps, and the examples. A design that was changed stays saved. */
export default function GalleryDialog() {
  const studio = useStudio();
  const saved = useSavedDesigns();
  const close = () => studio.view.setState({ panel: 'none' });
  return (
    <Modal title="Open a design" onClose={close}>
      <p>What you changed in the open design stays saved, and it stands in this list afterwards.</p>
      {saved.length > 0 && (
        <section className="choice-section">
          <h3>Yours, in this browser</h3>
          <ul className="choice-list">
            {saved.map(({ id, name, updatedAt }) => (
              <Choice
                key={id}
                title={name}
                text={`Changed ${dateText(updatedAt)}`}
                onChoose={() => {
                  close();
                  void studio.edit.openSaved(id);
                }}
              />
            ))}
          </ul>
        </section>
      )}
      <Examples heading="Examples" entries={GALLERY} />
      <Examples heading="Myths" entries={MYTHS} />
    </Modal>
  );
}

function Examples({ heading, entries }: { heading: string; entries: readonly GalleryEntry[] }) {
  const studio = useStudio();
  return (
    <section className="choice-section">
      <h3>{heading}</h3>
      <ul className="choice-list">
        {entries.map(({ name, title, myth, what, design }) => (
          <Choice
            key={name}
            title={title}
            text={myth === undefined ? what : `“${myth}” ${what}`}
            onChoose={() => {
              studio.view.setState({ panel: 'none' });
              void studio.edit.open(design);
            }}
          />
        ))}
      </ul>
    </section>
  );
}

function Choice({ title, text, onChoose }: { title: string; text: string; onChoose: () => void }) {
  return (
    <li>
      <button type="button" className="choice plain" onClick={onChoose}>
        <b>{title}</b>
        <small>{text}</small>
      </button>
    </li>
  );
}

function dateText(atMs: number): string {
  return new Date(atMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
