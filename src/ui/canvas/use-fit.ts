import { useReactFlow, useStore } from '@xyflow/react';
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import type { Studio } from '../../store/studio.ts';
import { useDesign } from '../app/studio-context.tsx';
import { cardSize } from './card-size.ts';
import type { Rect } from './edge-routes.ts';
import { fitView } from './fit-view.ts';
import { registerViewCentre } from './placing.ts';

/** Fits the view when another design is opened, and gives the way to fit it on demand. */
export function useFit(studio: Studio, pane: RefObject<HTMLDivElement | null>): (duration?: number) => void {
  const flow = useReactFlow();
  const ready = useStore((state) => state.width > 0 && state.height > 0);
  const nodes = useDesign((state) => state.design.nodes);
  const shown = useRef<ReadonlySet<string> | null>(null);

  const fit = useCallback(
    (duration?: number) => {
      const element = pane.current;
      if (!element) return;
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      const view = fitView(cardRects(studio), {
        width: element.clientWidth,
        height: element.clientHeight,
        keepClear: clearRects(element),
      });
      void flow.setViewport(view, { duration: still ? 0 : (duration ?? 240) });
    },
    [studio, flow, pane],
  );

  useEffect(() => {
    if (!ready) return;
    const ids = new Set(nodes.map((node) => node.id));
    const before = shown.current;
    shown.current = ids;
    if (ids.size === 0) {
      if (before && before.size > 0) void flow.setViewport({ x: 0, y: 0, zoom: 1 });
      return;
    }
    // Adding the first card to an empty canvas is no reason to move the view.
    const other =
      before === null || (before.size > 0 ? ![...ids].some((id) => before.has(id)) : ids.size > 1);
    if (other) fit(0);
  }, [ready, nodes, fit, flow]);

  useEffect(
    () =>
      registerViewCentre(studio, () => {
        const box = pane.current?.getBoundingClientRect();
        if (!box) return { x: 0, y: 0 };
        return flow.screenToFlowPosition(
          { x: box.left + box.width / 2, y: box.top + box.height / 2 },
          { snapToGrid: false },
        );
      }),
    [studio, flow, pane],
  );

  return fit;
}

function cardRects(studio: Studio): Rect[] {
  const { design } = studio.designs.getState();
  const places = new Map(design.layout.nodes.map((place) => [place.id, place]));
  return design.nodes.flatMap((node) => {
    const place = places.get(node.id);
    return place ? [{ x: place.x, y: place.y, ...cardSize(node) }] : [];
  });
}

/** The key of message types and the zoom buttons, in pane px, with a little room around them. */
function clearRects(pane: HTMLElement): Rect[] {
  const origin = pane.getBoundingClientRect();
  return [...pane.querySelectorAll('.message-key, .zoom-buttons')].map((element) => {
    const box = element.getBoundingClientRect();
    return {
      x: box.left - origin.left - 8,
      y: box.top - origin.top - 8,
      width: box.width + 16,
      height: box.height + 16,
    };
  });
}
