import './dialogs.css';
import { Modal } from '../../controls/modal.tsx';
import { SHORTCUTS } from '../shortcuts.ts';
import { useStudio } from '../studio-context.tsx';

/** The `?` sheet. */
export default function ShortcutsDialog() {
  const studio = useStudio();
  return (
    <Modal title="Shortcuts" width={640} onClose={() => studio.view.setState({ panel: 'none' })}>
      <div className="shortcut-columns">
        {SHORTCUTS.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            {group.shortcuts.map((shortcut) => (
              <div key={shortcut.keys}>
                <span>{shortcut.does}</span>
                <kbd className="kbd">{shortcut.keys}</kbd>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Modal>
  );
}
