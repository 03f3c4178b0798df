import type { Design } from '../design/types.ts';
import { firstQueue } from './first-queue.ts';
import { fullDatabase } from './full-database.ts';
import { hotKey } from './hot-key.ts';
import { mm4 } from './mm4.ts';
import { orders } from './orders.ts';
import { overflow } from './overflow.ts';
import { retryStorm } from './retry-storm.ts';
import { routing } from './routing.ts';

/** A design to open and learn from. */
export interface GalleryEntry {
  /** Stable: the command line takes it as `gallery:NAME`. */
  name: string;
  title: string;
  /** One sentence: what to look at. */
  what: string;
  design: Design;
}

/** Every example; the first is what a newcomer finds on the canvas. */
export const GALLERY: readonly GalleryEntry[] = [
  {
    name: 'orders',
    title: 'Orders and billing',
    what: 'Crash a member of billing: its lag grows for ten seconds, then its partition moves to another member and the lag drains.',
    design: orders,
  },
  {
    name: 'first-queue',
    title: 'A first queue',
    what: 'The worker is idle a fifth of the time, and still four messages are in the system on average: that is chance at work.',
    design: firstQueue,
  },
  {
    name: 'mm4',
    title: 'Four workers, one queue',
    what: 'As busy as the single worker of the first queue, yet the wait is less than a fifth: a free worker takes what a busy one cannot.',
    design: mm4,
  },
  {
    name: 'full-database',
    title: 'A database that is full',
    what: 'Four connections answer 40 calls a second and 60 arrive: first the workers wait, then the queue fills, then the producer is held back.',
    design: fullDatabase,
  },
  {
    name: 'retry-storm',
    title: 'A retry storm',
    what: 'At 01:00 one message in five can never succeed for half a minute; eight tries each build a backlog that outlasts it by more than a minute.',
    design: retryStorm,
  },
  {
    name: 'hot-key',
    title: 'A hot key',
    what: 'One partition falls behind while five readers have time to spare: more members would not help, another key would.',
    design: hotKey,
  },
  {
    name: 'overflow',
    title: 'A queue that overflows',
    what: 'Each burst brings more than the queue has room for: the oldest messages go to the dead-letter queue, and the pause comes too late.',
    design: overflow,
  },
  {
    name: 'routing',
    title: 'Routing by pattern',
    what: 'An error of the shop matches two bindings and makes two copies, one a queue; a heartbeat matches none and goes to the alternate exchange.',
    design: routing,
  },
];

/** The entry of this name, or undefined. */
export function galleryEntry(name: string): GalleryEntry | undefined {
  return GALLERY.find((entry) => entry.name === name);
}
