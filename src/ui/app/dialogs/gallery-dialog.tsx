import './dialogs.css';
import { GALLERY } from '../../../gallery/gallery.ts';
import { Modal } from '../../controls/modal.tsx';
import { useStudio } from '../studio-context.tsx';

/** Examples to open. The design that was open stays saved. */
export default function GalleryDialog() {
  const studio = useStudio();
  const close = () => studio.view.setState({ panel: 'none' });
  return (
    <Modal title="Examples" onClose={close}>
      <p>Opening one leaves your design as it is, saved under its own name.</p>
      <ul className="choice-list">
        {GALLERY.map((entry) => (
          <li key={entry.name}>
            <button
              type="button"
              className="choice plain"
              onClick={() => {
                close();
                void studio.edit.open(entry.design);
              }}
            >
              <b>{entry.title}</b>
              <small>{entry.what}</small>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
