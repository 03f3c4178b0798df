import { HEADER, SAMPLE, type FrameLayout } from '../simulation/frame/frame-layout.ts';

/** The newest frame with its layout. `data` is only valid until the next frame arrives. */
export interface Frame {
  layout: FrameLayout;
  data: Float64Array;
}

type Listener = (frame: Frame | null) => void;

/**
 * Run data on the page, outside React: the canvas overlay, charts and table read it on their own clocks.
 * A frame never goes through React state.
 */
export class Frames {
  latest: Frame | null = null;
  /** Chart samples since the start of the run, oldest first: rows of `layout.sampleSize` doubles. */
  samples: Float64Array[] = [];
  private readonly listeners = new Set<Listener>();

  /** Calls `listener` after each new frame, and with null after a reset. Returns the way to stop it. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(frame: Frame): void {
    const { layout, data } = frame;
    const count = data[HEADER.sampleCount];
    let lastMs = this.samples.at(-1)?.[SAMPLE.simulatedMs] ?? -1;
    for (let row = 0; row < count; row++) {
      const from = layout.samplesAt + row * layout.sampleSize;
      // After a rewind the stretch up to the present is run again and brings samples that are here already.
      if (data[from + SAMPLE.simulatedMs] <= lastMs) continue;
      lastMs = data[from + SAMPLE.simulatedMs];
      this.samples.push(data.slice(from, from + layout.sampleSize));
    }
    this.latest = frame;
    for (const listener of this.listeners) listener(frame);
  }

  /** The run went back to `toMs`: later samples are void. The next frame shows where it stands. */
  rewind(toMs: number): void {
    const keep = this.samples.findLastIndex((sample) => sample[SAMPLE.simulatedMs] <= toMs) + 1;
    // A new array, so that a chart that remembers how far it has read sees the change.
    this.samples = this.samples.slice(0, keep);
  }

  clear(): void {
    this.latest = null;
    this.samples = [];
    for (const listener of this.listeners) listener(null);
  }
}
