import { LONGEST_KEY_BYTES } from '../shared/routing-keys.ts';
import type { KindDefinition } from '../kind.ts';

export const exchange = {
  kind: 'exchange',
  name: 'Exchange',
  family: 'channels',
  summary: 'Routes each message to the queues whose bindings match it, one copy a queue (RabbitMQ).',
  refusal:
    'An exchange takes messages from producers, consumer groups and other exchanges, and dead letters.',
  newName: 'exchange',
  fields: [
    {
      name: 'type',
      label: 'Type',
      help: 'How a message is compared with the bindings: the edges that lead on from here.',
      value: {
        type: 'choice',
        options: [
          {
            value: 'direct',
            label: 'Direct',
            help: 'The routing key of the message equals the binding key, letter by letter.',
          },
          { value: 'fanout', label: 'Fanout', help: 'Every binding matches; keys are ignored.' },
          {
            value: 'topic',
            label: 'Topic',
            help: 'Binding keys are patterns of words between dots: * is one word, # is none or more.',
          },
          { value: 'headers', label: 'Headers', help: 'The headers of the message decide, not its key.' },
        ],
      },
      default: 'topic',
      live: false,
      whyRestart: 'since routes are worked out at its start',
    },
  ],
  ports: [
    {
      id: 'in',
      direction: 'in',
      roles: ['messages', 'dead', 'redriven', 'routed', 'unroutable'],
      label: 'Published by',
      side: 'left',
    },
    {
      id: 'out',
      direction: 'out',
      roles: ['routed'],
      label: 'Bound to',
      side: 'right',
      edgeFields: [
        {
          name: 'bindingKey',
          label: 'Binding key',
          help: 'Compared with the routing key. In a topic exchange * stands for one word and # for none or more.',
          value: { type: 'text', mostBytes: LONGEST_KEY_BYTES },
          default: '',
          live: false,
          visibleWhen: { field: 'type', is: ['direct', 'topic'] },
        },
        {
          name: 'match',
          label: 'Match',
          help: 'How many of the headers below the message must have (x-match).',
          value: {
            type: 'choice',
            options: [
              { value: 'all', label: 'All', help: 'Every header, except those that begin with x-.' },
              { value: 'any', label: 'Any', help: 'At least one, except those that begin with x-.' },
              { value: 'all-with-x', label: 'All with x-', help: 'Every header, those with x- too.' },
              { value: 'any-with-x', label: 'Any with x-', help: 'At least one, those with x- too.' },
            ],
          },
          default: 'all',
          live: false,
          visibleWhen: { field: 'type', is: ['headers'] },
        },
        {
          name: 'headers',
          label: 'Headers',
          help: 'Names and values to compare: format: pdf, pages: 3. A name alone asks only that it is there.',
          value: { type: 'headers' },
          default: {},
          live: false,
          visibleWhen: { field: 'type', is: ['headers'] },
        },
      ],
    },
    {
      id: 'alternate',
      direction: 'out',
      roles: ['unroutable'],
      label: 'Alternate exchange',
      side: 'bottom',
      maxEdges: 1,
    },
  ],
  faults: [],
  card: { width: 172, height: 68 },
  glyph: {
    strokes: ['M3.5 12H8', 'M8 12c4 0 4-6.5 8-6.5h4', 'M8 12h12', 'M8 12c4 0 4 6.5 8 6.5h4'],
    dots: [{ cx: 8, cy: 12, r: 2.2 }],
  },
  mermaid: { shape: 'hexagon' },
  docs: {
    modelled: [
      'Direct, fanout, topic and headers exchanges with the matching rules of RabbitMQ: empty words count, a number never equals a text, x- headers count only if asked for.',
      'A queue gets one copy of a message, however many bindings lead to it, also by way of other exchanges. Where several do, the copy takes the shortest way, then the first edge.',
      'Bindings between exchanges may form circles: a message visits an exchange once.',
      'An alternate exchange takes what no binding matches. The message counts as routed and keeps its routing key and headers.',
      'A message that reaches no queue is dropped, or returned where its producer asks for that (mandatory). Both end its life here; what was returned is counted apart.',
      'As a dead-letter exchange it routes the dead letters of a queue by the key that the queue gives them (x-dead-letter-routing-key) or by their own; none ever comes back as unroutable.',
      'What a consumer group sends on keeps the routing key and the headers of the message it worked on.',
      'A producer or consumer group joined to a queue without an exchange publishes to the default exchange.',
    ],
    notModelled: [
      'A dead letter that came without an exchange keeps the routing key of its producer, where the broker would know it by the name of its queue.',
      'RabbitMQ never holds back a publisher because a queue reached its length limit. Here a queue that is full and blocks does, in place of credit flow: the exchange hands over copies one after another and takes no further message before the last one is through, while the broker would slow down only the connections that publish to that queue.',
      'An exchange itself takes no time and holds nothing.',
    ],
  },
} as const satisfies KindDefinition;
