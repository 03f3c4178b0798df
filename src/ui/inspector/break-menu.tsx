import { Menu } from '@base-ui/react/menu';
import type { DesignNode } from '../../design/types.ts';
import type { KindDefinition } from '../../kinds/kind.ts';
import { useRun, useStudio } from '../app/studio-context.tsx';
import { breakEntries, type BreakEntry } from '../canvas/break-entries.ts';
import { askToBreak } from './break-request.ts';

/** What can be broken in a node and what can be healed: the same lines as in the menu of its card. */
export function BreakMenu({ node, definition }: { node: DesignNode; definition: KindDefinition }) {
  const studio = useStudio();
  const active = useRun((run) => run.activeFaults);
  if (definition.faults.length === 0) return null;
  const act = (entry: BreakEntry) => {
    if (entry.type === 'heal') studio.run.heal(entry.faultId);
    else if (entry.type === 'inject') studio.run.inject(node.id, entry.fault, entry.args);
    else askToBreak(studio, node.id, entry.fault);
  };
  return (
    <Menu.Root>
      <Menu.Trigger className="btn line yours" title="Break it (B)">
        Break…
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="menu-positioner">
          <Menu.Popup className="menu">
            {breakEntries(definition, node, active).map((entry) => (
              <Menu.Item key={entry.label} className="menu-item" onClick={() => act(entry)}>
                {entry.label}
              </Menu.Item>
            ))}
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={() => askToBreak(studio, node.id, null)}>
              At a set time…
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
