import type { FaultDefinition } from '../kind.ts';

const MEMBER = {
  name: 'member',
  label: 'Member',
  help: 'Which member, counted from 1.',
  value: { type: 'integer', min: 1, max: 1000, unit: '' },
  default: 1,
  live: true,
} as const;

const FACTOR = {
  name: 'factor',
  label: 'Times slower',
  help: 'Service times are multiplied by this.',
  value: { type: 'number', min: 1, max: 1000, unit: '×' },
  default: 8,
  live: true,
} as const;

/** What can happen to a group: most of it to one member. */
export const GROUP_FAULTS = [
  {
    id: 'crash',
    label: 'Crash a member',
    help: 'The member stops without a word, as by kill -9. The group notices after the session timeout and deals its partitions out anew.',
    badge: 'm{member} crashed',
    healLabel: 'Restore the member',
    fields: [MEMBER],
  },
  {
    id: 'exit',
    label: 'End a member by an error',
    help: 'The member dies of an exception: what it has in hand is lost to it, but its client leaves the group at once. A static member does not say that it leaves.',
    badge: 'm{member} ended',
    healLabel: 'Start the member again',
    fields: [MEMBER],
  },
  {
    id: 'restart',
    label: 'Stop a member in good order',
    help: 'The member takes nothing new, finishes and commits what it has in hand, and leaves. It starts again when this is healed.',
    badge: 'm{member} stopped',
    healLabel: 'Start the member again',
    fields: [MEMBER],
  },
  {
    id: 'rolling',
    label: 'Restart all, one by one',
    help: 'A deployment: each member in turn is stopped in good order and started again.',
    badge: 'Rolling restart',
    doItNow: 'Restart them now',
    healLabel: 'Stop restarting',
    endsItself: true,
    byNameOnly: true,
    fields: [
      {
        name: 'downFor',
        label: 'Down for',
        help: 'Time from the order to stop until the member starts again, if it has stopped by then.',
        value: { type: 'duration', min: 1, max: 3_600_000 },
        default: 5000,
        live: true,
      },
      {
        name: 'pause',
        label: 'Pause between',
        help: 'Time from the start of one member until the next one is stopped.',
        value: { type: 'duration', min: 1, max: 3_600_000 },
        default: 10_000,
        live: true,
      },
    ],
  },
  {
    id: 'hang',
    label: 'Hang a member',
    help: 'The member finishes what it has in hand, then asks for nothing more, while its heartbeats go on: the group notices only after max.poll.interval.ms. A queue that sends ahead of the work goes on up to the prefetch, and nobody else gets that.',
    badge: 'm{member} hangs',
    healLabel: 'Let the member go on',
    fields: [MEMBER],
  },
  {
    id: 'cut-off',
    label: 'Cut a member off',
    help: 'The network lets nothing pass between the member and its brokers: it finishes what it has in hand, cannot commit it, and misses its heartbeats. After the session timeout, or the heartbeat of a queue, others do its work again. A reader of topics that was about to stop cannot say so, and is missed like the others.',
    badge: 'm{member} cut off',
    healLabel: 'Connect the member',
    fields: [MEMBER],
  },
  {
    id: 'slow',
    label: 'Slow it down',
    help: 'Every try takes this many times longer.',
    badge: '{factor}× slower',
    healLabel: 'Back to normal speed',
    fields: [FACTOR],
  },
  {
    id: 'clock',
    label: 'Set a member’s clock wrong',
    help: 'What goes by the time of day goes wrong: this member reads a wrong lag in seconds. Heartbeats, polls and timeouts do not, as they count time that has passed.',
    badge: 'm{member} clock wrong',
    healLabel: 'Set the clock right',
    byNameOnly: true,
    fields: [
      MEMBER,
      {
        name: 'direction',
        label: 'Which is',
        help: 'Whether its clock shows too early or too late a time.',
        value: {
          type: 'choice',
          options: [
            { value: 'late', label: 'Late', help: 'A lag reads shorter than it is, even below 0.' },
            { value: 'early', label: 'Ahead', help: 'A lag reads longer than it is.' },
          ],
        },
        default: 'late',
        live: true,
      },
      {
        name: 'by',
        label: 'By',
        help: 'How far its clock is off.',
        value: { type: 'duration', min: 0, max: 31_536_000_000 },
        default: 30_000,
        live: true,
      },
    ],
  },
  {
    id: 'slow-member',
    label: 'Slow a member down',
    help: 'Every try of this member takes this many times longer: its partitions fall behind, or its queue gives to others.',
    badge: 'm{member} {factor}× slower',
    healLabel: 'Back to normal speed',
    fields: [MEMBER, FACTOR],
  },
] as const satisfies readonly FaultDefinition[];
