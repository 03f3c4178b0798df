import { Menu } from '@base-ui/react/menu';
import { useMemo, type ReactNode } from 'react';
import type { DesignEdge, DesignNode } from '../../design/types.ts';
import { edgeSite, nodeSite, type FaultSite } from '../../kinds/fault-site.ts';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { askToBreak } from '../inspector/break-request.ts';
import { useCanvas, useCanvasStore } from './canvas-state.ts';
import { breakEntries, placeOf, type BreakEntry } from './break-entries.ts';

/** The menu of a card, by right click or the menu key: what can be done with it, and what can be broken in it. */
export default function CardMenu() {
  const menu = useCanvas((state) => state.menu);
  const node = useDesign((state) => state.design.nodes.find((one) => one.id === menu?.node));
  const edge = useDesign((state) => state.design.edges.find((one) => one.id === menu?.edge));
  if (menu && edge)
    return <EdgeMenu key={`${edge.id} ${menu.x} ${menu.y}`} edge={edge} x={menu.x} y={menu.y} />;
  if (!menu || !node) return null;
  return <OpenMenu key={`${menu.node} ${menu.x} ${menu.y}`} node={node} x={menu.x} y={menu.y} />;
}

function OpenMenu({ node, x, y }: { node: DesignNode; x: number; y: number }) {
  const studio = useStudio();
  const store = useCanvasStore();
  const close = () => {
    store.setState({ menu: null });
    const card = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(node.id)}"]`);
    card?.focus({ preventScroll: true });
  };
  const site = nodeSite(node);
  return (
    <MenuAt x={x} y={y} site={site} onClose={close}>
      <Entry label="Rename" keys="F2" run={() => setTimeout(() => store.setState({ renaming: node.id }))} />
      <Entry label="Duplicate" keys="Ctrl D" run={() => studio.edit.duplicateSelection()} />
      <Entry label="Connect to…" run={() => studio.view.setState({ panel: 'connect-to' })} />
      <Entry label="Delete" keys="Del" run={() => studio.edit.deleteSelection()} />
    </MenuAt>
  );
}

interface MenuAtProps {
  x: number;
  y: number;
  /** What the menu is of; its faults stand last. */
  site: FaultSite;
  onClose: () => void;
  children: ReactNode;
}

function MenuAt({ x, y, site, onClose, children }: MenuAtProps) {
  const anchor = useMemo(() => ({ getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }), [x, y]);
  return (
    <Menu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} side="bottom" align="start" className="menu-positioner">
          <Menu.Popup className="menu card-menu" aria-label={`Menu of ${site.name}`} finalFocus={false}>
            {children}
            {site.faults.length > 0 && <BreakEntries site={site} />}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The menu of an edge, by right click: what can be broken in the network under it. */
function EdgeMenu({ edge, x, y }: { edge: DesignEdge; x: number; y: number }) {
  const studio = useStudio();
  const store = useCanvasStore();
  const nodes = useDesign((state) => state.design.nodes);
  const site = edgeSite(edge, nodes);
  return (
    <MenuAt x={x} y={y} site={site} onClose={() => store.setState({ menu: null })}>
      <Entry label="Delete" keys="Del" run={() => studio.edit.deleteSelection()} />
    </MenuAt>
  );
}

function BreakEntries({ site }: { site: FaultSite }) {
  const studio = useStudio();
  const active = useRun((run) => run.activeFaults);
  const run = (entry: BreakEntry) => {
    if (entry.type === 'heal') studio.run.heal(entry.faultId);
    else if (entry.type === 'inject') studio.run.inject(placeOf(site), entry.fault, entry.args);
    else askToBreak(studio, placeOf(site), entry.fault);
  };
  return (
    <>
      <Menu.Separator className="menu-line" />
      <Menu.Group>
        <Menu.GroupLabel className="menu-label">Break</Menu.GroupLabel>
        {breakEntries(site, active).map((entry) => (
          <Entry key={entry.label} label={entry.label} yours={entry.type !== 'heal'} run={() => run(entry)} />
        ))}
      </Menu.Group>
    </>
  );
}

interface EntryProps {
  label: string;
  keys?: string;
  yours?: boolean;
  run: () => void;
}

function Entry({ label, keys, yours, run }: EntryProps) {
  return (
    <Menu.Item className={yours ? 'menu-item yours' : 'menu-item'} onClick={run}>
      <span>{label}</span>
      {keys && (
        <kbd className="kbd" aria-hidden>
          {keys}
        </kbd>
      )}
    </Menu.Item>
  );
}
