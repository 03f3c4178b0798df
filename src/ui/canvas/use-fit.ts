import { useReactFlow, useStore } from '@xyflow/react';
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import type { Studio } from '../../store/studio.ts';
import { useDesign } from '../app/studio-context.tsx';
import type { Rect } from './edge-routes.ts';
import { fitView, type View } from './fit-view.ts';
import { cardRects, registerViewCentre } from './placing.ts';

const ROOM = 8;
/** The key grows by a line when one dot comes to stand for several messages. */
const KEY_LINE = 20;

/** Fits the view when another design is opened, and gives the way to fit it on demand. */
export function useFit(studio: Studio, pane: RefObject<HTMLDivElement | null>): (duration?: number) => void {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const ready = width > 0 && height > 0;
  const nodes = useDesign((state) => state.design.nodes);
  const document = useDesign((state) => state.document);
  const shown = useRef<{ document: number; cards: number } | null>(null);
  const fitted = useRef<View | null>(null);

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
      fitted.current = view;
      void flow.setViewport(view, { duration: still ? 0 : (duration ?? 240) });
    },
    [studio, flow, pane],
  );

  useEffect(() => {
    if (!ready) return;
    const cards = nodes.length;
    const before = shown.current;
    shown.current = { document, cards };
    if (cards === 0) {
      if (before && before.cards > 0) void flow.setViewport({ x: 0, y: 0, zoom: 1 });
      return;
    }
    // Adding the first card to an empty canvas is no reason to move the view.
    const isFilled = before?.cards === 0 && cards > 1;
    if (before?.document !== document || isFilled) fit(0);
  }, [ready, document, nodes, fit, flow]);

  // The dock or the inspector has opened: a view that nobody has moved since it was fitted is fitted again.
  useEffect(() => {
    if (ready && fitted.current && isSameView(flow.getViewport(), fitted.current)) fit(0);
  }, [ready, width, height, fit, flow]);

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

function isSameView(a: View, b: View): boolean {
  return Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1 && Math.abs(a.zoom - b.zoom) < 0.001;
}

/** The key of message types and the zoom buttons, in pane px, with a little room around them. */
function clearRects(pane: HTMLElement): Rect[] {
  const origin = pane.getBoundingClientRect();
  return [...pane.querySelectorAll('.message-key, .zoom-buttons')].map((element) => {
    const box = element.getBoundingClientRect();
    return {
      x: box.left - origin.left - ROOM,
      y: box.top - origin.top - ROOM - KEY_LINE,
      width: box.width + 2 * ROOM,
      height: box.height + 2 * ROOM + KEY_LINE,
    };
  });
}
