import type { KindDefinition } from '../kind.ts';
import { GUARD_FIELDS } from '../shared/call-guard/guard-fields.ts';

export const service = {
  kind: 'service',
  name: 'External service',
  family: 'integration',
  summary: 'Answers calls over the network: slow, limited, sometimes wrong, sometimes not at all.',
  refusal: 'An external service is called by consumer groups, producers and event routers.',
  newName: 'payments',
  fields: [
    {
      name: 'concurrency',
      label: 'Calls at once',
      help: 'Calls answered at the same time. Further ones wait inside the service.',
      value: { type: 'integer', min: 1, max: 10_000, unit: 'calls' },
      default: 50,
      live: true,
    },
    {
      name: 'queueLimit',
      label: 'Calls waiting',
      help: 'Most calls that wait for their turn. One more is answered with 503 at once; 0 lets none wait.',
      value: { type: 'integer', min: 0, max: 1_000_000, unit: 'calls' },
      default: 100,
      live: true,
    },
    {
      name: 'serviceTime',
      label: 'Response time',
      help: 'Time from the start of a call to its answer, the network included.',
      value: { type: 'distribution', unit: 'ms' },
      default: { shape: 'log-normal', mean: 80, cv: 1 },
      live: true,
    },
    {
      name: 'failureProbability',
      label: 'Errors',
      help: 'Chance that a call is answered with an error (500) after its response time.',
      value: { type: 'probability' },
      default: 0,
      live: true,
    },
    {
      name: 'rateLimit',
      label: 'Rate limit',
      help: 'Refuses calls beyond so many in a period with 429, whoever makes them. A limit at the caller is set on the edge.',
      value: {
        type: 'choice',
        options: [
          { value: 'off', label: 'None', help: 'Only its capacity limits it.' },
          {
            value: 'cycles',
            label: 'Fixed periods',
            help: 'So many in each period by the clock: twice as many may come around the border of two.',
          },
          { value: 'bucket', label: 'Token bucket', help: 'A token for each call; tokens come back evenly.' },
        ],
      },
      default: 'off',
      live: false,
    },
    {
      name: 'ratePermits',
      label: 'Calls in a period',
      help: 'Calls let through in one period, or tokens that the bucket holds.',
      value: { type: 'integer', min: 1, max: 1_000_000, unit: 'calls' },
      default: 100,
      live: false,
      visibleWhen: { field: 'rateLimit', is: ['cycles', 'bucket'] },
    },
    {
      name: 'ratePeriod',
      label: 'Period',
      help: 'Length of a period, or time in which an empty bucket fills.',
      value: { type: 'duration', min: 1, max: 86_400_000 },
      default: 1000,
      live: false,
      visibleWhen: { field: 'rateLimit', is: ['cycles', 'bucket'] },
    },
    {
      name: 'refusalTime',
      label: 'Refusals take',
      help: 'Time until a caller hears that its call was refused (429, 503, or no connection).',
      value: { type: 'duration', min: 0, max: 60_000 },
      default: 5,
      live: false,
    },
  ],
  ports: [
    {
      id: 'in',
      direction: 'in',
      roles: ['messages', 'notifications'],
      label: 'Called by',
      side: 'left',
      edgeFields: GUARD_FIELDS,
    },
  ],
  faults: [
    {
      id: 'outage',
      label: 'Take it down',
      help: 'No call is answered well until it is back: they fail at once, or hang without any answer.',
      badge: 'Down',
      healLabel: 'Bring it back',
      fields: [
        {
          name: 'answers',
          label: 'Callers get',
          help: 'What a caller notices of the outage.',
          value: {
            type: 'choice',
            options: [
              { value: 'refused', label: 'An error at once', help: 'Connections are refused.' },
              {
                value: 'silence',
                label: 'No answer',
                help: 'Calls hang until it is back and then fail: without a timeout their callers hang, too.',
              },
            ],
          },
          default: 'refused',
          live: true,
        },
      ],
    },
    {
      id: 'slow',
      label: 'Slow it down',
      help: 'Every call takes this many times longer.',
      badge: '{factor}× slower',
      healLabel: 'Back to normal speed',
      fields: [
        {
          name: 'factor',
          label: 'Times slower',
          help: 'Response times are multiplied by this.',
          value: { type: 'number', min: 1, max: 1000, unit: '×' },
          default: 8,
          live: true,
        },
      ],
    },
    {
      id: 'errors',
      label: 'Answer with errors',
      help: 'At least this share of the calls is answered with an error.',
      badge: 'Errors',
      healLabel: 'Answer well again',
      fields: [
        {
          name: 'share',
          label: 'Share of calls',
          help: 'Chance of each call to fail; 1 fails all of them.',
          value: { type: 'probability' },
          default: 0.5,
          live: true,
        },
      ],
    },
  ],
  card: { width: 164, height: 68 },
  glyph: {
    strokes: [
      'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
      'M3 12h18',
      'M12 3c-5 5-5 13 0 18',
      'M12 3c5 5 5 13 0 18',
    ],
    dots: [],
  },
  mermaid: { shape: 'hexagon' },
  docs: {
    modelled: [
      'So many calls at once, a line of bounded length before them, and 503 for a call that finds the line full.',
      'A rate limit of its own, by fixed periods or by a token bucket; what it refuses is answered with 429 and does no work.',
      'Errors after the full response time, an outage that refuses or swallows calls, and slowness.',
      'The same guards on each calling edge as before a database: fallback, retry, circuit breaker, rate limiter, time limiter, bulkhead. A call that timed out at its caller keeps its place here until it is done.',
    ],
    notModelled: [
      'What is said in an answer, the Retry-After header, connections kept open, several instances behind a load balancer.',
      'A rate limit for each caller: the limit counts the calls of all together.',
    ],
  },
} as const satisfies KindDefinition;
