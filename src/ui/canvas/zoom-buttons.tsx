import { useReactFlow } from '@xyflow/react';

/** Smaller, all in view, larger; at the bottom right of the canvas. */
export function ZoomButtons({ onFit }: { onFit: () => void }) {
  const flow = useReactFlow();
  const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 240;
  return (
    <div className="zoom-buttons" role="group" aria-label="Zoom">
      <button type="button" aria-label="Zoom out" onClick={() => void flow.zoomOut({ duration })}>
        −
      </button>
      <button type="button" aria-label="Fit all in view" onClick={onFit}>
        Fit
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => void flow.zoomIn({ duration })}>
        +
      </button>
    </div>
  );
}
