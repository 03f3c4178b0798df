import type { Design } from '../design/types.ts';

/** A design to open and learn from. */
export interface GalleryEntry {
  /** Stable: the command line takes it as `gallery:NAME`. */
  name: string;
  title: string;
  /** What people believe, for a design that shows otherwise. */
  myth?: string;
  /** One sentence: what to look at. */
  what: string;
  design: Design;
}
