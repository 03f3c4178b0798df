import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { onThemeChange } from '../../app/theme.ts';
import { useStudio } from '../../app/studio-context.tsx';
import { readColors } from '../../look/tokens.ts';
import { useCanvasStore } from '../canvas-state.ts';
import { OverlayLoop } from './overlay-loop.ts';
import type { Scene } from './scene.ts';

/** The one canvas over the pane on which the run is drawn. Renders once; the loop does the rest. */
export function Overlay({ scene }: { scene: Scene }) {
  const studio = useStudio();
  const flow = useStoreApi();
  const store = useCanvasStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const loop = useRef<OverlayLoop | null>(null);

  useEffect(() => {
    const element = canvas.current;
    const pane = element?.parentElement;
    if (!element || !pane) return;
    const reduced = matchMedia('(prefers-reduced-motion: reduce)');
    const made = new OverlayLoop(
      element,
      {
        frames: studio.frames,
        runs: studio.runs,
        transform: () => flow.getState().transform,
        readColors: () => readColors(document.documentElement),
        still: () => reduced.matches,
      },
      (news) => store.setState(news),
    );
    loop.current = made;
    const size = new ResizeObserver(() =>
      made.resize(pane.clientWidth, pane.clientHeight, window.devicePixelRatio || 1),
    );
    size.observe(pane);
    const recolor = () => made.recolor();
    const scheme = matchMedia('(forced-colors: active)');
    scheme.addEventListener('change', recolor);
    reduced.addEventListener('change', recolor);
    const stops = [
      onThemeChange(recolor),
      flow.subscribe((state, before) => {
        if (state.transform !== before.transform) made.onView();
      }),
      () => size.disconnect(),
      () => scheme.removeEventListener('change', recolor),
      () => reduced.removeEventListener('change', recolor),
    ];
    return () => {
      for (const stop of stops) stop();
      made.dispose();
      loop.current = null;
    };
  }, [studio, flow, store]);

  useEffect(() => loop.current?.setScene(scene), [scene]);

  return <canvas ref={canvas} className="overlay" aria-hidden />;
}
