import { Dialog } from '@base-ui/react/dialog';
import X from 'lucide-react/icons/x';
import { useRef, type CSSProperties, type ReactNode } from 'react';

interface ModalProps {
  title: string;
  onClose: () => void;
  width?: number;
  /** Buttons at the bottom, the main one last. */
  foot?: ReactNode;
  /** Leaves the title to assistive technology only, for a dialog that starts with its own input. */
  bare?: boolean;
  /** The focus goes to the main button: what there is to choose is chosen already. */
  isChosen?: boolean;
  children: ReactNode;
}

/** The focus goes to the work of a dialog, not to its close button. */
const FIRST_CONTROL =
  '.palette-input input, .modal-body :is(input, select, button:not(:disabled)), .modal-foot button';

const MAIN_BUTTON = '.modal-foot .primary';

/** A dialog 96 px from the top: focus stays inside, Escape and a press outside close it and give the focus back. */
export function Modal({
  title,
  onClose,
  width = 560,
  foot,
  bare = false,
  isChosen = false,
  children,
}: ModalProps) {
  const popup = useRef<HTMLDivElement>(null);
  const style = { '--modal-width': `${width}px` } as CSSProperties;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup
          className="modal"
          style={style}
          ref={popup}
          initialFocus={() =>
            popup.current?.querySelector<HTMLElement>(isChosen ? MAIN_BUTTON : FIRST_CONTROL) ?? true
          }
        >
          {bare ? (
            <Dialog.Title className="visually-hidden">{title}</Dialog.Title>
          ) : (
            <div className="modal-head">
              <Dialog.Title className="modal-title">{title}</Dialog.Title>
              <Dialog.Close className="btn icon" aria-label="Close">
                <X size={18} strokeWidth={1.75} aria-hidden />
              </Dialog.Close>
            </div>
          )}
          {bare ? children : <div className="modal-body">{children}</div>}
          {foot && <div className="modal-foot">{foot}</div>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
