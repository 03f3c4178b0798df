import { Menu } from '@base-ui/react/menu';
import type { FaultSite } from '../../kinds/fault-site.ts';
import { useRun, useStudio } from '../app/studio-context.tsx';
import { breakEntries, placeOf, type BreakEntry } from '../canvas/break-entries.ts';
import { askToBreak } from './break-request.ts';

/** What can be broken in a node or an edge and what can be healed: the same lines as in the menu of a card. */
export function BreakMenu({ site }: { site: FaultSite }) {
  const studio = useStudio();
  const active = useRun((run) => run.activeFaults);
  if (site.faults.length === 0) return null;
  const place = placeOf(site);
  const act = (entry: BreakEntry) => {
    if (entry.type === 'heal') studio.run.heal(entry.faultId);
    else if (entry.type === 'inject') studio.run.inject(place, entry.fault, entry.args);
    else askToBreak(studio, place, entry.fault);
  };
  return (
    <Menu.Root>
      <Menu.Trigger className="btn line yours" title="Break it (B)">
        Break…
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="menu-positioner">
          <Menu.Popup className="menu">
            {breakEntries(site, active).map((entry) => (
              <Menu.Item key={entry.label} className="menu-item" onClick={() => act(entry)}>
                {entry.label}
              </Menu.Item>
            ))}
            {site.refusal !== undefined && <p className="menu-note">{site.refusal}</p>}
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={() => askToBreak(studio, place, null)}>
              At a set time…
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
