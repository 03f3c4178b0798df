import './dialogs.css';
import { GALLERY } from '../../../gallery/gallery.ts';
import { Modal } from '../../controls/modal.tsx';
import { useStudio } from '../studio-context.tsx';
import { useSavedDesigns } from './use-saved-designs.ts';

/** Designs to open: those that this browser keeps, and the examples. The design that was open stays saved. */
export default function GalleryDialog() {
  const studio = useStudio();
  const saved = useSavedDesigns();
  const close = () => studio.view.setState({ panel: 'none' });
  return (
    <Modal title="Open a design" onClose={close}>
      <p>The design that is open now stays saved, and stands in this list afterwards.</p>
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
      <section className="choice-section">
        {saved.length > 0 && <h3>Examples</h3>}
        <ul className="choice-list">
          {GALLERY.map((entry) => (
            <Choice
              key={entry.name}
              title={entry.title}
              text={entry.what}
              onChoose={() => {
                close();
                void studio.edit.open(entry.design);
              }}
            />
          ))}
        </ul>
      </section>
    </Modal>
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
