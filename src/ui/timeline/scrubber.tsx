import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { clock } from '../look/figures.ts';

interface ScrubberProps {
  /** Time at the right end of the axis. */
  endMs: number;
  horizonMs: number;
  nowMs: number;
  /** The time under the hand while dragging, null when it lets go. */
  onPreview: (ms: number | null) => void;
  onSeek: (ms: number) => void;
}

/** The time axis as a slider: drag or click to go to a time, arrow keys by one percent, with Shift by ten. */
export function Scrubber({ endMs, horizonMs, nowMs, onPreview, onSeek }: ScrubberProps) {
  const dragging = useRef(false);
  const timeAt = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
    return Math.round(share * endMs);
  };
  const press = (event: PointerEvent<HTMLDivElement>) => {
    dragging.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    onPreview(timeAt(event));
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (dragging.current) onPreview(timeAt(event));
  };
  const release = (event: PointerEvent<HTMLDivElement>) => {
    if (!dragging.current) return;
    dragging.current = false;
    onSeek(timeAt(event));
    onPreview(null);
  };
  const key = (event: KeyboardEvent) => {
    const step = (event.shiftKey ? 0.1 : 0.01) * endMs;
    const target = {
      ArrowLeft: nowMs - step,
      ArrowRight: nowMs + step,
      Home: 0,
      End: horizonMs,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(Math.round(Math.min(horizonMs, Math.max(0, target))));
  };
  return (
    <div
      className="scrub"
      role="slider"
      tabIndex={0}
      aria-label="Simulated time"
      aria-valuemin={0}
      aria-valuemax={Math.round(horizonMs)}
      aria-valuenow={Math.round(nowMs)}
      aria-valuetext={clock(nowMs)}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        dragging.current = false;
        onPreview(null);
      }}
      onKeyDown={key}
    />
  );
}
