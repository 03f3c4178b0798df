import { useStore } from '@xyflow/react';
import { useLayoutEffect, type RefObject } from 'react';
import { detailAt } from './level-of-detail.ts';

/** Tells the style sheet the zoom, so that names keep their size on screen and small cards lose their text. */
export function ZoomStyle({ pane }: { pane: RefObject<HTMLDivElement | null> }) {
  const zoom = useStore((state) => Math.round(state.transform[2] * 100) / 100);
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    element.style.setProperty('--zoom', String(Math.max(0.01, zoom)));
    element.dataset.detail = detailAt(zoom);
  }, [pane, zoom]);
  return null;
}
