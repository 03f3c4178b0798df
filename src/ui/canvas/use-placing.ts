import { useReactFlow } from '@xyflow/react';
import { useMemo, type DragEvent, type MouseEvent } from 'react';
import { kindDefinition } from '../../kinds/registry.ts';
import type { Studio } from '../../store/studio.ts';
import { useCanvasStore } from './canvas-state.ts';
import { KIND_DRAG_TYPE, placeAt } from './placing.ts';

/** Placing by pointer: a kind dropped from the palette, or taken in hand there and put down by a click. */
export function usePlacing(studio: Studio) {
  const flow = useReactFlow();
  const store = useCanvasStore();
  return useMemo(() => {
    const place = (kind: string, event: MouseEvent | DragEvent) =>
      placeAt(
        studio,
        kind,
        flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false }),
      );
    return {
      onDragOver(event: DragEvent) {
        if (!event.dataTransfer.types.includes(KIND_DRAG_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      },
      onDrop(event: DragEvent) {
        const kind = event.dataTransfer.getData(KIND_DRAG_TYPE);
        if (!kindDefinition(kind)) return;
        event.preventDefault();
        place(kind, event);
      },
      onPaneClick(event: MouseEvent) {
        store.setState({ menu: null });
        const { placing, connectingFrom } = studio.view.getState();
        if (placing) place(placing, event);
        else if (connectingFrom) studio.view.setState({ connectingFrom: null });
      },
    };
  }, [studio, flow, store]);
}
