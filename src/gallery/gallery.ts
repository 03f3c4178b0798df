import { breaker } from './breaker.ts';
import { fanOut } from './fan-out.ts';
import { firstQueue } from './first-queue.ts';
import { fullDatabase } from './full-database.ts';
import type { GalleryEntry } from './gallery-entry.ts';
import { hotKey } from './hot-key.ts';
import { mm4 } from './mm4.ts';
import { MYTHS } from './myths/myths.ts';
import { orders } from './orders.ts';
import { overflow } from './overflow.ts';
import { poisonAndRedrive } from './poison-and-redrive.ts';
import { retryStorm } from './retry-storm.ts';
import { routing } from './routing.ts';
import { silentPartner } from './silent-partner.ts';
import { visibility } from './visibility.ts';

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
    name: 'poison-and-redrive',
    title: 'Poison and redrive',
    what: 'What a bad template spoilt at 01:00 lies in the dead-letter queue; sent back at 02:00 all of it fails again, and sent back at 04:00, mended and five a second, all of it is printed.',
    design: poisonAndRedrive,
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
  {
    name: 'breaker',
    title: 'A circuit breaker',
    what: 'At 00:30 the database gets slow for a minute: the guarded group answers without it and keeps up, the other falls behind by thousands.',
    design: breaker,
  },
  {
    name: 'silent-partner',
    title: 'A silent partner',
    what: 'From 00:30 on two services swallow every call for a minute: workers without a timeout hang as long as they do, those with a timeout and a breaker go on without.',
    design: silentPartner,
  },
  {
    name: 'visibility',
    title: 'Hidden for ten seconds',
    what: 'A message that is not deleted within ten seconds is shown to another: bad files come three times and then lie in the dead-letter queue, and from 02:30 on slow encoders do dozens of files twice.',
    design: visibility,
  },
  {
    name: 'fan-out',
    title: 'One subscriber is down',
    what: 'From 01:00 to 02:30 the webhook of a partner is down: both queues get every order as before, SNS calls the webhook again after 20, 40 and 60 seconds, and what failed in the first half minute is a dead letter.',
    design: fanOut,
  },
];

/** Examples and myths. */
export const EXAMPLES: readonly GalleryEntry[] = [...GALLERY, ...MYTHS];

/** The example or myth of this name, or undefined. */
export function galleryEntry(name: string): GalleryEntry | undefined {
  return EXAMPLES.find((entry) => entry.name === name);
}
