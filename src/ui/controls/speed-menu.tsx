import { Menu } from '@base-ui/react/menu';
import type { Speed } from '../../worker/protocol.ts';
import { useRun, useStudio } from '../app/studio-context.tsx';
import { SPEEDS, speedText } from './speeds.ts';

/** How fast simulated time should pass. */
export default function SpeedMenu() {
  const studio = useStudio();
  const speed = useRun((run) => run.speed);
  return (
    <Menu.Root>
      <Menu.Trigger className="btn line" aria-label={`Speed ${speedText(speed)}`} title="Speed">
        {speedText(speed)}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" sideOffset={6} align="start" className="menu-positioner">
          <Menu.Popup className="menu">
            <Menu.RadioGroup value={speed} onValueChange={(value: Speed) => studio.run.setSpeed(value)}>
              {SPEEDS.map((choice) => (
                <Menu.RadioItem key={choice} value={choice} className="menu-item" closeOnClick>
                  {choice === 'max' ? 'Max, as fast as it goes' : speedText(choice)}
                  <Menu.RadioItemIndicator className="menu-check">✓</Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
