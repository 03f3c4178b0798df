import { useMemo, useSyncExternalStore } from 'react';
import { HEADER } from '../../simulation/frame/frame-layout.ts';
import type { Frame, Frames } from '../../store/frames.ts';
import { useStudio } from '../app/studio-context.tsx';

/**
 * Draws the component again at most `hz` times a second while frames come in, and gives the newest frame, null
 * before anything has run. For text at reading pace only; what moves on every frame draws itself outside React.
 */
export function useFrameTick(hz = 4): Frame | null {
  const newest = useNewestFrame(hz);
  return newest && newest.data[HEADER.simulatedMs] > 0 ? newest : null;
}

/** The same, with the frame of time zero: for what is known before anything has run. */
export function useNewestFrame(hz: number): Frame | null {
  const { frames } = useStudio();
  const clock = useMemo(() => frameClock(frames, 1000 / hz), [frames, hz]);
  useSyncExternalStore(clock.subscribe, clock.turn);
  return frames.latest;
}

function frameClock(frames: Frames, everyMs: number) {
  let turn = 0;
  return {
    turn: () => turn,
    subscribe(redraw: () => void) {
      let drawnAt = -Infinity;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const draw = () => {
        timer = undefined;
        drawnAt = performance.now();
        turn++;
        redraw();
      };
      const stop = frames.subscribe((frame) => {
        if (frame === null) draw();
        else timer ??= setTimeout(draw, Math.max(0, drawnAt + everyMs - performance.now()));
      });
      return () => {
        stop();
        clearTimeout(timer);
      };
    },
  };
}
