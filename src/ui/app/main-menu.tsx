import { Menu } from '@base-ui/react/menu';
import Ellipsis from 'lucide-react/icons/ellipsis';
import { copyLink } from './copy-link.ts';
import { chooseDesignFile, saveDesignFile } from './design-file.ts';
import { useStudio, useView } from './studio-context.tsx';

const THEMES = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** The rest of what a document and the page can do: files, examples, theme, help. */
export default function MainMenu() {
  const studio = useStudio();
  const inspectorOpen = useView((view) => view.inspectorOpen);
  const tableOpen = useView((view) => view.tableOpen);
  return (
    <Menu.Root>
      <Menu.Trigger className="btn icon" aria-label="More">
        <Ellipsis size={18} strokeWidth={1.75} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="menu-positioner">
          <Menu.Popup className="menu">
            <Menu.Item className="menu-item" onClick={() => void studio.edit.startNew()}>
              New design
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => studio.view.setState({ panel: 'gallery' })}>
              Your designs and examples…
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => chooseDesignFile(studio)}>
              Open file… <kbd className="kbd">Ctrl O</kbd>
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => saveDesignFile(studio)}>
              Save as file <kbd className="kbd">Ctrl S</kbd>
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => void copyLink(studio)}>
              Copy link
            </Menu.Item>
            <Menu.Separator className="menu-line" />
            <Menu.CheckboxItem
              className="menu-item"
              closeOnClick
              checked={inspectorOpen}
              onCheckedChange={(checked) => studio.view.setState({ inspectorOpen: checked })}
            >
              Inspector
              <Menu.CheckboxItemIndicator className="menu-check">✓</Menu.CheckboxItemIndicator>
            </Menu.CheckboxItem>
            <Menu.CheckboxItem
              className="menu-item"
              closeOnClick
              checked={tableOpen}
              onCheckedChange={(checked) => studio.view.setState({ tableOpen: checked })}
            >
              Table of figures
              <Menu.CheckboxItemIndicator className="menu-check">✓</Menu.CheckboxItemIndicator>
            </Menu.CheckboxItem>
            <Menu.Separator className="menu-line" />
            <ThemeChoice />
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={() => studio.view.setState({ panel: 'shortcuts' })}>
              Shortcuts <kbd className="kbd">?</kbd>
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function ThemeChoice() {
  const studio = useStudio();
  const theme = useView((view) => view.theme);
  return (
    <Menu.RadioGroup
      value={theme}
      onValueChange={(value: (typeof THEMES)[number]['value']) => studio.view.setState({ theme: value })}
    >
      <Menu.GroupLabel className="menu-label">Theme</Menu.GroupLabel>
      {THEMES.map((choice) => (
        <Menu.RadioItem key={choice.value} value={choice.value} className="menu-item" closeOnClick>
          {choice.label}
          <Menu.RadioItemIndicator className="menu-check">✓</Menu.RadioItemIndicator>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
