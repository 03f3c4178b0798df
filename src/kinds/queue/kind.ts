import { brokerFields } from './broker-fields.ts';
import { deadLetterFields } from './dead-letter-fields.ts';
import { delayedRetryFields } from './delayed-retry-fields.ts';
import { BYTE_LIMIT } from '../shared/byte-limit.ts';
import { LONGEST_KEY_BYTES } from '../shared/routing-keys.ts';
import type { KindDefinition } from '../kind.ts';

export const queue = {
  kind: 'queue',
  name: 'Queue',
  family: 'channels',
  summary:
    'First in, first out, or by priority; each message goes to one of the consumers that compete for it.',
  refusal: 'A queue takes messages from producers, consumer groups and exchanges.',
  newName: 'jobs',
  fields: [
    {
      name: 'queueType',
      label: 'Type',
      help: 'How the broker keeps it (x-queue-type). It decides where messages go that come back.',
      value: {
        type: 'choice',
        options: [
          { value: 'classic', label: 'Classic', help: 'What comes back goes to its old place.' },
          {
            value: 'quorum',
            label: 'Quorum',
            help: 'What comes back is counted, and goes before all others or, without a limit, to the end.',
          },
        ],
      },
      default: 'classic',
      live: false,
    },
    {
      name: 'capacity',
      label: 'Capacity',
      help: 'Most messages waiting in the queue (x-max-length). 0 means no limit.',
      value: { type: 'integer', min: 0, max: 1_000_000_000, unit: 'messages', zeroMeans: 'no limit' },
      default: 0,
      live: true,
    },
    {
      name: 'capacityBytes',
      label: 'Capacity in bytes',
      help: 'Most bytes waiting in the queue, of message bodies alone (x-max-length-bytes). Whichever limit is reached first counts. 0 means no limit.',
      value: BYTE_LIMIT,
      default: 0,
      live: false,
    },
    {
      name: 'overflow',
      label: 'When full',
      help: 'What happens to a message that finds the queue full (x-overflow).',
      value: {
        type: 'choice',
        options: [
          {
            value: 'block',
            label: 'Block the sender',
            help: 'The sender waits until there is room. RabbitMQ has no such policy: it stands for a publisher that waits for confirms.',
          },
          {
            value: 'drop-oldest',
            label: 'Drop the oldest',
            help: 'The message at the head makes room (drop-head, no dead-letter exchange).',
          },
          {
            value: 'drop-newest',
            label: 'Drop the newest',
            help: 'The arriving message is refused and lost (reject-publish).',
          },
          {
            value: 'dead-letter',
            label: 'Dead-letter the oldest',
            help: 'The message at the head moves to the dead letters (drop-head with a dead-letter exchange).',
          },
          {
            value: 'dead-letter-newest',
            label: 'Dead-letter the newest',
            help: 'The arriving message is refused and moves to the dead letters (reject-publish-dlx).',
          },
        ],
      },
      default: 'block',
      live: true,
    },
    {
      name: 'ttl',
      label: 'Expire after',
      help: 'How long a message may wait here (x-message-ttl); what its producer says counts if it is less. 0 means for ever.',
      value: { type: 'duration', min: 0, max: 604_800_000, zeroMeans: 'never' },
      default: 0,
      live: false,
    },
    {
      name: 'maxPriority',
      label: 'Priorities up to',
      help: 'Highest priority that it tells apart (x-max-priority); 1 to 5 are advised, and a quorum queue does without. 0 means none.',
      value: { type: 'integer', min: 0, max: 255, unit: 'priority', zeroMeans: 'none' },
      default: 0,
      live: false,
    },
    {
      name: 'deliveryLimit',
      label: 'Delivery limit',
      help: 'How often a message may come back from a consumer that failed; then it is dead-lettered (x-delivery-limit). 0 means no limit (the broker’s −1).',
      value: { type: 'integer', min: 0, max: 60_000, unit: 'returns', zeroMeans: 'no limit' },
      default: 20,
      live: false,
      visibleWhen: { field: 'queueType', is: ['quorum'] },
    },
    {
      name: 'consumerTimeout',
      label: 'Consumer timeout',
      help: 'How long a consumer may have a message without acknowledging it (x-consumer-timeout). Then it comes back, and the consumer gets nothing more until it has settled it all the same.',
      value: { type: 'duration', min: 0, max: 604_800_000, zeroMeans: 'none' },
      default: 1_800_000,
      live: false,
      visibleWhen: { field: 'queueType', is: ['quorum'] },
    },
    ...delayedRetryFields,
    ...deadLetterFields,
    {
      name: 'deadLetterRoutingKey',
      label: 'Dead letters get the key',
      help: 'Routing key of its dead letters where they go to an exchange (x-dead-letter-routing-key). Empty: each keeps its own.',
      value: { type: 'text', mostBytes: LONGEST_KEY_BYTES },
      default: '',
      live: false,
      whyRestart: 'since routes are worked out at its start',
    },
    {
      name: 'consumers',
      label: 'Delivers to',
      help: 'Which of its consumers get messages (x-single-active-consumer).',
      value: {
        type: 'choice',
        options: [
          { value: 'all', label: 'All consumers', help: 'In turn among those with a free place.' },
          {
            value: 'one',
            label: 'One at a time',
            help: 'The first that came; when it is gone the next takes over, with what was not acknowledged.',
          },
        ],
      },
      default: 'all',
      live: false,
    },
    ...brokerFields,
  ],
  ports: [
    {
      id: 'in',
      direction: 'in',
      roles: ['messages', 'dead', 'redriven', 'routed'],
      label: 'Written by',
      side: 'left',
    },
    { id: 'out', direction: 'out', roles: ['deliveries'], label: 'Delivers to', side: 'right' },
    { id: 'dead', direction: 'out', roles: ['dead'], label: 'Dead letters to', side: 'bottom', maxEdges: 1 },
  ],
  faults: [
    {
      id: 'disk-full',
      label: 'Fill the disk',
      help: 'Less of the broker’s disk is free than disk_free_limit (50 MB): its disk alarm blocks every publisher with a RabbitMQ client, whatever queue it publishes to. Consumers go on.',
      badge: 'Disk full',
      healLabel: 'Make room on the disk',
      byNameOnly: true,
      fields: [],
    },
  ],
  card: { width: 196, height: 68 },
  glyph: {
    strokes: ['M20 5H6a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h14', 'M9 9.5v5', 'M13 9.5v5', 'M17 9.5v5'],
    dots: [],
  },
  mermaid: { shape: 'subroutine' },
  docs: {
    modelled: [
      'First in, first out; a message taken by a consumer that crashes goes back to its original place.',
      'Priorities: higher first, first in, first out within one, and what a consumer has is never taken from it. What asks for more than the highest gets the highest. The head of the queue is its highest message, so that this is what a full queue drops first.',
      'Messages that expire, by a time of the queue or of the message, whichever is less. Only the head is looked at: one behind a head that lives longer stays and counts as waiting, but is never delivered. The clock goes on while a consumer has it.',
      'A capacity in messages waiting and one in their bytes, whichever is reached first (messages being processed do not count), and five overflow policies. A message that is larger than the whole limit is refused, or pushed out itself if no consumer takes it at once; a sender that is to wait comes in when nothing else is there.',
      'Dead letters, counted by reason: rejected (a consumer group without dead letters of its own gives a message up), expired, maxlen, delivery_limit. A message keeps the last eight pairs of queue and reason that it died of and how often (x-death), and is dropped when it comes back to where it died without a rejection on the way. Who publishes it again, a consumer or a redrive, makes it a new message that has died nowhere.',
      'Quorum queues in the manner of RabbitMQ 4.3: a message that comes back goes before all others in order of return, or to the end where there is no delivery limit; priorities 0 to 31 are always told apart, and none is 4.',
      'A message that its consumer failed at or let go of comes back at once, marked as delivered before: to its old place in a classic queue; before all others in a quorum queue, in order of return, or to the end where there is no delivery limit. The limit counts crashes and rejections, not what was only let go of (nack).',
      'The consumer timeout of quorum queues (RabbitMQ 4.3): what a consumer has not acknowledged in time comes back at once and goes to another, without a count towards the delivery limit. The consumer works on what it has all the same, which is then done twice, and gets nothing more until it has settled what it had too long; where there is a single active consumer the next takes over. What had come in time stays with it.',
      'Connections of consumers: over a network that is cut nobody hears what a consumer has done. When the broker has missed its heartbeats (60 s) it closes the connection and takes back all that was not acknowledged; what was done of it is done twice. What a consumer has ahead is cleared then. If the network is whole again before, its acknowledgements come through.',
      'Delayed retries of quorum queues: what comes back is held for the shortest delay times its failures, up to the longest (1, 2, 3, 4 s with 1 s and 30 s); what was only let go of for the shortest, if it never failed. Until then it is not ready, but counts towards the limits of the queue and may come to be too old. Where it alone fills a queue that pushes out its oldest, a new message that nobody takes at once is pushed out itself.',
      'Dead letters go to a dead-letter queue, to another queue, or to an exchange by the key that the queue gives them or by their own; at most once, as is the default: what the target refuses is gone.',
      'Dead-lettering at least once, of quorum queues: a letter stays, and counts towards the limit, until its target has it. Up to 32 are under way at once; what a target refuses, what no binding takes and what would go round in a circle is sent again after the timeout for confirms (180 s). Of several queues behind an exchange those with room have it at once, and it is sent again for the others alone. With an overflow policy that pushes out it is at most once all the same.',
      'A single active consumer: the first that came gets everything; when it is gone the next takes over, and one that comes back is the last in line.',
      'Confirms come when the queue has handled a message and has had it for a set time; a full queue that refuses (reject-publish) says so. A queue that takes in only so many a second slows publishers down by credit, {400, 200}.',
      'A memory alarm: every second the broker compares the bytes waiting in all queues with its watermark, and blocks its publishers while there are more.',
      'A disk alarm, by hand or planned: all queues of a design are on one broker, whose disk is too full (disk_free_limit). It blocks all publishers at once, until there is room and no other alarm is left; consumers drain what is there.',
      'Several consumer groups on one queue compete: each message goes to exactly one of them, in turn among those with a free place.',
    ],
    notModelled: [
      'Replicas of a quorum queue and the few messages by which one exceeds a limit before it refuses, x-expires, a time of its own for a retry (x-opt-delivery-time), a consumer timeout of single consumers, and one while an acknowledgement is on its way, what messages take of the disk, and an explicit priority or time to live of 0 (0.001 ms stands for "deliver now or never").',
      'That a process which ends without a network is missed only after its heartbeats, and connections over a network that loses everything.',
      'Of dead-lettering at least once: a letter that is refused only after a slow network is lost.',
    ],
  },
} as const satisfies KindDefinition;
